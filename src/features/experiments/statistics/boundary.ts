/** The group-sequential boundary: how far out z must be at each look so that all together err at most α. */
import { normalDensity, normalUpperQuantile, normalUpperTail } from './normal.ts';
import { gaussLegendre } from './quadrature.ts';

/**
 * What the next look needs of the past ones. `density` is that of z at the last look, where no look
 * has crossed, on the nodes of [0, boundary]; the other half is its mirror image. Plain numbers, so
 * that a stored state continues bit for bit.
 */
export type BoundaryState = {
  readonly information: number;
  readonly spentPerSide: number;
  readonly boundary: number;
  readonly density: readonly number[];
};

/** Before the first look. */
export const NO_LOOKS: BoundaryState = { information: 0, spentPerSide: 0, boundary: 0, density: [] };

/** Looks closer together than this share of the plan count as this far apart, which errs on the safe side. */
export const SMALLEST_STEP = 0.001;

/** No boundary lies further out (its tail is 6e-16); what a look cannot spend up to here stays for the next. */
const FARTHEST = 8;
const NODES = 128;
const GRID = gaussLegendre(NODES);
/** e^−40: what lies further from the node than this adds nothing to a double. */
const NEGLIGIBLE = 40;

/** O'Brien–Fleming-type spending, per side: 2 − 2Φ(z_{α/4} ÷ √t), all of α/2 at t ≥ 1. `alpha` is two-sided. */
export function obrienFlemingSpending(alpha: number, fraction: number): number {
  if (fraction <= 0) return 0;
  if (fraction >= 1) return alpha / 2;
  return 2 * normalUpperTail(normalUpperQuantile(alpha / 4) / Math.sqrt(fraction));
}

/**
 * The boundary of the next look: Lan & DeMets 1983, by the recursion of Armitage, McPherson & Rowe 1969.
 * `information`: units seen ÷ units planned, in truth (may pass 1); `spendPerSide`: the error, per side,
 * that all looks up to this one may have used. The test is two-sided and symmetric.
 */
export function nextBoundary(
  previous: BoundaryState,
  look: { readonly information: number; readonly spendPerSide: number },
): BoundaryState {
  const information = Math.max(look.information, previous.information + SMALLEST_STEP);
  const path = pathFrom(previous, information);
  const allowed = look.spendPerSide - previous.spentPerSide;
  const boundary = solveBoundary(path, allowed);
  const spentPerSide = previous.spentPerSide + path.tail(boundary);
  return { information, spentPerSide, boundary, density: densityOn(boundary, path) };
}

/** How z moves from the last look to the next: the chance to end above a bound, and the density at a point. */
type Path = { tail(bound: number): number; density(z: number): number };

function pathFrom(previous: BoundaryState, information: number): Path {
  if (previous.information === 0) return { tail: normalUpperTail, density: normalDensity };
  const step = Math.sqrt(information - previous.information);
  const ahead = Math.sqrt(information) / step;
  const behind = Math.sqrt(previous.information) / step;
  const half = previous.boundary / 2;
  const starts = GRID.nodes.map((node) => (node + 1) * half * behind);
  const masses = GRID.weights.map((weight, index) => weight * half * (previous.density[index] ?? 0));
  return {
    tail: (bound) => sumOver(starts, masses, bound * ahead, normalUpperTail),
    density: (z) => ahead * sumOver(starts, masses, z * ahead, nearDensity),
  };
}

/** Σ mass · f(target ∓ start): each node stands for itself and for its mirror image. */
function sumOver(
  starts: readonly number[],
  masses: readonly number[],
  target: number,
  f: (x: number) => number,
): number {
  let sum = 0;
  for (let index = 0; index < NODES; index += 1) {
    const start = starts[index] ?? 0;
    sum += (masses[index] ?? 0) * (f(target - start) + f(target + start));
  }
  return sum;
}

function nearDensity(x: number): number {
  return x * x > 2 * NEGLIGIBLE ? 0 : normalDensity(x);
}

/** The bound whose tail is `allowed`: Newton's steps on its logarithm, kept inside a shrinking bracket. */
function solveBoundary(path: Path, allowed: number): number {
  if (allowed <= path.tail(FARTHEST)) return FARTHEST;
  if (allowed >= path.tail(0)) return 0;
  const goal = Math.log(allowed);
  let low = 0;
  let high = FARTHEST;
  let bound = Math.min(FARTHEST, normalUpperQuantile(Math.min(0.5, allowed)));
  for (let step = 0; step < 60 && high - low > 1e-13; step += 1) {
    const tail = path.tail(bound);
    const miss = Math.log(tail) - goal;
    if (miss > 0) low = bound;
    else high = bound;
    if (Math.abs(miss) < 1e-12) break;
    const next = bound + (miss * tail) / path.density(bound);
    bound = next > low && next < high ? next : (low + high) / 2;
  }
  return bound;
}

function densityOn(boundary: number, path: Path): number[] {
  return GRID.nodes.map((node) => path.density(((node + 1) * boundary) / 2));
}
