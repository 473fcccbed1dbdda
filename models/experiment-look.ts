// The collection of looks: everything a verdict was made from, so that it can be made again, bit for bit.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

export interface ExperimentLook extends Stored {
  readonly experiment: string;
  /** 1, 2, 3 … within the experiment. */
  readonly look: number;
  readonly at: Date;
  /** The effect that looked: a run of the protocol or a person's call. */
  readonly effectKey: string;
  /** Exactly what `decide` was given. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Exactly what it answered. */
  readonly verdict: Readonly<Record<string, unknown>>;
}

export const experimentLooks = defineRecords<ExperimentLook>({
  name: 'experiment_looks',
  fields: { experiment: String, look: Number, at: Date, effectKey: String, input: mixed, verdict: mixed },
  indexes: [{ keys: { experiment: 1, look: 1 }, unique: true }],
  about: {
    holds: 'One look at one test: the counts and spent error it saw, and the verdict.',
    writer: 'the experiments step',
    retention: 'kept while the test is kept',
  },
});

export function lookId(tenant: string, experiment: string, look: number): string {
  return `${tenant}:${experiment}:${look}`;
}
