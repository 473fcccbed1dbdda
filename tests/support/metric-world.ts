// Facts, rollups and metrics over a store of one's own: what comes in is folded, and figures are asked for.

import { pino } from 'pino';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { Store } from '../../models/store.ts';
import { streamFacts } from '../../models/stream-fact.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Ctx } from '../../src/core/context.ts';
import { createIds } from '../../src/core/ids.ts';
import { createHeldCounts } from '../../src/held-counts.ts';
import { createIngestionWork } from '../../src/ingestion-work.ts';
import { createMetricWork } from '../../src/metrics-work.ts';
import { TestClock, testCtx } from './context.ts';

export const ZONE = 'Asia/Kolkata';

export type MetricWorld = ReturnType<typeof metricWorld>;

/** A clock that a test moves. */
interface MovedClock extends Clock {
  advance(durationMs: number): void;
}

export function metricWorld(
  given: {
    readonly store?: Store;
    readonly clock?: MovedClock;
    readonly environment?: 'sandbox' | 'production';
  } = {},
) {
  const { store = createMemoryStore(), clock = new TestClock(), environment = 'production' } = given;
  const logger = pino({ level: 'silent' });
  const work = createIngestionWork({ store, clock, ids: createIds(), logger, zone: ZONE, worker: 'one' });
  const metrics = createMetricWork({
    held: createHeldCounts(store),
    rollups: work.ingestion.reader,
    facts: store.records(streamFacts),
    environment,
    publicUrl: () => 'https://ops.example',
  });
  const ctxNow = (some: Partial<Ctx> = {}): Ctx => testCtx({ now: clock.now(), zone: ZONE, ...some });

  /** Takes rows in without folding them. */
  const take = (stream: string, rows: readonly object[], source = 'shop') =>
    work.ingestion.ingest(ctxNow(), stream, rows, { source });

  /** Takes rows in, all of them good, and folds them. */
  async function bring(stream: string, rows: readonly object[]): Promise<void> {
    const { rows: judged } = await take(stream, rows);
    const refused = judged.find(({ result }) => result === 'rejected');
    if (refused) throw new Error(`row ${refused.row} of ${stream}: ${refused.field} ${refused.reason}`);
    await work.folding.drain();
  }

  /** The figure of a question as it is typed. */
  async function figure(metric: string, range?: string, by?: string, ctx: Ctx = ctxNow()) {
    const asked = metrics.ask(ctx, { metric, range, by });
    if (!asked.metric) throw new Error(`no metric in “${metric}”`);
    return metrics.figure(ctx, { ...asked, metric: asked.metric });
  }

  const value = async (metric: string, range?: string): Promise<number | null> =>
    (await figure(metric, range)).value;

  return { store, clock, ...work, metrics, ctxNow, take, bring, figure, value };
}
