// Works figures out for one answer: each sum, each step of the range and each age is found once for all of them.
import type { Ctx } from '../../core/context.ts';
import { type Grain, type Range, type Span, stepsOf } from '../../core/ranges.ts';
import type { RollupReader } from '../../core/rollups.ts';
import { type Change, changeOf } from './change.ts';
import { type Stretch, upToNow } from './days.ts';
import { type Expression, isByDays, leavesOf, type Metric, type Split, streamsOf } from './definition.ts';
import { createEvaluator, type Evaluator } from './evaluate.ts';

export interface Step {
  readonly from: Date;
  readonly to: Date;
  readonly partial: boolean;
  readonly value: number | null;
}

export interface Part {
  /** The value of the dimension; empty where a fact has none. */
  readonly name: string;
  readonly value: number | null;
  readonly steps: readonly Step[];
}

export interface Figure {
  readonly metric: Metric;
  readonly range: Range;
  readonly value: number | null;
  readonly change: Change;
  readonly steps: readonly Step[];
  readonly by: string | null;
  /** The parts by size, where a split was asked for. */
  readonly parts: readonly Part[];
  /** When the facts were folded last; null while there are none, or where none are needed. */
  readonly asOf: Date | null;
  readonly state: 'data' | 'empty' | 'stale';
}

/** What is asked of every metric of one answer, and what was found for it so far. */
export interface Working {
  readonly range: Range;
  readonly against: Span;
  readonly now: Date;
  readonly evaluate: Evaluator;
  readonly stepsBy: (grain: Grain) => ReturnType<typeof stepsOf>;
  readonly asOf: (stream: string) => Promise<Date | null>;
}

/** Facts older than this at the end of what was asked are worth a word. */
const STALE_MS = 26 * 3_600_000;

export function workingOn(
  rollups: RollupReader,
  { tenant, zone, now }: Ctx,
  { range, against }: { readonly range: Range; readonly against: Span },
  by?: string,
): Working {
  const evaluate = createEvaluator({
    ...{ rollups, tenant, zone, now },
    window: windowOf(range, against, now),
    byDays: range.grain !== 'hour' && !isHours(against),
    ...(by === undefined ? {} : { by }),
  });
  return {
    ...{ range, against, now, evaluate },
    stepsBy: once((grain: Grain) => stepsOf({ ...range, grain }, now)),
    asOf: once((stream: string) => rollups.asOf(tenant, stream)),
  };
}

/** All that is asked for and has begun: what is dated ahead, such as the end of a trial, has not happened. */
function windowOf(range: Span, against: Span, now: Date): Stretch {
  return upToNow({ from: earlier(range.from, against.from), to: later(range.to, against.to) }, now);
}

function once<K, V>(find: (key: K) => V): (key: K) => V {
  const found = new Map<K, V>();
  return (key) => {
    const value = found.get(key) ?? find(key);
    found.set(key, value);
    return value;
  };
}

/**
 * One figure; in an `overview` of many, different units are not counted for each step as well: that alone would cost
 * as much as all the others.
 */
export async function figureOf(
  working: Working,
  metric: Metric,
  among: 'alone' | 'overview' = 'alone',
): Promise<Figure> {
  const { range, against, now, evaluate } = working;
  const [value, before, steps, asOf] = await Promise.all([
    wholeOf(evaluate, metric, range),
    metric.knows === 'present' ? null : wholeOf(evaluate, metric, against),
    among === 'overview' && has(metric.value, 'distinct') ? [] : stepsIn(working, metric),
    oldest(working, metric),
  ]);
  return {
    ...{ metric, range, value, asOf },
    change: changeOf(metric, value, before, against, range.partial),
    steps: steps.map(({ split, ...step }) => ({ ...step, value: split.get('') ?? null })),
    by: null,
    parts: [],
    state: stateOf(metric, asOf, range, now),
  };
}

/** When the stream that was folded longest ago was; null while none has facts. What is counted at its place is as of now. */
async function oldest({ asOf, now }: Working, metric: Metric): Promise<Date | null> {
  const streams = sourcesOf(metric);
  if (streams.length === 0) return now;
  const known = await Promise.all(streams.map(asOf));
  const times = known.filter((at) => at !== null).map((at) => at.getTime());
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}

async function wholeOf(evaluate: Evaluator, { value }: Metric, { from, to }: Span): Promise<number | null> {
  return (await evaluate(value, { from, to })).get('') ?? null;
}

type SplitStep = Omit<Step, 'value'> & { readonly split: Split };

/** The value of each step of the range; nothing for what is only known now or would be asked of each step anew. */
async function stepsIn({ range, evaluate, stepsBy }: Working, metric: Metric): Promise<readonly SplitStep[]> {
  if (metric.knows === 'present' || readsOnce(metric.value)) return [];
  const grain = range.grain === 'hour' && isByDays(metric.value) ? 'day' : range.grain;
  return Promise.all(
    stepsBy(grain).map(async (step) => ({
      ...step,
      split: await evaluate(metric.value, step),
    })),
  );
}

/** What the value splits into, the largest first. */
export async function partsOf(working: Working, metric: Metric): Promise<readonly Part[]> {
  const whole = await working.evaluate(metric.value, working.range);
  const steps = await stepsIn(working, metric);
  const ofPart = (name: string): Step[] =>
    steps.map(({ split, ...step }) => ({ ...step, value: split.get(name) ?? null }));
  return [...whole]
    .map(([name, value]) => ({ name, value, steps: ofPart(name) }))
    .filter(({ name, value }) => name !== '' || (value ?? 0) !== 0)
    .sort((a, b) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0) || (a.name < b.name ? -1 : 1));
}

function has(value: Expression, kind: Expression['kind']): boolean {
  return leavesOf(value).some((leaf) => leaf.kind === kind);
}

/** Whether a port behind it would be asked for each step anew, and does not say that it can bear it. */
function readsOnce(value: Expression): boolean {
  return leavesOf(value).some((leaf) => leaf.kind === 'read' && leaf.steps !== true);
}

/** The streams whose facts make up the number. */
function sourcesOf({ value, rows }: Metric): readonly string[] {
  return [...new Set([...streamsOf(value), ...(rows ? [rows.stream] : [])])];
}

/** Facts that were folded long before the end of what was asked leave it open what is missing. */
function stateOf(metric: Metric, asOf: Date | null, { to }: Range, now: Date): Figure['state'] {
  if (sourcesOf(metric).length === 0) return 'data';
  if (asOf === null) return 'empty';
  const end = Math.min(to.getTime(), now.getTime());
  return end - asOf.getTime() > STALE_MS ? 'stale' : 'data';
}

/** A stretch of hours says them; days and longer do not. */
const isHours = ({ words }: Span): boolean => words.includes(':');

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
const later = (a: Date, b: Date): Date => (a > b ? a : b);
