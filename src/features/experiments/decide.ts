/** The verdict on an experiment: a pure function of one look, in the order quality, guardrails, efficacy. */
import { checkValue, rateInterval } from './compare.ts';
import { BAYES_FACTOR_LIMIT, checkData } from './data-quality.ts';
import {
  type Arm,
  type Comparison,
  type Crossing,
  type LookInput,
  type SpendState,
  type Verdict,
  type WaitsFor,
  waitsFor,
} from './look.ts';
import { nextBoundary, obrienFlemingSpending, SMALLEST_STEP } from './statistics/boundary.ts';
import { pooledZ } from './statistics/estimates.ts';
import { describeVerdict } from './words.ts';

type Outcome = Pick<Verdict, 'kind' | 'winner' | 'waitsFor' | 'ended'>;

/**
 * Judges one look. Total on any counts, without clock or chance: a stored input replays to the same verdict,
 * bit for bit. Once ended it states the ended verdict again, whatever the counts, and spends nothing.
 */
export function decide(input: LookInput): Verdict {
  const { ended } = input.previous;
  if (ended !== null) return { ...ended, canAuto: canAuto(ended, input), state: input.previous };
  const quality = checkData(input);
  const srm = { bayesFactor: quality.bayesFactor, blocked: quality.bayesFactor >= BAYES_FACTOR_LIMIT };
  if (quality.problems.some((problem) => problem.code === 'input')) {
    return settle(input, srm, [], { ...BLOCKED, waitsFor: quality.problems }, input.previous);
  }
  const blocks = [...quality.problems, ...blockingGuardrails(input)];
  const unspent = compareArms(input, input.previous);
  if (blocks.length > 0) return settle(input, srm, unspent, { ...BLOCKED, waitsFor: blocks }, input.previous);
  const tooEarly = missingDays(input);
  if (tooEarly !== null) {
    const waits = [tooEarly, ...missingConversions(input, unspent)];
    const outcome: Outcome = { kind: 'too_early', winner: null, waitsFor: waits, ended: false };
    return settle(input, srm, unspent, outcome, input.previous);
  }
  const last = isLastLook(input);
  const state = takeLook(input, last);
  const comparisons = compareArms(input, state);
  return settle(input, srm, comparisons, judge(input, comparisons, last), state);
}

const BLOCKED = { kind: 'blocked', winner: null, ended: false } as const;

/** Puts the verdict together; an ended one goes into its own state, so that later looks can repeat it. */
function settle(
  input: LookInput,
  srm: Verdict['srm'],
  perChallenger: readonly Comparison[],
  outcome: Outcome,
  state: SpendState,
): Verdict {
  const verdict = {
    policyVersion: input.policyVersion,
    ...outcome,
    perChallenger,
    srm,
    canAuto: canAuto(outcome, input),
    sentence: describeVerdict({ ...outcome, perChallenger }, input),
  };
  return { ...verdict, state: outcome.ended ? { ...state, ended: verdict } : state };
}

/** Nothing may be open, and the policy must say so. */
function canAuto(outcome: Pick<Verdict, 'kind' | 'waitsFor'>, input: LookInput): boolean {
  return outcome.kind === 'propose' && outcome.waitsFor.length === 0 && input.policy.mode === 'auto';
}

function blockingGuardrails(input: LookInput): WaitsFor[] {
  const blocking = (input.guardrails ?? []).filter((guardrail) => guardrail.blocked);
  return blocking.map((guardrail) => waitsFor('guardrail', { name: `${guardrail.name}: ${guardrail.text}` }));
}

/** Before the minimum of full days nothing is looked at and nothing is spent. */
function missingDays({ days, policy }: LookInput): WaitsFor | null {
  if (days === 'unknown' || days >= policy.minDays) return null;
  return waitsFor('days', { have: days, need: policy.minDays });
}

function unitsOf(input: LookInput): number {
  return input.arms.reduce((sum, arm) => sum + arm.exposed, 0);
}

/** All planned units are in, or the horizon is over. */
function isLastLook(input: LookInput): boolean {
  if (unitsOf(input) >= input.maximumUnits) return true;
  return input.days !== 'unknown' && input.days >= input.policy.horizonDays;
}

/** α is shared over the challengers. */
function alphaOf(input: LookInput): number {
  return input.alpha / (input.arms.length - 1);
}

function armsOf(input: LookInput): { base: Arm; challengers: readonly Arm[] } {
  const challengers = input.arms.filter((arm) => arm.variant !== input.defaultArm);
  const base = input.arms.find((arm) => arm.variant === input.defaultArm);
  return { base: base ?? { variant: input.defaultArm, exposed: 0, converted: 0 }, challengers };
}

/**
 * Spends what this look may spend and notes who crosses. A look without new units is none: what the last
 * one found stands. The last look spends all that is left, at the information there is.
 */
function takeLook(input: LookInput, last: boolean): SpendState {
  const { previous } = input;
  const information = unitsOf(input) / input.maximumUnits;
  if (!last && information - previous.boundary.information < SMALLEST_STEP) return previous;
  const alpha = alphaOf(input);
  const spendPerSide = last ? alpha / 2 : obrienFlemingSpending(alpha, information);
  const boundary = nextBoundary(previous.boundary, { information, spendPerSide });
  const { base, challengers } = armsOf(input);
  const crossed: Record<string, Crossing> = {};
  for (const challenger of challengers) {
    const z = zOf(base, challenger);
    crossed[challenger.variant] =
      z >= boundary.boundary ? 'better' : z <= -boundary.boundary ? 'worse' : null;
  }
  return { looks: previous.looks + 1, boundary, crossed, ended: null };
}

function zOf(base: Arm, challenger: Arm): number {
  return pooledZ(
    { converted: base.converted, n: base.exposed },
    { converted: challenger.converted, n: challenger.exposed },
  );
}

function compareArms(input: LookInput, state: SpendState): Comparison[] {
  const { base, challengers } = armsOf(input);
  const baseRate = rateOf(base);
  // Narrowest after a third of the planned units of the two arms.
  const settings = {
    alpha: alphaOf(input),
    bestAt: Math.max(1, (2 * input.maximumUnits) / (3 * input.arms.length)),
  };
  return challengers.map((challenger) => {
    const rate = rateOf(challenger);
    const difference = rate - baseRate;
    return {
      variant: challenger.variant,
      rate,
      defaultRate: baseRate,
      z: zOf(base, challenger),
      boundary: state.looks === 0 ? null : state.boundary.boundary,
      alphaSpent: 2 * state.boundary.spentPerSide,
      fraction: Math.min(1, unitsOf(input) / input.maximumUnits),
      difference,
      interval: rateInterval(base, challenger, settings),
      lift: baseRate > 0 ? difference / baseRate : null,
      crossed: state.crossed[challenger.variant] ?? null,
      conversions: Math.min(base.converted, challenger.converted),
      value: checkValue(base, challenger, input.valuePaise, settings),
    };
  });
}

function rateOf(arm: Arm): number {
  return arm.exposed > 0 ? arm.converted / arm.exposed : 0;
}

function judge(input: LookInput, comparisons: readonly Comparison[], last: boolean): Outcome {
  const better = comparisons.filter((one) => one.crossed === 'better');
  const eligible = better.filter((one) => hasConversions(input, one) && one.value.kind !== 'worse');
  const [winner] = eligible.toSorted((a, b) => b.rate - a.rate || (a.variant < b.variant ? -1 : 1));
  if (winner !== undefined) {
    const open = [...unknownDays(input), ...openValue(winner)];
    return { kind: 'propose', winner: winner.variant, waitsFor: open, ended: last };
  }
  const worse = comparisons.filter((one) => one.crossed === 'worse');
  if (worse.length === comparisons.length) {
    return { kind: 'stay', winner: null, waitsFor: [], ended: true };
  }
  const missing = [...missingConversions(input, better), ...better.flatMap(openValue)];
  if (last) {
    const costly = better.some((one) => hasConversions(input, one));
    const kind = worse.length > 0 || costly ? 'stay' : 'no_winner';
    return { kind, winner: null, waitsFor: missing, ended: true };
  }
  const waits = better.length > 0 ? missing : missingEvidence(input, comparisons);
  return { kind: 'continue', winner: null, waitsFor: waits, ended: false };
}

function hasConversions(input: LookInput, one: Comparison): boolean {
  return one.conversions >= input.policy.minConversionsPerArm;
}

function missingConversions(input: LookInput, comparisons: readonly Comparison[]): WaitsFor[] {
  const need = input.policy.minConversionsPerArm;
  const short = comparisons.filter((one) => !hasConversions(input, one));
  return short.map((one) => waitsFor('conversions', { have: one.conversions, need, name: one.variant }));
}

function unknownDays(input: LookInput): WaitsFor[] {
  return input.days === 'unknown' ? [waitsFor('days_unknown', { need: input.policy.minDays })] : [];
}

function openValue({ variant, value }: Comparison): WaitsFor[] {
  if (value.kind === 'worse') return [waitsFor('value_worse', { name: variant })];
  if (value.kind === 'unclear') return [waitsFor('value_unclear', { name: variant })];
  if (value.kind !== 'unknown') return [];
  const { breakEvenPaise } = value;
  return [
    waitsFor('value_unknown', {
      ...(breakEvenPaise === null ? {} : { have: breakEvenPaise }),
      name: variant,
    }),
  ];
}

/** What an undecided test waits for: units up to the plan, and for each open challenger its boundary. */
function missingEvidence(input: LookInput, comparisons: readonly Comparison[]): WaitsFor[] {
  const open = comparisons.filter((one) => one.crossed === null);
  const bounds = open.flatMap(({ z, boundary, variant }) =>
    boundary === null ? [] : [waitsFor('boundary', { have: z, need: boundary, name: variant })],
  );
  const units = waitsFor('units', { have: unitsOf(input), need: input.maximumUnits });
  return [...bounds, units, ...missingConversions(input, open)];
}
