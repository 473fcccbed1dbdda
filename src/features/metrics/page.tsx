// The page of metrics: the figures of the first page over one range, each by itself, and a list of all the others.
import type { ReactElement } from 'react';
import type { Ctx } from '../../core/context.ts';
import { type AppError, toAppError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { Range } from '../../core/ranges.ts';
import { Sparkline } from '../../ui/charts/sparkline.tsx';
import { FilterForm } from '../../ui/components/filter-form.tsx';
import { EmptyState, type Loaded } from '../../ui/components/loaded.tsx';
import { Tile, type Figure as TileFigure, Tiles } from '../../ui/components/tile.tsx';
import { zoneName } from '../../ui/components/time.tsx';
import type { Frame } from '../../ui/frame.ts';
import { loadPart } from '../../ui/load-part.ts';
import { pagesOf } from '../../ui/page.ts';
import { type Metric, metricSections } from './definition.ts';
import { figurePage } from './page-figure.tsx';
import { rowsPage } from './page-rows.tsx';
import { DEFAULT_RANGE } from './question.ts';
import type { MetricService } from './service.ts';
import { type ShownFigure, showFigure } from './shown.ts';
import { sentencesIn, shortChange, shortValue, valueWords } from './words.ts';
import type { Figure } from './work-out.ts';

export interface MetricPageNeeds {
  readonly metrics: MetricService;
  readonly logger: Logger;
}

interface Model {
  readonly range: Range | null;
  /** Why the range could not be read. */
  readonly problem: AppError | null;
  readonly tiles: readonly { readonly metric: Metric; readonly of: Loaded<TileFigure> }[];
  readonly others: readonly Metric[];
}

const HERE = '/admin/metrics';
const SPARK_MIN = 3;

const overviewPage = pagesOf<MetricPageNeeds>()({
  path: HERE,
  permission: 'metrics.read',
  menu: { section: 'Reports', label: 'Metrics', order: 10, icon: 'growth' },
  load: async (ctx, query): Promise<Model> => {
    const { metrics } = ctx.services;
    const headline = metrics.metrics.filter((metric) => metric.headline);
    const others = metrics.metrics.filter((metric) => !metric.headline);
    try {
      const { range, against } = metrics.ask(ctx, { range: query['range'] ?? DEFAULT_RANGE });
      const figures = await metrics.figures(ctx, headline, { range, against });
      const tiles = await Promise.all(
        figures.map(async (figure) => ({
          metric: figure.metric,
          of: await loadPart<TileFigure>(ctx, { name: figure.metric.id, retry: HERE }, async () =>
            tileOf(figure, metrics, ctx),
          ),
        })),
      );
      return { range, problem: null, tiles, others };
    } catch (thrown) {
      const problem = toAppError(thrown);
      if (problem.code !== 'input.invalid') throw thrown;
      return { range: null, problem, tiles: [], others };
    }
  },
  title: 'Metrics',
  view: (model, frame) => <MetricsView {...model} frame={frame} />,
});

export const metricPages = [overviewPage, figurePage, rowsPage];

/** @throws whatever the figure failed with, so that the tile says so with its reference. */
function tileOf(
  figure: Figure | { readonly failed: unknown },
  house: MetricService,
  { language, now }: Pick<Ctx, 'language' | 'now'>,
): Loaded<TileFigure> {
  if ('failed' in figure) throw figure.failed;
  const say = sentencesIn(language);
  const shown = showFigure(figure, house);
  if (figure.state === 'empty')
    return {
      state: 'empty',
      why: `${say.empty}.`,
      next: { label: 'Definition', href: hrefOf(shown) },
    };
  const value: TileFigure = {
    value: valueWords(shown.value, shown.unit),
    period: periodOf(shown, language),
    href: hrefOf(shown),
    ...changeMark(shown, language),
    note: <Spark figure={shown} />,
  };
  // What is read here and now is as fresh as the page.
  const asOf = figure.asOf ?? now;
  return figure.state === 'stale'
    ? { state: 'stale', value, asOf, reason: 'No newer facts have come in.' }
    : { state: 'data', value, asOf };
}

/** Its days, whether they are over, and whether there is anything to compare them with. */
function periodOf({ range, change }: ShownFigure, language: Frame['language']): string {
  const say = sentencesIn(language);
  const partial = range.partial ? ` (${say.partialMark})` : '';
  return `${range.words}${partial}${change.withheld === 'no-data' ? `; ${say.incomparable}` : ''}`;
}

function changeMark(figure: ShownFigure, language: Frame['language']): Pick<TileFigure, 'status' | 'word'> {
  const word = shortChange(figure.change, figure.unit, language);
  if (word === '') return {};
  const against = `${word} against ${figure.change.against.words}`;
  return figure.change.good === false ? { status: 'look', word: against } : { status: 'ok', word: against };
}

function Spark({ figure }: { readonly figure: ShownFigure }): ReactElement | null {
  const values = figure.steps.flatMap(({ value, partial }) => (value === null || partial ? [] : [value]));
  if (values.length < SPARK_MIN) return null;
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  const words = `${figure.name.en}, ${figure.range.words}: from ${shortValue(first, figure.unit)} to ${shortValue(last, figure.unit)}`;
  return <Sparkline id={`spark-${figure.id}`} values={values} finding={words} />;
}

function hrefOf({ links }: ShownFigure): string {
  const { pathname, search } = new URL(links.page);
  return pathname + search;
}

function MetricsView({
  range,
  problem,
  tiles,
  others,
  frame,
}: Model & { readonly frame: Frame }): ReactElement {
  return (
    <>
      <FilterForm
        frame={frame}
        filters={[{ name: 'range', label: `Range (${DEFAULT_RANGE} unless told)`, none: DEFAULT_RANGE }]}
      />
      {problem && (
        <EmptyState why={problem.publicMessage} next={{ label: `Show ${DEFAULT_RANGE}`, href: HERE }} />
      )}
      {range?.partial && (
        <p className="quiet-text">{range.words} is not over: values stand so far, and no change is given.</p>
      )}
      {metricSections.map((section) => (
        <Section key={section} name={section} tiles={tiles} frame={frame} />
      ))}
      <section aria-labelledby="others">
        <h2 id="others">More</h2>
        <ul>
          {others.map((metric) => (
            <li key={metric.id}>
              <a href={`${HERE}/${metric.id}`}>{metric.name[frame.language]}</a>: {metric.formula}
            </li>
          ))}
        </ul>
      </section>
      <p className="quiet-text">
        Days are those of {zoneName(frame.now, frame.zone)} ({frame.zone}). In chat:{' '}
        <code>metrics revenue last 7 days</code>.
      </p>
    </>
  );
}

function Section(props: {
  readonly name: string;
  readonly tiles: Model['tiles'];
  readonly frame: Frame;
}): ReactElement | null {
  const { name, frame } = props;
  const own = props.tiles.filter(({ metric }) => metric.section === name);
  if (own.length === 0) return null;
  // No landmark of its own: a tile in it may bear the same name.
  return (
    <div>
      <h2>{name}</h2>
      <Tiles>
        {own.map(({ metric, of }) => (
          <Tile key={metric.id} label={metric.name[frame.language]} of={of} frame={frame} />
        ))}
      </Tiles>
    </div>
  );
}
