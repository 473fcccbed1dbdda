/** Simulated visitors for the decisions bench: seeded draws, and traffic patterns that many runs share. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import {
  type BoundaryState,
  NO_LOOKS,
  nextBoundary,
  obrienFlemingSpending,
  SMALLEST_STEP,
} from '../../src/features/experiments/statistics/boundary.ts';

export type Random = ReturnType<typeof xoroshiro128plus>;

export function seeded(seed: number): Random {
  return xoroshiro128plus(seed);
}

/** Binomial(n, p) by inversion; meant for n·p up to some hundreds. */
export function drawBinomial(random: Random, n: number, p: number): number {
  const odds = p / (1 - p);
  let chance = (1 - p) ** n;
  let rest = uniformFloat64(random);
  let successes = 0;
  while (rest > chance && successes < n) {
    rest -= chance;
    successes += 1;
    chance *= (odds * (n - successes + 1)) / successes;
  }
  return successes;
}

/** Binomial(n, ½): the ones among n random bits. */
export function drawHalf(random: Random, n: number): number {
  let ones = 0;
  for (let left = n; left > 0; left -= 32) {
    let bits = left >= 32 ? random.next() : random.next() >>> (32 - left);
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    ones += (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
  }
  return ones;
}

function drawPoisson(random: Random, mean: number): number {
  let chance = Math.exp(-mean);
  let rest = uniformFloat64(random);
  let count = 0;
  while (rest > chance && chance > 0) {
    rest -= chance;
    count += 1;
    chance *= mean / count;
  }
  return count;
}

/** Units per look; the boundary after each look that counts, and null where nothing was looked at. */
export type Traffic = {
  readonly plannedUnits: number;
  readonly looks: readonly Tick[];
};
export type Tick = {
  readonly units: number;
  readonly days: number;
  /** `counted`: this tick spends error. `before`: the state that it starts from. */
  readonly counted: boolean;
  readonly isLast: boolean;
  readonly before: BoundaryState;
  readonly boundary: number;
};

export type Shape = { readonly ticks: number; readonly firstLook: number; readonly rough: boolean };
/** 84 looks in 7 days, every one of them counts. */
export const BARE: Shape = { ticks: 84, firstLook: 1, rough: false };
/** 28 days, looks from day 7 on, and traffic as it is. */
export const PRODUCT: Shape = { ticks: 336, firstLook: 84, rough: true };
const TICKS_A_DAY = 12;
const PATTERNS = 10;

/** Patterns to share between runs: their boundaries are computed once. */
export function makePatterns(seed: number, unitsPerArm: number, shape: Shape, alpha: number): Traffic[] {
  const random = seeded(seed);
  return Array.from({ length: PATTERNS }, () => makeTraffic(random, unitsPerArm, shape, alpha));
}

/**
 * One traffic pattern. Rough: busy noons and quiet nights, one tick in ten missing (its units arrive with
 * the next one), and one day of three times the traffic. A test ends when the planned units are in.
 */
function makeTraffic(random: Random, unitsPerArm: number, shape: Shape, alpha: number): Traffic {
  const plannedUnits = shape.ticks * 2 * unitsPerArm;
  const burst = Math.floor(uniformFloat64(random) * (shape.ticks / TICKS_A_DAY));
  const looks: Tick[] = [];
  let state = NO_LOOKS;
  let total = 0;
  let waiting = 0;
  for (let tick = 1; tick <= shape.ticks && total < plannedUnits; tick += 1) {
    const mean = 2 * unitsPerArm * (shape.rough ? loadOf(tick, burst) : 1);
    waiting += drawPoisson(random, mean);
    if (shape.rough && tick < shape.ticks && uniformFloat64(random) < 0.1) continue;
    total += waiting;
    const isLast = tick === shape.ticks || total >= plannedUnits;
    const information = total / plannedUnits;
    const counted = tick >= shape.firstLook && (isLast || information - state.information >= SMALLEST_STEP);
    const before = state;
    if (counted) {
      const spendPerSide = isLast ? alpha / 2 : obrienFlemingSpending(alpha, information);
      state = nextBoundary(state, { information, spendPerSide });
    }
    const days = Math.floor(tick / TICKS_A_DAY);
    looks.push({ units: waiting, days, counted, isLast, before, boundary: state.boundary });
    waiting = 0;
  }
  return { plannedUnits, looks };
}

function loadOf(tick: number, burst: number): number {
  const hour = 1 + 0.8 * Math.sin((2 * Math.PI * tick) / TICKS_A_DAY);
  return Math.floor((tick - 1) / TICKS_A_DAY) === burst ? 3 * hour : hour;
}
