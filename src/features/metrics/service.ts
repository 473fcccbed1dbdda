// Answers questions about metrics: one figure with its change and its line, the figures of the first page, and rows.
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { type Range, type Span, stepsOf } from '../../core/ranges.ts';
import type { FactRow, RollupReader } from '../../core/rollups.ts';
import { type Expression, type Metric, type Split, streamsOf } from './definition.ts';
import { createEvaluator, type Evaluator } from './evaluate.ts';
import { type Change, changeOf } from './figure.ts';
import { type Asked, metricNamed, type Question, readQuestion } from './question.ts';

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

export interface MetricService {
  readonly metrics: readonly Metric[];
  /** Whether numbers come from a place where nothing is real: every export says so. */
  readonly sandbox: boolean;
  readonly publicUrl: () => string;
  ask(ctx: Ctx, asked: Asked): Question;
  named(words: string): Metric;
  /** @throws AppError `input.invalid` for what is asked wrongly. */
  figure(ctx: Ctx, question: Question & { readonly metric: Metric }): Promise<Figure>;
  /** The figures of these metrics over one range, each sum read once for all of them. */
  figures(
    ctx: Ctx,
    metrics: readonly Metric[],
    question: Pick<Question, 'range' | 'against'>,
  ): Promise<readonly (Figure | { readonly metric: Metric; readonly failed: unknown })[]>;
  /** The facts behind a number, the newest first. */
  rows(
    ctx: Ctx,
    metric: Metric,
    range: Range,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<RowPage>;
}

/** Facts with what is personal masked, and where to go on. */
export interface RowPage {
  readonly rows: readonly FactRow[];
  readonly next: string | null;
}

export interface MetricOptions {
  readonly metrics: readonly Metric[];
  readonly rollups: RollupReader;
  readonly sandbox: boolean;
  readonly publicUrl: () => string;
}

/** Facts older than this at the end of what was asked are worth a word. */
const STALE_MS = 26 * 3_600_000;

export function createMetricService(options: MetricOptions): MetricService {
  const { metrics, rollups, sandbox, publicUrl } = options;
  const taken = new Set(metrics.map(({ id }) => id));
  if (taken.size !== metrics.length) throw new Error('two metrics share an id');

  const evaluatorFor = (
    ctx: Ctx,
    { range, against }: Pick<Question, 'range' | 'against'>,
    by?: string,
  ): Evaluator =>
    createEvaluator({
      rollups,
      tenant: ctx.tenant,
      zone: ctx.zone,
      now: ctx.now,
      window: { from: earlier(range.from, against.from), to: later(range.to, against.to) },
      byDays: range.grain !== 'hour' && !isHours(against),
      ...(by === undefined ? {} : { by }),
    });

  async function figureOf(
    ctx: Ctx,
    metric: Metric,
    { range, against }: Pick<Question, 'range' | 'against'>,
    evaluate: Evaluator,
  ): Promise<Figure> {
    const [value, before, steps, asOf] = await Promise.all([
      wholeOf(evaluate, metric, range),
      metric.knows === 'present' ? null : wholeOf(evaluate, metric, against),
      stepsIn(evaluate, metric, range, ctx.now),
      asOfAll(ctx.tenant, metric),
    ]);
    return {
      metric,
      range,
      value,
      change: changeOf(metric, value, before, against, range.partial),
      steps: steps.map((step) => ({ ...step, value: step.split.get('') ?? null })),
      by: null,
      parts: [],
      asOf,
      state: stateOf(metric, asOf, range, ctx.now),
    };
  }

  async function asOfAll(tenant: string, metric: Metric): Promise<Date | null> {
    const known = await Promise.all(sourcesOf(metric).map((stream) => rollups.asOf(tenant, stream)));
    const times = known.filter((at) => at !== null).map((at) => at.getTime());
    return times.length > 0 ? new Date(Math.min(...times)) : null;
  }

  return {
    metrics,
    sandbox,
    publicUrl,
    ask: (ctx, asked) => readQuestion(asked, metrics, { now: ctx.now, zone: ctx.zone }),
    named: (words) => metricNamed(words, metrics),
    figure: async (ctx, { metric, by, ...question }) => {
      const figure = await figureOf(ctx, metric, question, evaluatorFor(ctx, question));
      if (by === undefined) return figure;
      const evaluate = evaluatorFor(ctx, question, by);
      return { ...figure, by, parts: await partsOf(evaluate, metric, question.range, ctx.now) };
    },
    figures: async (ctx, some, question) => {
      const evaluate = evaluatorFor(ctx, question);
      return Promise.all(
        some.map((metric) =>
          figureOf(ctx, metric, question, evaluate).catch((failed: unknown) => ({ metric, failed })),
        ),
      );
    },
    rows: async (ctx, { id, rows }, { from, to }, page) => {
      if (!rows) throw new AppError('input.invalid', `“${id}” is not counted from facts: there are no rows.`);
      const found = await rollups.rows(ctx.tenant, { ...rows, from, to, ...page });
      return {
        rows: found,
        next: found.length === page.limit ? (found.at(-1)?.id ?? null) : null,
      };
    },
  };
}

async function wholeOf(evaluate: Evaluator, { value }: Metric, { from, to }: Span): Promise<number | null> {
  return (await evaluate(value, { from, to })).get('') ?? null;
}

type SplitStep = Omit<Step, 'value'> & { readonly split: Split };

/** The value of each step of the range; nothing for what is only known now or would be asked of each step anew. */
async function stepsIn(
  evaluate: Evaluator,
  metric: Metric,
  range: Range,
  now: Date,
): Promise<readonly SplitStep[]> {
  if (metric.knows === 'present' || has(metric.value, 'read')) return [];
  const grain = range.grain === 'hour' && has(metric.value, 'distinct') ? 'day' : range.grain;
  return Promise.all(
    stepsOf({ ...range, grain }, now).map(async (step) => ({
      ...step,
      split: await evaluate(metric.value, step),
    })),
  );
}

async function partsOf(
  evaluate: Evaluator,
  metric: Metric,
  range: Range,
  now: Date,
): Promise<readonly Part[]> {
  const whole = await evaluate(metric.value, range);
  const steps = await stepsIn(evaluate, metric, range, now);
  const ofPart = (name: string): Step[] =>
    steps.map(({ split, ...step }) => ({ ...step, value: split.get(name) ?? null }));
  return [...whole]
    .map(([name, value]) => ({ name, value, steps: ofPart(name) }))
    .filter(({ name, value }) => name !== '' || (value ?? 0) !== 0)
    .sort((a, b) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0) || (a.name < b.name ? -1 : 1));
}

function has(value: Expression, kind: Expression['kind']): boolean {
  if (value.kind === kind) return true;
  switch (value.kind) {
    case 'plus':
      return value.terms.some((term) => has(term, kind));
    case 'times':
    case 'atLeast':
      return has(value.of, kind);
    case 'over':
      return has(value.top, kind) || has(value.bottom, kind);
    default:
      return false;
  }
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
