/** One challenger beside the default: how far apart in conversion, and in money. */
import type { Arm, ValueCheck } from './look.ts';
import { sequentialInterval } from './statistics/confidence-sequence.ts';
import { absoluteDifference, proportion, type Sample } from './statistics/estimates.ts';

type Bounds = { readonly low: number; readonly high: number };
type Settings = { readonly alpha: number; readonly bestAt: number };

/**
 * A sample of conversions. At no or at all conversions the variance would be 0 and the interval a point,
 * so half a unit of each kind is added there, for the variance alone.
 */
function conversions(arm: Arm): Sample {
  const plain = proportion(arm.converted, arm.exposed);
  if (plain.variance > 0) return plain;
  const rate = (arm.converted + 0.5) / (arm.exposed + 1);
  return { mean: plain.mean, variance: rate * (1 - rate), n: arm.exposed };
}

/** The always-valid interval of the absolute difference of rates; everything is possible while an arm is empty. */
export function rateInterval(base: Arm, challenger: Arm, settings: Settings): Bounds {
  if (base.exposed === 0 || challenger.exposed === 0) return { low: -1, high: 1 };
  const difference = absoluteDifference(conversions(base), conversions(challenger));
  const { low, high } = sequentialInterval(difference, settings);
  return { low: Math.max(-1, low), high: Math.min(1, high) };
}

/**
 * Does a challenger that converts better also earn more? Net contribution of a unit is
 * converted × (value − cost), so its mean and variance follow from the rate.
 */
export function checkValue(
  base: Arm,
  challenger: Arm,
  valuePaise: number | undefined,
  settings: Settings,
): ValueCheck {
  const baseCost = base.costPaise ?? 0;
  const cost = challenger.costPaise ?? 0;
  const breakEvenPaise = findBreakEven(base, challenger);
  if (baseCost === 0 && cost === 0) return { kind: 'not_needed', netInterval: null, breakEvenPaise: null };
  if (valuePaise === undefined) return { kind: 'unknown', netInterval: null, breakEvenPaise };
  if (cost === baseCost) {
    // The same margin on every conversion: the test of conversion is already the test of money.
    return { kind: kindOfMargin(valuePaise - cost), netInterval: null, breakEvenPaise };
  }
  if (base.exposed === 0 || challenger.exposed === 0) {
    return { kind: 'unclear', netInterval: null, breakEvenPaise };
  }
  const difference = absoluteDifference(
    scaled(conversions(base), valuePaise - baseCost),
    scaled(conversions(challenger), valuePaise - cost),
  );
  const netInterval = sequentialInterval(difference, settings);
  const kind = netInterval.low > 0 ? 'better' : netInterval.high < 0 ? 'worse' : 'unclear';
  return { kind, netInterval, breakEvenPaise };
}

function kindOfMargin(marginPaise: number): ValueCheck['kind'] {
  if (marginPaise > 0) return 'not_needed';
  return marginPaise < 0 ? 'worse' : 'unclear';
}

function scaled(sample: Sample, factor: number): Sample {
  return { mean: sample.mean * factor, variance: sample.variance * factor * factor, n: sample.n };
}

/** The value of a conversion, in paise rounded up, from which the extra conversions pay for what they cost. */
function findBreakEven(base: Arm, challenger: Arm): number | null {
  if (base.exposed === 0 || challenger.exposed === 0) return null;
  const baseRate = base.converted / base.exposed;
  const rate = challenger.converted / challenger.exposed;
  if (rate === baseRate) return null;
  const extraCost = rate * (challenger.costPaise ?? 0) - baseRate * (base.costPaise ?? 0);
  const perConversion = Math.ceil(extraCost / (rate - baseRate));
  return Number.isSafeInteger(perConversion) ? perConversion + 0 : null;
}
