/** May these counts be judged at all? The checks that come before every question of who wins. */
import { type LookInput, type WaitsFor, waitsFor } from './look.ts';
import { sampleRatioBayesFactor } from './statistics/sample-ratio.ts';

export const BAYES_FACTOR_LIMIT = 1000;
export const DOUBLE_EXPOSURE_LIMIT = 0.01;
export const STALE_FEED_HOURS = 48;

export type DataQuality = { readonly problems: readonly WaitsFor[]; readonly bayesFactor: number };

/** Nonsense first, for nothing else can be computed from it; then the split, double exposure and the feed. */
export function checkData(input: LookInput): DataQuality {
  const nonsense = findNonsense(input);
  if (nonsense !== null) return { problems: [waitsFor('input', { name: nonsense })], bayesFactor: 1 };
  const problems: WaitsFor[] = [];
  const bayesFactor = sampleRatioBayesFactor(
    input.arms.map((arm) => arm.exposed),
    input.arms.map((arm) => weightOf(input, arm.variant)),
  );
  if (bayesFactor >= BAYES_FACTOR_LIMIT) {
    problems.push(waitsFor('sample_ratio', { have: bayesFactor, need: BAYES_FACTOR_LIMIT }));
  }
  const units = input.arms.reduce((sum, arm) => sum + arm.exposed, 0);
  const doubled = input.excludedUnits / Math.max(1, units + input.excludedUnits);
  if (doubled > DOUBLE_EXPOSURE_LIMIT) {
    problems.push(waitsFor('double_exposure', { have: doubled, need: DOUBLE_EXPOSURE_LIMIT }));
  }
  const age = input.feedAgeHours;
  if (age !== undefined && age > STALE_FEED_HOURS && units < input.maximumUnits) {
    problems.push(waitsFor('stale_feed', { have: age, need: STALE_FEED_HOURS }));
  }
  return { problems, bayesFactor };
}

function weightOf(input: LookInput, variant: string): number {
  return input.weights === undefined ? 1 : (input.weights[variant] ?? 0);
}

/** Names the first thing that cannot be, or null. */
function findNonsense(input: LookInput): string | null {
  const variants = input.arms.map((arm) => arm.variant);
  if (variants.length < 2) return 'fewer than two arms';
  if (new Set(variants).size < variants.length) return 'two arms of one name';
  if (!variants.includes(input.defaultArm)) return `no counts for the default arm ${input.defaultArm}`;
  if (!(input.alpha > 0 && input.alpha < 1)) return `alpha ${input.alpha}`;
  if (!(input.maximumUnits >= 1 && Number.isFinite(input.maximumUnits))) {
    return `planned units ${input.maximumUnits}`;
  }
  if (!isCount(input.excludedUnits)) return `excluded units ${input.excludedUnits}`;
  if (input.days !== 'unknown' && !(input.days >= 0)) return `days ${input.days}`;
  for (const arm of input.arms) {
    if (!(isCount(arm.exposed) && isCount(arm.converted) && arm.converted <= arm.exposed)) {
      return `${arm.converted} converted of ${arm.exposed} exposed in ${arm.variant}`;
    }
    if (!(weightOf(input, arm.variant) > 0)) return `no weight for ${arm.variant}`;
    if (!Number.isFinite(arm.costPaise ?? 0)) return `cost of ${arm.variant}`;
  }
  return Number.isFinite(input.valuePaise ?? 0) ? null : 'value of a conversion';
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
