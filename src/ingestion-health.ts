// Facts coming in as /health and Prometheus see them: how many rows were taken or refused, and how late the fold is.
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from './core/clock.ts';
import type { RowCounts, RowResult } from './core/ingestion.ts';
import type { Logger } from './core/logger.ts';
import type { Folding } from './features/ingestion/folding.ts';
import type { HealthCheck } from './http/options.ts';

/** From receipt to counted; more is worth a look. */
const LATE_MS = 30_000;

/** What became of rows in this process, by stream and result. */
export interface RowTotals {
  add(stream: string, counts: RowCounts): void;
  list(): readonly { readonly stream: string; readonly result: RowResult; readonly rows: number }[];
}

export function createRowTotals(): RowTotals {
  const totals = new Map<string, Map<RowResult, number>>();
  return {
    add: (stream, counts) => {
      const own = totals.get(stream) ?? new Map<RowResult, number>();
      totals.set(stream, own);
      for (const result of ['accepted', 'corrected', 'duplicate', 'older', 'rejected'] as const)
        own.set(result, (own.get(result) ?? 0) + counts[result]);
    },
    list: () =>
      [...totals].flatMap(([stream, own]) => [...own].map(([result, rows]) => ({ stream, result, rows }))),
  };
}

export interface FactsSeen {
  readonly folding: Pick<Folding, 'oldestWaiting'>;
  readonly totals: Pick<RowTotals, 'list'>;
  readonly clock: Clock;
}

export function factsCheck(seen: FactsSeen): HealthCheck {
  return {
    name: 'facts:foldLag',
    componentType: 'component',
    read: async () => {
      const lagMs = await lagOf(seen);
      const isWell = lagMs < LATE_MS;
      const output = isWell ? {} : { output: 'facts wait to be counted; see /admin/data' };
      return { status: isWell ? 'pass' : 'warn', observedValue: lagMs, observedUnit: 'ms', ...output };
    },
  };
}

export function registerFactMetrics(registry: Registry, seen: FactsSeen, logger: Logger): void {
  const registers = [registry];
  new Counter({
    name: 'wardroom_ingest_rows_total',
    help: 'Rows that came in through any door of this process, by stream and what became of them.',
    labelNames: ['stream', 'result'],
    registers,
    collect() {
      this.reset();
      for (const { stream, result, rows } of seen.totals.list()) this.inc({ stream, result }, rows);
    },
  });
  new Gauge({
    name: 'wardroom_ingest_fold_lag_seconds',
    help: 'How long ago the oldest fact that waits to be counted came in; 0 when none waits.',
    registers,
    async collect() {
      const lagMs = await lagOf(seen).catch((error: unknown) => {
        logger.warn({ err: error }, 'the facts that wait could not be counted');
        return Number.NaN;
      });
      this.set(lagMs / 1_000);
    },
  });
}

async function lagOf({ folding, clock }: FactsSeen): Promise<number> {
  const oldest = await folding.oldestWaiting();
  return oldest ? Math.max(0, clock.now().getTime() - oldest.getTime()) : 0;
}
