// Facts coming in over one store: the service with its streams, and the loop that folds what came.
import { streamActivity } from '../models/stream-activity.ts';
import { streamFacts } from '../models/stream-fact.ts';
import { streamReceipts } from '../models/stream-receipt.ts';
import { streamRejects } from '../models/stream-reject.ts';
import { streamRollups } from '../models/stream-rollup.ts';
import { streamStates } from '../models/stream-state.ts';
import { streamUnits } from '../models/stream-unit.ts';
import { toAppError } from './core/errors.ts';
import { createFolding, type Folding } from './features/ingestion/folding.ts';
import { createIngestion, type Ingestion } from './features/ingestion/service.ts';
import { type Streams, streamsWith } from './features/ingestion/streams.ts';
import { movementStream } from './features/metrics/recurring/stream.ts';
import { trialStream } from './features/metrics/recurring/trial-stream.ts';
import { createRowTotals, type FactsSeen } from './ingestion-health.ts';
import { createDerivation } from './metrics-work.ts';
import { createLoop } from './outbox/loop.ts';
import type { ProgramOptions } from './program.ts';

const POLL_MS = 250;

export interface IngestionWork {
  readonly ingestion: Ingestion;
  readonly folding: Folding;
  readonly streams: Streams;
  /** What /health and Prometheus ask. */
  readonly seen: FactsSeen;
  start(): void;
  /** Ends the round in hand and hands back the leases. */
  stop(): Promise<void>;
}

export type IngestionWorkOptions = Pick<ProgramOptions, 'store' | 'clock' | 'ids' | 'logger'> & {
  readonly zone: string;
  readonly worker: string;
};

export function createIngestionWork(options: IngestionWorkOptions): IngestionWork {
  const { store, clock, ids, logger, zone, worker } = options;
  const streams = streamsWith([movementStream, trialStream]);
  const totals = createRowTotals();
  const stores = {
    facts: store.records(streamFacts),
    states: store.records(streamStates),
    rollups: store.records(streamRollups),
    units: store.records(streamUnits),
    activity: store.records(streamActivity),
    receipts: store.facts(streamReceipts),
    rejects: store.records(streamRejects),
  };
  const onFolded = createDerivation({
    facts: stores.facts,
    streams,
    clock,
    ids,
    nudge: () => loop.nudge(),
  });
  const folding = createFolding({ stores, clock, worker, zone, onFolded }, streams);
  const ingestion = createIngestion({
    stores,
    streams,
    nudge: () => loop.nudge(),
    onIngested: totals.add,
  });

  async function round(): Promise<void> {
    if ((await folding.round()) > 0) loop.nudge();
  }

  const failed = (thrown: unknown): void =>
    logger.error({ err: toAppError(thrown) }, 'facts could not be folded');
  const loop = createLoop({ round, failed, pollMs: POLL_MS, clock });

  return {
    ingestion,
    folding,
    streams,
    seen: { folding, totals, clock },
    start: loop.start,
    stop: async () => {
      await loop.stop();
      await folding.release().catch(failed);
    },
  };
}
