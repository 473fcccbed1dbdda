// The collection of exposures: one immutable fact for each unit that saw a variant, and one for each correction.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

/**
 * `unit#1` says what the unit saw first; `unit#2` and on correct it. Folding adds what the fact says and takes
 * away what it `replaces`. `excluded`: the unit saw two variants and counts for neither.
 */
export interface Exposure extends Stored {
  readonly experiment: string;
  readonly unit: string;
  readonly variant: string;
  readonly converted: boolean;
  readonly excluded: boolean;
  readonly replaces: { readonly variant: string; readonly converted: boolean } | null;
  readonly at: Date | null;
  /** The bucket of time (15 minutes UTC since the epoch) or of order that it is counted in. */
  readonly bucket: number;
  /** The batch that folded it into the rollups; 0 while it waits. */
  readonly batch: number;
}

export const exposures = defineRecords<Exposure>({
  name: 'invites_ab_test',
  fields: {
    experiment: String,
    unit: String,
    variant: String,
    converted: Boolean,
    excluded: Boolean,
    replaces: mixed,
    at: Date,
    bucket: Number,
    batch: Number,
  },
  indexes: [{ keys: { experiment: 1, batch: 1, bucket: 1 } }],
  about: {
    holds:
      'One fact about one unit of a test: what it saw and whether it converted, or a correction of that.',
    writer: 'the import of exposures; the fold marks the batch',
    retention: 'kept while the test is kept',
  },
});

/** The id of the n-th fact about a unit. */
export function exposureId(tenant: string, experiment: string, unit: string, n: number): string {
  return `${tenant}:${experiment}:${unit}#${n}`;
}
