// The page of one metric: its value and change, its chart with the values as a table, its parts, its definition.
import type { ReactElement } from 'react';
import { holds } from '../../core/permissions.ts';
import { BarsFigure, LineFigure } from '../../ui/charts/chart-figure.tsx';
import { FilterForm } from '../../ui/components/filter-form.tsx';
import { EmptyState, StaleNote } from '../../ui/components/loaded.tsx';
import { StatusMark } from '../../ui/components/status.tsx';
import { exactTime, zoneName } from '../../ui/components/time.tsx';
import type { Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import { figureChart } from './chart.tsx';
import type { Metric } from './definition.ts';
import { exportFormats } from './export.ts';
import { DEFAULT_RANGE } from './question.ts';
import type { MetricService } from './service.ts';
import { type ShownFigure, showFigure } from './shown.ts';
import { changeWords, sentencesIn, valueWords } from './words.ts';

interface Model {
  readonly metric: Metric;
  readonly figure: ShownFigure;
  /** The same without its split: the line over the range stays above the bars. */
  readonly whole: ShownFigure;
}

export const figurePage = pagesOf<{ readonly metrics: MetricService }>()({
  path: '/admin/metrics/:metric',
  permission: 'metrics.read',
  load: async ({ services: { metrics }, ...ctx }, query): Promise<Model> => {
    const metric = metrics.named(query['metric'] ?? '');
    const asked = metrics.ask(ctx, {
      metric: metric.id,
      range: query['range'] ?? DEFAULT_RANGE,
      by: query['by'],
      versus: query['versus'],
    });
    const figure = showFigure(await metrics.figure(ctx, { ...asked, metric }), metrics);
    return { metric, figure, whole: { ...figure, by: null, parts: [] } };
  },
  title: ({ metric }) => metric.name.en,
  trail: () => [{ label: 'Metrics', href: '/admin/metrics' }],
  view: (model, frame) => <FigureView {...model} frame={frame} />,
});

function FigureView({ metric, figure, whole, frame }: Model & { readonly frame: Frame }): ReactElement {
  return (
    <>
      <FilterForm
        frame={frame}
        filters={[
          { name: 'range', label: 'Range', none: DEFAULT_RANGE },
          { name: 'versus', label: 'Against (the period before unless told)' },
          ...(metric.dimensions.length > 0
            ? [
                {
                  name: 'by',
                  label: 'Split by',
                  none: 'Nothing',
                  choices: metric.dimensions.map((value) => ({ value, label: value })),
                },
              ]
            : []),
        ]}
      />
      {figure.state === 'empty' ? (
        <EmptyState why={`${sentencesIn(frame.language).empty}.`} />
      ) : (
        <>
          <Headline figure={figure} frame={frame} />
          <Chart figure={whole} frame={frame} />
          {figure.by !== null && <Chart figure={figure} frame={frame} />}
          <Links figure={figure} frame={frame} />
        </>
      )}
      <Definition metric={metric} frame={frame} />
    </>
  );
}

function Headline({ figure, frame }: { readonly figure: ShownFigure; readonly frame: Frame }): ReactElement {
  const { change, unit, range, value, asOf, state } = figure;
  const say = sentencesIn(frame.language);
  return (
    <section aria-label={figure.name[frame.language]}>
      {state === 'stale' && asOf && (
        <StaleNote asOf={new Date(asOf)} reason="No newer facts have come in." frame={frame} />
      )}
      <p className="tile-value">{valueWords(value, unit)}</p>
      <p className="headline">
        {change.good !== null && <StatusMark status={change.good ? 'ok' : 'look'} word="" />}{' '}
        {changeWords(change, { unit, range }, frame.language)}
      </p>
      <p className="quiet-text">
        {range.words}
        {range.partial ? ` (${say.partialMark})` : ''}, {zoneName(frame.now, range.zone)}
        {asOf && `, as of ${exactTime(new Date(asOf), frame.zone)}`}
      </p>
    </section>
  );
}

function Chart({
  figure,
  frame,
}: {
  readonly figure: ShownFigure;
  readonly frame: Frame;
}): ReactElement | null {
  const chart = figureChart(figure, frame.language);
  if (!chart) return null;
  return chart.kind === 'line' ? (
    <LineFigure {...chart.props} note={chart.note} />
  ) : (
    <BarsFigure {...chart.props} id={`${chart.props.id}-parts`} note={chart.note} />
  );
}

function Links({ figure, frame }: { readonly figure: ShownFigure; readonly frame: Frame }): ReactElement {
  const csv = localOf(figure.links.csv);
  const maySee = frame.person !== null && holds(frame.person.role, 'fact.read');
  return (
    <p>
      Export:{' '}
      {exportFormats.map((format, place) => (
        <span key={format}>
          {place > 0 && ' · '}
          <a href={csv.replace('format=csv', `format=${format}`)}>{format.toUpperCase()}</a>
        </span>
      ))}
      {figure.links.rows !== null && maySee && (
        <>
          {' · '}
          <a href={localOf(figure.links.rows)}>The facts behind it</a>
        </>
      )}
    </p>
  );
}

function Definition({ metric, frame }: { readonly metric: Metric; readonly frame: Frame }): ReactElement {
  return (
    <section aria-labelledby="definition">
      <h2 id="definition">Definition</h2>
      <p>
        {metric.name[frame.language]} is {metric.formula}.
      </p>
      <p className="quiet-text">
        <code>{metric.id}</code> version {metric.version}; source: {metric.source}; kept by {metric.owner}.
      </p>
    </section>
  );
}

function localOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}
