/** The rules that the decisions bench compares, each run until its first verdict. */
import { decide } from '../../src/features/experiments/decide.ts';
import {
  type Crossing,
  DEFAULT_POLICY,
  type LookInput,
  NOTHING_SPENT,
} from '../../src/features/experiments/look.ts';
import { pooledZ } from '../../src/features/experiments/statistics/estimates.ts';
import { drawBinomial, drawHalf, type Random, type Tick, type Traffic } from './decisions-traffic.ts';

export const ALPHA = 0.05;
const NAIVE_BOUND = 1.959963984540054;

/** `leaves` the control, `stays` by a verdict, or nothing; and the share of the planned units it took. */
export type Result = { readonly verdict: 'leaves' | 'stays' | null; readonly units: number };
const OPEN: Result = { verdict: null, units: 1 };

/** Cumulative counts of both arms after each tick; the columns are used again by the next run. */
export type Path = {
  readonly controlUnits: Int32Array;
  readonly controlConverted: Int32Array;
  readonly units: Int32Array;
  readonly converted: Int32Array;
};

export function emptyPath(ticks: number): Path {
  return {
    controlUnits: new Int32Array(ticks),
    controlConverted: new Int32Array(ticks),
    units: new Int32Array(ticks),
    converted: new Int32Array(ticks),
  };
}

/** Draws one experiment into `path`. */
export function drawPath(
  random: Random,
  traffic: Traffic,
  controlRate: number,
  rate: number,
  path: Path,
): void {
  let [controlUnits, controlConverted, units, converted] = [0, 0, 0, 0];
  traffic.looks.forEach((tick, index) => {
    const half = drawHalf(random, tick.units);
    controlUnits += half;
    controlConverted += drawBinomial(random, half, controlRate);
    units += tick.units - half;
    converted += drawBinomial(random, tick.units - half, rate);
    path.controlUnits[index] = controlUnits;
    path.controlConverted[index] = controlConverted;
    path.units[index] = units;
    path.converted[index] = converted;
  });
}

function zAt(path: Path, index: number): number {
  return pooledZ(
    { n: path.controlUnits[index]!, converted: path.controlConverted[index]! },
    { n: path.units[index]!, converted: path.converted[index]! },
  );
}

function shareAt(path: Path, index: number, traffic: Traffic): number {
  return (path.controlUnits[index]! + path.units[index]!) / traffic.plannedUnits;
}

function crossing(z: number, bound: number): Crossing {
  return z >= bound ? 'better' : z <= -bound ? 'worse' : null;
}

function resultOf(crossed: Crossing, units: number): Result {
  return { verdict: crossed === 'better' ? 'leaves' : 'stays', units };
}

/** Stops at the first tick, from `start` on, whose z passes the bound of that tick. */
function firstCrossing(path: Path, traffic: Traffic, start: number, boundAt: (tick: Tick) => number): Result {
  for (let index = start; index < traffic.looks.length; index += 1) {
    const crossed = crossing(zAt(path, index), boundAt(traffic.looks[index]!));
    if (crossed !== null) return resultOf(crossed, shareAt(path, index, traffic));
  }
  return OPEN;
}

export function naiveRule(path: Path, traffic: Traffic): Result {
  return firstCrossing(path, traffic, 0, () => NAIVE_BOUND);
}

export function fixedRule(path: Path, traffic: Traffic): Result {
  return firstCrossing(path, traffic, traffic.looks.length - 1, () => NAIVE_BOUND);
}

export function bareRule(path: Path, traffic: Traffic): Result {
  return firstCrossing(path, traffic, 0, (tick) => (tick.counted ? tick.boundary : Number.POSITIVE_INFINITY));
}

/**
 * The product's own verdicts. `decide` is asked at every tick where the boundaries, shared by all runs of
 * this traffic, say that something can come of it; `everyTick` asks it always, to show that this misses nothing.
 */
export function policyRule(path: Path, traffic: Traffic, everyTick: boolean): Result {
  let crossed: Crossing = null;
  for (const [index, tick] of traffic.looks.entries()) {
    const before = crossed;
    if (tick.counted) crossed = crossing(zAt(path, index), tick.boundary);
    if (!everyTick && !canEnd(crossed, path, index, tick)) continue;
    const { kind } = decide(lookInput(path, index, traffic, before));
    if (kind === 'propose') return resultOf('better', shareAt(path, index, traffic));
    if (kind === 'stay') return resultOf('worse', shareAt(path, index, traffic));
  }
  return OPEN;
}

/** Where nothing stands crossed, or a better arm still lacks conversions, `decide` can only say "continue". */
function canEnd(crossed: Crossing, path: Path, index: number, tick: Tick): boolean {
  if (crossed !== 'better' || tick.isLast) return crossed !== null;
  const conversions = Math.min(path.controlConverted[index]!, path.converted[index]!);
  return conversions >= DEFAULT_POLICY.minConversionsPerArm;
}

function lookInput(path: Path, index: number, traffic: Traffic, crossed: Crossing): LookInput {
  const tick = traffic.looks[index]!;
  const looked = tick.before.information > 0;
  return {
    policyVersion: 'bench',
    alpha: ALPHA,
    defaultArm: 'control',
    maximumUnits: traffic.plannedUnits,
    arms: [
      {
        variant: 'control',
        exposed: path.controlUnits[index]!,
        converted: path.controlConverted[index]!,
      },
      { variant: 'challenger', exposed: path.units[index]!, converted: path.converted[index]! },
    ],
    excludedUnits: 0,
    days: tick.days,
    policy: DEFAULT_POLICY,
    previous: looked
      ? { looks: 1, boundary: tick.before, crossed: { challenger: crossed }, ended: null }
      : NOTHING_SPENT,
  };
}
