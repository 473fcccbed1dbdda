// Answers questions about metrics: one figure with its change and its line, the figures of the first page, and rows.
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { Range } from '../../core/ranges.ts';
import type { FactRow, RollupReader } from '../../core/rollups.ts';
import { lastDays, upToNow } from './days.ts';
import type { Metric } from './definition.ts';
import { type Asked, metricNamed, type Question, readQuestion } from './question.ts';
import { type Figure, figureOf, partsOf, workingOn } from './work-out.ts';

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

export function createMetricService(options: MetricOptions): MetricService {
  const { metrics, rollups, sandbox, publicUrl } = options;
  const taken = new Set(metrics.map(({ id }) => id));
  if (taken.size !== metrics.length) throw new Error('two metrics share an id');

  return {
    metrics,
    sandbox,
    publicUrl,
    ask: (ctx, asked) => readQuestion(asked, metrics, { now: ctx.now, zone: ctx.zone }),
    named: (words) => metricNamed(words, metrics),
    figure: async (ctx, { metric, by, ...question }) => {
      const figure = await figureOf(workingOn(rollups, ctx, question), metric);
      if (by === undefined) return figure;
      return { ...figure, by, parts: await partsOf(workingOn(rollups, ctx, question, by), metric) };
    },
    figures: async (ctx, some, question) => {
      const working = workingOn(rollups, ctx, question);
      return Promise.all(
        some.map((metric) =>
          figureOf(working, metric, 'overview').catch((failed: unknown) => ({ metric, failed })),
        ),
      );
    },
    rows: async (ctx, { id, rows }, { from, to }, page) => {
      if (!rows) throw new AppError('input.invalid', `“${id}” is not counted from facts: there are no rows.`);
      const { days, ...behind } = rows;
      const begun = upToNow({ from, to }, ctx.now);
      const stretch = days === undefined ? begun : lastDays(days, begun, ctx.zone);
      const found = await rollups.rows(ctx.tenant, { ...behind, ...stretch, ...page });
      return {
        rows: found,
        next: found.length === page.limit ? (found.at(-1)?.id ?? null) : null,
      };
    },
  };
}
