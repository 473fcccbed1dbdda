// The collection of experiments: arms, policy, imports, the open proposal, and every decision ever made.
import type { Fact } from '../src/core/store.ts';
import { defineFacts, mixed } from './define.ts';

export interface Arm {
  readonly variant: string;
  /** Share of the units that this arm should get; the shares of an experiment sum to one. */
  readonly weight: number;
  /** Paise that one converted unit of this arm costs; null when it was not said. */
  readonly costPaise: number | null;
}

export const policyModes = ['approve', 'auto', 'watch'] as const;
export type PolicyMode = (typeof policyModes)[number];

export interface ExperimentPolicy {
  readonly mode: PolicyMode;
  readonly minDays: number;
  readonly minConversionsPerArm: number;
  readonly horizonDays: number;
}

/** One import of exposures: a file is known by its digest, so that the same file again changes nothing. */
export interface ExposureImport {
  readonly digest: string;
  readonly units: number;
  readonly startedAt: Date;
  readonly completedAt: Date | null;
}

export interface Proposal {
  /** The look that it rests on. */
  readonly look: number;
  readonly winner: string;
  readonly previous: string;
  readonly sentence: string;
  readonly proposedAt: Date;
  readonly status: 'open' | 'approved' | 'rejected' | 'withdrawn';
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly reason: string;
}

export interface VerdictSummary {
  readonly look: number;
  readonly at: Date;
  readonly kind: string;
  readonly sentence: string;
}

export interface Decision {
  readonly at: Date;
  readonly by: string;
  readonly kind: 'switched' | 'rejected' | 'rolled_back' | 'stopped' | 'started' | 'ended' | 'policy';
  readonly winner: string | null;
  readonly previous: string | null;
  readonly look: number | null;
  readonly sentence: string;
}

export const experimentStatuses = ['running', 'ended', 'stopped'] as const;
export type ExperimentStatus = (typeof experimentStatuses)[number];

export interface Experiment extends Fact {
  readonly key: string;
  /** What a conversion is, in the file's own word. */
  readonly metric: string;
  readonly arms: readonly Arm[];
  /** The variant that new units get now. */
  readonly current: string;
  /** The default arm that the test is held against; a switch does not change it. */
  readonly control: string;
  /** Planned units over all arms: where the test ends. */
  readonly maxUnits: number;
  /** Whether the planned maximum was said, or taken from the first file. */
  readonly maxGiven: boolean;
  /** What one conversion is worth; null when it was not said. */
  readonly valuePaise: number | null;
  readonly axis: 'time' | 'order';
  /** For an order axis: how many units one bucket of the chart holds. */
  readonly bucketUnits: number;
  readonly policy: ExperimentPolicy;
  readonly status: ExperimentStatus;
  readonly imports: readonly ExposureImport[];
  readonly looks: number;
  /** What the newest look said; null before the first. */
  readonly verdict: VerdictSummary | null;
  readonly proposal: Proposal | null;
  readonly decisions: readonly Decision[];
  /** The share of new units that stays on the previous variant after a switch. */
  readonly holdout: number;
}

export const experiments = defineFacts<Experiment>({
  name: 'ab_test_config',
  fields: {
    key: String,
    metric: String,
    arms: [{ type: { variant: String, weight: Number, costPaise: Number } }],
    current: String,
    control: String,
    maxUnits: Number,
    maxGiven: Boolean,
    valuePaise: Number,
    axis: String,
    bucketUnits: Number,
    policy: mixed,
    status: String,
    imports: [mixed],
    looks: Number,
    verdict: mixed,
    proposal: mixed,
    decisions: [mixed],
    holdout: Number,
  },
  indexes: [{ keys: { key: 1 }, unique: true }],
  about: {
    holds: 'One A/B test: its arms, policy, imports, open proposal and every decision made on it.',
    writer: 'the import of exposures, the verbs of experiments and the experiments step',
    retention: 'kept',
  },
});

export function experimentId(tenant: string, key: string): string {
  return `${tenant}:${key}`;
}
