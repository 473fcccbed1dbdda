// The collection of experiment rollups: counts per arm, in all and per bucket, folded once per batch of facts.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

export interface ArmCount {
  readonly variant: string;
  readonly exposed: number;
  readonly converted: number;
}

/** The batch being folded: its content is fixed here first, so that folding it twice adds nothing. */
export interface OpenBatch {
  readonly number: number;
  readonly ids: readonly string[];
}

/** One document in all (`bucket` -1, which also holds the open batch) and one for each bucket. */
export interface ExperimentRollup extends Stored {
  readonly experiment: string;
  readonly bucket: number;
  readonly lastBatch: number;
  readonly counts: readonly ArmCount[];
  readonly excluded: number;
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  readonly openBatch: OpenBatch | null;
  /** When facts were folded last: what tells a stale feed. */
  readonly foldedAt: Date | null;
}

export const TOTAL = -1;

export const experimentRollups = defineRecords<ExperimentRollup>({
  name: 'experiment_rollups',
  fields: {
    experiment: String,
    bucket: Number,
    lastBatch: Number,
    counts: [{ type: { variant: String, exposed: Number, converted: Number } }],
    excluded: Number,
    firstAt: Date,
    lastAt: Date,
    openBatch: mixed,
    foldedAt: Date,
  },
  indexes: [{ keys: { experiment: 1, bucket: 1 }, unique: true }],
  about: {
    holds: 'Counts per arm of one test: one record in all and one for each bucket of time or order.',
    writer: 'the fold of exposures',
    retention: 'kept while the test is kept',
  },
});

export function rollupId(tenant: string, experiment: string, bucket: number): string {
  return bucket === TOTAL ? `${tenant}:${experiment}:all` : `${tenant}:${experiment}:${bucket}`;
}
