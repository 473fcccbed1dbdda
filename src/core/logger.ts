// Structured logs: one JSON line each, scrubbed by value at the sink, readable when a pretty sink is handed in.
import { type Logger, pino } from 'pino';
import type { Scrubber } from './scrub.ts';

export type { Logger } from 'pino';

export interface LogSink {
  write(line: string): void;
}

/** A logger whose every line passes the scrubber before it reaches the sink. */
export function createLogger(options: {
  readonly level: string;
  readonly sink: LogSink;
  readonly scrub: Scrubber;
}): Logger {
  const { level, sink, scrub } = options;
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => sink.write(scrub(line)) },
  );
}
