/** Mixture supermartingales and the Bernoulli confidence sequence (Howard, Ramdas, McAuliffe, Sekhon 2021). */
import type { Interval } from './confidence-sequence.ts';
import { normalCdf } from './normal.ts';
import { bisect, logBeta } from './special-functions.ts';

/** Where a mixture is tightest: at intrinsic time `bestAt`, for error `alpha`. */
export type MixtureSettings = { readonly bestAt: number; readonly alpha: number };

/** The normal mixture's ρ for a boundary tightest at intrinsic time `bestAt`. */
export function bestRho({ bestAt, alpha }: MixtureSettings): number {
  const twice = 2 * Math.log(1 / alpha);
  return bestAt / (twice + Math.log(1 + twice));
}

/** ln of the two-sided normal mixture at sum `s`, intrinsic time `v`. */
export function normalLogMixture(s: number, v: number, settings: MixtureSettings): number {
  const rho = bestRho(settings);
  return Math.log(rho / (v + rho)) / 2 + (s * s) / (2 * (v + rho));
}

/** The two-sided boundary at intrinsic time `v`. */
export function normalMixtureBound(v: number, alpha: number, settings: MixtureSettings): number {
  const rho = bestRho(settings);
  return Math.sqrt((v + rho) * (Math.log(1 + v / rho) + 2 * Math.log(1 / alpha)));
}

/** ln of the one-sided normal mixture (the mixing density is the half normal, tuned for 2α). */
export function oneSidedNormalLogMixture(s: number, v: number, settings: MixtureSettings): number {
  const rho = bestRho({ bestAt: settings.bestAt, alpha: 2 * settings.alpha });
  const quadratic = (s * s) / (2 * (v + rho));
  return Math.log((4 * rho) / (v + rho)) / 2 + quadratic + Math.log(normalCdf(s / Math.sqrt(v + rho)));
}

/** The one-sided boundary at intrinsic time `v`. */
export function oneSidedNormalMixtureBound(v: number, alpha: number, settings: MixtureSettings): number {
  const excess = (s: number) => oneSidedNormalLogMixture(s, v, settings) - Math.log(1 / alpha);
  let high = Math.max(v, 1);
  while (excess(high) < 0) high *= 2;
  return bisect(excess, 0, high);
}

/** ln of the two-sided beta-binomial mixture for one candidate rate `p`. */
function bernoulliLogMixture(
  successes: number,
  trials: number,
  p: number,
  settings: MixtureSettings,
): number {
  const variance = p * (1 - p);
  const rho = bestRho({ bestAt: variance * settings.bestAt, alpha: settings.alpha });
  const r = Math.max(rho - variance, 1e-3 * variance);
  const a = r / (1 - p);
  const b = r / p;
  const failures = trials - successes;
  const likelihood = successes * Math.log(p) + failures * Math.log(1 - p);
  return logBeta(b + failures, a + successes) - logBeta(b, a) - likelihood;
}

/**
 * The interval for a rate that holds at every look at once; `bestAt` is the number of trials at
 * which it is narrowest. [0, 1] before the first trial.
 */
export function bernoulliSequence(
  successes: number,
  trials: number,
  { alpha, bestAt }: MixtureSettings,
): Interval {
  if (trials <= 0) return { low: 0, high: 1 };
  const rate = successes / trials;
  const excess = (p: number) =>
    bernoulliLogMixture(successes, trials, p, { bestAt, alpha }) - Math.log(1 / alpha);
  return {
    low: rate > 0 ? bisect((p) => (p <= 0 ? -1 : -excess(p)), 0, rate) : 0,
    high: rate < 1 ? bisect((p) => (p >= 1 ? 1 : excess(p)), rate, 1) : 1,
  };
}
