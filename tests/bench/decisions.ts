/** The decisions bench: how often each rule errs under the null and finds a true difference, and the gates. */
import {
  sampleRatioBayesFactor,
  sampleRatioChiSquare,
} from '../../src/features/experiments/statistics/sample-ratio.ts';
import { ALPHA } from './decisions-rules.ts';
import {
  lowerLimit,
  mergeTallies,
  simulate,
  type Tallies,
  type Tally,
  upperLimit,
} from './decisions-runs.ts';
import { BARE, drawBinomial, makePatterns, PRODUCT, type Shape, seeded } from './decisions-traffic.ts';

export type Options = {
  readonly nullRuns?: number;
  readonly effectRuns?: number;
  readonly seed?: number;
  readonly write?: (line: string) => void;
};

const LEAVING_LIMIT = 0.03;
const EITHER_LIMIT = 0.055;
const POWER_FLOOR = 0.85;

/** One figure; `count` of `runs` where it is a share of runs, `limit` and `pass` where it is a gate. */
type Line = {
  readonly metric: string;
  readonly value: number;
  readonly against?: number | undefined;
  readonly unit?: string;
  readonly upper95?: number;
  readonly limit?: number;
  readonly pass?: boolean;
};
type Report = (line: Line) => void;

const ROWS: readonly [name: string, shape: Shape, whole: boolean][] = [
  ['bare rule, 84 looks', BARE, false],
  ['bare rule, 84 looks, rough traffic', { ...BARE, rough: true }, false],
  ['whole policy, 28 days, rough traffic', PRODUCT, true],
];

/** Runs the bench and writes one JSON line for each figure. `ok` is false where a gate is missed. */
export function run(options: Options = {}): { ok: boolean; missed: readonly string[] } {
  const { nullRuns = 20_000, effectRuns = 6_000, seed = 20_260_101 } = options;
  const write = options.write ?? ((line: string) => process.stdout.write(`${line}\n`));
  const missed: string[] = [];
  const report: Report = (line) => {
    if (line.pass === false) missed.push(line.metric);
    write(JSON.stringify(printable(line)));
  };
  report({ metric: 'seed', value: seed, unit: 'seed' });
  let row = 0;
  for (const [name, shape, whole] of ROWS) {
    row += 1;
    runRow({ name, shape, whole, nullRuns, effectRuns, seed: seed + 1000 * row }, report);
  }
  reportSplits(effectRuns, seed, report);
  return { ok: missed.length === 0, missed };
}

type Row = {
  readonly name: string;
  readonly shape: Shape;
  readonly whole: boolean;
  readonly nullRuns: number;
  readonly effectRuns: number;
  readonly seed: number;
};

/**
 * The cells of one row, and the gates. The row as a whole must be shown to keep the limits (upper 95 % limit
 * of all its null runs together); a single cell fails where it is shown to break one (lower 95 % limit):
 * with twenty cells at the true 5 %, one would land above any close limit by chance.
 */
function runRow({ name, shape, whole, nullRuns, effectRuns, seed }: Row, report: Report): void {
  const all: Tallies[] = [];
  let nextSeed = seed;
  for (const unitsPerArm of [15, 60]) {
    nextSeed += 1;
    const patterns = makePatterns(nextSeed, unitsPerArm, shape, ALPHA);
    for (const rate of [0.02, 0.05, 0.1]) {
      nextSeed += 1;
      const runs = nullRuns;
      const tallies = simulate({ controlRate: rate, rate, patterns, runs, seed: nextSeed, whole });
      all.push(tallies);
      const cell = `${name}, null, p ${rate}, ${unitsPerArm} per arm and look`;
      reportNull(cell, tallies, lowerLimit, report);
    }
    // The same planned units for both rules: 5,040 an arm.
    if (unitsPerArm * shape.ticks !== 5040) continue;
    for (const lift of [0.3, 0.5, 1]) {
      nextSeed += 1;
      const rate = 0.05 * (1 + lift);
      const runs = effectRuns;
      const tallies = simulate({ controlRate: 0.05, rate, patterns, runs, seed: nextSeed, whole });
      const gated = shape === BARE && lift === 0.3;
      reportEffect(`${name}, 5 % to ${round(rate * 100)} %`, tallies, gated, report);
    }
  }
  reportNull(`${name}, null, all cells`, mergeTallies(all), upperLimit, report);
}

type Limit = (count: number, runs: number) => number;

function reportNull(name: string, tallies: Tallies, limitOf: Limit, report: Report): void {
  const { rule, naive, fixed } = tallies;
  const gate = (what: string, count: number, naiveCount: number, limit: number) =>
    report({
      metric: `${name}: ${what}, against naive`,
      value: count / rule.runs,
      against: naiveCount / rule.runs,
      upper95: upperLimit(count, rule.runs),
      limit,
      pass: limitOf(count, rule.runs) <= limit,
    });
  gate('leaves the control', rule.leaves, naive.leaves, LEAVING_LIMIT);
  gate('any verdict', either(rule), either(naive), EITHER_LIMIT);
  report({ metric: `${name}: any verdict, fixed horizon`, value: either(fixed) / fixed.runs });
  reportDisagreements(name, tallies, report);
}

function reportEffect(name: string, tallies: Tallies, gated: boolean, report: Report): void {
  const { rule, naive, fixed } = tallies;
  const { runs } = rule;
  const power = rule.leaves / runs;
  report({
    metric: `${name}: power, against fixed horizon`,
    value: power,
    against: fixed.leaves / runs,
    ...(gated ? { limit: POWER_FLOOR, pass: power >= POWER_FLOOR } : {}),
  });
  const units = { value: rule.units / runs, against: fixed.units / runs };
  report({ metric: `${name}: units used, against fixed horizon`, ...units });
  const wrong = { value: rule.stays / runs, against: naive.stays / runs };
  report({ metric: `${name}: stays wrongly, against naive`, ...wrong });
  reportDisagreements(name, tallies, report);
}

/** Runs judged at every tick must end as the shortcut did. */
function reportDisagreements(name: string, { disagreements }: Tallies, report: Report): void {
  if (disagreements === 0) return;
  const metric = `${name}: shortcut and full log disagree`;
  report({ metric, value: disagreements, unit: 'runs', limit: 0, pass: false });
}

/** The sample-ratio guard over 84 looks of 120 units: false halts, and wrong splits found; against χ² at 0.001. */
function reportSplits(runs: number, seed: number, report: Report): void {
  const random = seeded(seed);
  for (const share of [0.5, 0.52, 0.53]) {
    let halts = 0;
    let naiveHalts = 0;
    for (let run = 0; run < runs; run += 1) {
      let first = 0;
      let halted = false;
      let naiveHalted = false;
      for (let look = 1; look <= 84 && !(halted && naiveHalted); look += 1) {
        first += drawBinomial(random, 120, share);
        const counts = [first, look * 120 - first];
        halted ||= sampleRatioBayesFactor(counts, [1, 1]) >= 1000;
        naiveHalted ||= sampleRatioChiSquare(counts, [1, 1]).pValue < 0.001;
      }
      halts += Number(halted);
      naiveHalts += Number(naiveHalted);
    }
    const name = share === 0.5 ? 'false halts' : `${share * 100}/${100 - share * 100} found`;
    report({
      metric: `sample ratio, 84 looks: ${name}, against χ²`,
      value: halts / runs,
      against: naiveHalts / runs,
    });
  }
}

function either(tally: Tally): number {
  return tally.leaves + tally.stays;
}

function printable({ metric, value, against, unit = 'share', upper95, ...gate }: Line): object {
  const ratio = against === undefined || against === 0 ? null : round(value / against);
  const compared = { against: against === undefined ? null : round(against), ratio };
  const upper = upper95 === undefined ? {} : { upper95: round(upper95) };
  return { bench: 'decisions', metric, value: round(value), unit, ...compared, ...upper, ...gate };
}

function round(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
