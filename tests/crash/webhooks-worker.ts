// One process of the webhook crash test: the door, the inbox and its worker over the database, until it is killed.
import { connectDatabase } from '../../models/connection.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createIds, systemRandom } from '../../src/core/ids.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { rateLimits } from '../../src/http/rate-limits.ts';
import { createWebhookWork } from '../../src/webhook-work.ts';
import { type Around, wrapStore } from '../simulation/wrap-store.ts';
import { ingestionWorld } from '../support/ingestion-world.ts';
import { mailOver } from '../support/mail-service.ts';
import { webWorld } from '../support/web-world.ts';
import { webhookDefinitions } from '../webhooks/webhook-world.ts';

export interface WebhookLife {
  readonly uri: string;
  readonly name: string;
  readonly secret: string;
  /** How far this life's clock is ahead: the leases of those before it are over. */
  readonly aheadMs: number;
  /** The call on the store that ends this life, counted from 1, and whether before or after it; 0 is never. */
  readonly dieAt: number;
  readonly moment: 'before' | 'after';
}

/** Counts calls on the store and ends the process, as `kill -9` does, at the one that was chosen. */
function mortal({ dieAt, moment }: WebhookLife): Around {
  let calls = 0;
  const die = (): Promise<never> => {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  };
  return async (_call, run) => {
    calls += 1;
    const last = calls === dieAt;
    if (last && moment === 'before') return await die();
    const result = await run();
    return last ? await die() : result;
  };
}

async function live(life: WebhookLife): Promise<void> {
  const now = (): Date => new Date(systemClock.now().getTime() + life.aheadMs);
  const clock: Clock = { ...systemClock, now };
  const scrub = createScrubber();
  const logger = createLogger({ level: 'fatal', sink: { write: () => undefined }, scrub });
  const database = await connectDatabase({ uri: life.uri });
  await database.ensureIndexes(webhookDefinitions);
  const store = wrapStore(createMongoStore(database.connection), mortal(life));
  const work = createWebhookWork({
    store,
    mail: mailOver(store),
    ingestion: ingestionWorld(store, clock).ingestion,
    clock,
    logger,
    ids: createIds(),
    random: systemRandom,
    publicUrl: () => 'http://127.0.0.1',
    secretKey: 'a secret key of thirty-two characters',
    zone: 'UTC',
    worker: life.name,
    secretOf: (variable) => (variable === 'EVENTS_WEBHOOK_SECRET' ? life.secret : undefined),
  });
  const roomy = { limit: 1_000_000_000, windowMs: 60_000 };
  const limits = { ...rateLimits, address: roomy, webhook: roomy };
  const web = await webWorld({ webhooks: work.webhooks, clock, logger, rateLimits: limits });
  work.start();
  process.stdout.write(`${web.url}\n`);
  process.once('SIGTERM', () => {
    void web
      .close()
      .then(work.stop)
      .then(() => database.close());
  });
}

const [given] = process.argv.slice(2);
if (given?.startsWith('{')) await live(JSON.parse(given) as WebhookLife);
