/** Asymptotic confidence sequences: intervals that hold at every look at once (arXiv 2103.06476). */
import type { Estimate } from './estimates.ts';

/** `bestAt`: the number of units at which the interval is narrowest. */
export type SequenceSettings = { readonly alpha: number; readonly bestAt: number };

/** An interval that may be open on one side. */
export type Interval = { readonly low: number; readonly high: number };

/** The mixing parameter ρ that makes the interval narrowest at `bestAt` units (eq. 161). */
export function mixingRho({ alpha, bestAt }: SequenceSettings): number {
  const twice = -2 * Math.log(alpha);
  return Math.sqrt((twice + Math.log(twice + 1)) / bestAt);
}

/** The two-sided interval (eq. 9): effect ± half its width. */
export function sequentialInterval(estimate: Estimate, settings: SequenceSettings): Interval {
  const rho = mixingRho(settings);
  const { effect, n } = estimate;
  const spread = n * rho * rho + 1;
  const half = width(estimate, rho, Math.log(Math.sqrt(spread) / settings.alpha));
  return { low: effect - half, high: effect + half };
}

/** The always-valid p value of "no difference": min(1, 1 ÷ e-value). */
export function sequentialPValue({ effect, standardError, n }: Estimate, settings: SequenceSettings): number {
  if (standardError <= 0) return effect === 0 ? 1 : 0;
  const rho = mixingRho(settings);
  const spread = n * rho * rho + 1;
  const z = effect / standardError;
  const logEvidence = (rho * rho * n * z * z) / (2 * spread) - Math.log(spread) / 2;
  return Math.min(1, Math.exp(-logEvidence));
}

/** The lower end of the one-sided interval (eq. 134; ρ is tuned for 2α). */
export function sequentialLowerEnd(estimate: Estimate, settings: SequenceSettings): number {
  const rho = mixingRho({ alpha: 2 * settings.alpha, bestAt: settings.bestAt });
  const spread = estimate.n * rho * rho + 1;
  return estimate.effect - width(estimate, rho, Math.log(1 + Math.sqrt(spread) / (2 * settings.alpha)));
}

/** The α at which the one-sided interval just touches zero, ρ kept as it was tuned; between 1e-5 and ½. */
export function sequentialGreaterPValue(estimate: Estimate, settings: SequenceSettings): number {
  const { effect, standardError, n } = estimate;
  if (effect <= 0) return 0.4999;
  const rho = mixingRho({ alpha: 2 * settings.alpha, bestAt: settings.bestAt });
  const spread = n * rho * rho + 1;
  const z = effect / standardError;
  const exponent = (n * rho * rho * z * z) / (2 * spread);
  const touching = Math.sqrt(spread) / (2 * Math.expm1(exponent));
  return Math.min(0.4999, Math.max(1e-5, touching));
}

function width({ standardError, n }: Estimate, rho: number, logThreshold: number): number {
  const spread = n * rho * rho + 1;
  return standardError * Math.sqrt((2 * spread * logThreshold) / (n * rho * rho));
}
