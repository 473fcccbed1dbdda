/** Many runs of one rule beside the naive one and the fixed horizon, over shared traffic patterns. */
import { bisect, regularisedBeta } from '../../src/features/experiments/statistics/special-functions.ts';
import {
  bareRule,
  drawPath,
  emptyPath,
  fixedRule,
  naiveRule,
  type Path,
  policyRule,
  type Result,
} from './decisions-rules.ts';
import { seeded, type Traffic } from './decisions-traffic.ts';

export type Tally = { leaves: number; stays: number; units: number; runs: number };
export type Tallies = { rule: Tally; naive: Tally; fixed: Tally; disagreements: number };
export type Setting = {
  readonly controlRate: number;
  readonly rate: number;
  readonly patterns: readonly Traffic[];
  readonly runs: number;
  readonly seed: number;
  /** The product's whole policy instead of the bare rule. */
  readonly whole: boolean;
};

/** So many runs of the whole policy are also judged at every single tick, to show that the shortcut misses nothing. */
const COMPLETE_RUNS = 3;

/** Every run draws its own conversions; every rule judges the same ones. */
export function simulate(setting: Setting): Tallies {
  const random = seeded(setting.seed);
  const tallies: Tallies = { rule: empty(), naive: empty(), fixed: empty(), disagreements: 0 };
  const path = emptyPath(Math.max(...setting.patterns.map((pattern) => pattern.looks.length)));
  const rule = setting.whole ? shortcut : bareRule;
  for (let run = 0; run < setting.runs; run += 1) {
    const traffic = setting.patterns[run % setting.patterns.length]!;
    drawPath(random, traffic, setting.controlRate, setting.rate, path);
    const result = rule(path, traffic);
    add(tallies.rule, result);
    add(tallies.naive, naiveRule(path, traffic));
    add(tallies.fixed, fixedRule(path, traffic));
    if (setting.whole && run < COMPLETE_RUNS) {
      const complete = policyRule(path, traffic, true);
      if (complete.verdict !== result.verdict || complete.units !== result.units) tallies.disagreements += 1;
    }
  }
  return tallies;
}

const shortcut = (path: Path, traffic: Traffic) => policyRule(path, traffic, false);

function empty(): Tally {
  return { leaves: 0, stays: 0, units: 0, runs: 0 };
}

function add(tally: Tally, { verdict, units }: Result): void {
  if (verdict !== null) tally[verdict] += 1;
  tally.units += Math.min(1, units);
  tally.runs += 1;
}

/** The runs of several settings as one. */
export function mergeTallies(parts: readonly Tallies[]): Tallies {
  const all: Tallies = { rule: empty(), naive: empty(), fixed: empty(), disagreements: 0 };
  for (const part of parts) {
    for (const name of ['rule', 'naive', 'fixed'] as const) {
      for (const field of ['leaves', 'stays', 'units', 'runs'] as const)
        all[name][field] += part[name][field];
    }
  }
  return all;
}

/** The share at which `count` of `runs` or fewer would be seen once in 20 times (Clopper & Pearson). */
export function upperLimit(count: number, runs: number): number {
  if (count >= runs) return 1;
  return bisect((p) => regularisedBeta(count + 1, runs - count, p) - 0.95, 0, 1);
}

/** The share at which `count` of `runs` or more would be seen once in 20 times. */
export function lowerLimit(count: number, runs: number): number {
  return count <= 0 ? 0 : 1 - upperLimit(runs - count, runs);
}
