// The process: configuration → app → start, a dozen lines of greeting, and SIGTERM → stop.
import { createApp } from './app.ts';
import { ConfigError, readConfig, secretsOf } from './config.ts';
import { systemClock } from './core/clock.ts';
import { AppError } from './core/errors.ts';
import { createIds, systemRandom } from './core/ids.ts';
import { createLogger, type Logger } from './core/logger.ts';
import { createScrubber } from './core/scrub.ts';
import { greeting } from './greeting.ts';
import { logSink } from './log-sink.ts';

const CONFIGURATION_ERROR = 78;
const STOP_WITHIN_MS = 24_000;

async function main(): Promise<void> {
  const config = readConfig();
  const scrub = createScrubber(secretsOf(config));
  const logger = createLogger({ level: config.LOG_LEVEL, sink: await logSink(config.APP_ENV), scrub });
  const app = createApp(config, { clock: systemClock, ids: createIds(), random: systemRandom, logger });
  const stop = stopper(app.stop, logger);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
  const started = await app.start();
  process.stdout.write(`${greeting(config, started)}\n`);
  if (started.url) process.stdout.write(`ready ${started.url}\n`);
  else process.stdout.write(`ready as ${config.ROLES.join(',')}\n`);
  void started.database.lost?.then(() => {
    // Nothing can be done without it, and every start recovers: whoever watches over this process starts it again.
    logger.fatal('the embedded database has died; ending');
    process.exit(1);
  });
}

/** Ends the process with 0 when everything closed in time, and with 1 when it did not. */
function stopper(stop: () => Promise<void>, logger: Logger): () => void {
  return () => {
    logger.info('stopping');
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    void stop().then(() => process.exit(0));
  };
}

main().catch((error: unknown) => {
  const text =
    error instanceof ConfigError
      ? error.message
      : error instanceof AppError
        ? error.publicMessage
        : String(error);
  process.stderr.write(`${text}\n`);
  if (!(error instanceof ConfigError || error instanceof AppError) && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
  process.exit(error instanceof ConfigError ? CONFIGURATION_ERROR : 1);
});
