/** What one look at an experiment is given, and what it answers. */
import { type BoundaryState, NO_LOOKS } from './statistics/boundary.ts';

/** Counts of one arm. `converted` counts units whose attribution window has closed; cost is per CONVERTED unit. */
export type Arm = {
  readonly variant: string;
  readonly exposed: number;
  readonly converted: number;
  readonly costPaise?: number | undefined;
};

export type Policy = {
  readonly minDays: number;
  readonly minConversionsPerArm: number;
  readonly horizonDays: number;
  readonly mode: 'approve' | 'auto' | 'watch';
};

export const DEFAULT_POLICY: Policy = {
  minDays: 7,
  minConversionsPerArm: 100,
  horizonDays: 28,
  mode: 'approve',
};

/** Something outside conversion that must not get worse; it can block and never promote. */
export type Guardrail = { readonly name: string; readonly blocked: boolean; readonly text: string };

/**
 * One look, complete: the same input gives the same verdict, bit for bit.
 * `maximumUnits`: planned units of all arms together, frozen at the start. `weights`: by variant, equal
 * where absent. `excludedUnits`: those who saw two variants. `days`: full days observed. `valuePaise`:
 * what one conversion is worth. `verb`: what a converting unit does ("keeps"), for the sentence.
 */
export type LookInput = {
  readonly policyVersion: string;
  readonly alpha: number;
  readonly defaultArm: string;
  readonly maximumUnits: number;
  readonly arms: readonly Arm[];
  readonly weights?: Readonly<Record<string, number>> | undefined;
  readonly excludedUnits: number;
  readonly days: number | 'unknown';
  readonly feedAgeHours?: number | undefined;
  readonly valuePaise?: number | undefined;
  readonly verb?: string | undefined;
  readonly guardrails?: readonly Guardrail[] | undefined;
  readonly policy: Policy;
  readonly previous: SpendState;
};

export type Crossing = 'better' | 'worse' | null;

/** What the looks so far leave behind: store it with the look and hand it to the next. Plain JSON. */
export type SpendState = {
  readonly looks: number;
  readonly boundary: BoundaryState;
  readonly crossed: Readonly<Record<string, Crossing>>;
  readonly ended: Omit<Verdict, 'state'> | null;
};

/** The state of an experiment that nobody has looked at. */
export const NOTHING_SPENT: SpendState = { looks: 0, boundary: NO_LOOKS, crossed: {}, ended: null };

/**
 * Net contribution per exposed unit against the default: `not_needed` where conversion alone settles it,
 * `unknown` where there are costs and no value. Paise per exposed unit; break-even per extra conversion.
 */
export type ValueCheck = {
  readonly kind: 'not_needed' | 'better' | 'worse' | 'unclear' | 'unknown';
  readonly netInterval: { readonly low: number; readonly high: number } | null;
  readonly breakEvenPaise: number | null;
};

/** One challenger against the default. `interval` holds at every look at once; `lift` is for text only. */
export type Comparison = {
  readonly variant: string;
  readonly rate: number;
  readonly defaultRate: number;
  readonly z: number;
  readonly boundary: number | null;
  readonly alphaSpent: number;
  readonly fraction: number;
  readonly difference: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly lift: number | null;
  readonly crossed: Crossing;
  readonly conversions: number;
  readonly value: ValueCheck;
};

/** A machine-readable reason, with its numbers where it has any; `name` says which arm, field or guardrail. */
export type WaitsFor = {
  readonly code:
    | 'input'
    | 'sample_ratio'
    | 'double_exposure'
    | 'stale_feed'
    | 'guardrail'
    | 'days'
    | 'days_unknown'
    | 'units'
    | 'boundary'
    | 'conversions'
    | 'value_worse'
    | 'value_unclear'
    | 'value_unknown';
  readonly have: number | null;
  readonly need: number | null;
  readonly name: string | null;
};

export type Verdict = {
  readonly policyVersion: string;
  readonly kind: 'blocked' | 'too_early' | 'continue' | 'propose' | 'stay' | 'no_winner';
  readonly winner: string | null;
  readonly perChallenger: readonly Comparison[];
  readonly srm: { readonly bayesFactor: number; readonly blocked: boolean };
  readonly waitsFor: readonly WaitsFor[];
  readonly canAuto: boolean;
  readonly ended: boolean;
  readonly sentence: string;
  readonly state: SpendState;
};

/** A reason without numbers unless they are given. */
export function waitsFor(
  code: WaitsFor['code'],
  facts: { have?: number; need?: number; name?: string } = {},
): WaitsFor {
  return { code, have: facts.have ?? null, need: facts.need ?? null, name: facts.name ?? null };
}
