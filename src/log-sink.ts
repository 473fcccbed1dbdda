// Where log lines go: standard error, as JSON for machines and readable where a person looks on.
import type { LogSink } from './core/logger.ts';

/** The readable form is loaded only where it is shown. */
export async function logSink(environment: 'sandbox' | 'production'): Promise<LogSink> {
  if (environment === 'production' || !process.stderr.isTTY) return process.stderr;
  const { default: pretty } = await import('pino-pretty');
  return pretty({ destination: 2, sync: true, colorize: true, translateTime: 'SYS:HH:MM:ss' });
}
