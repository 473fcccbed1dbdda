// A chart on a page: the finding as its title, one drawing for room and one for a phone, the same values as a table.
import type { ReactElement, ReactNode } from 'react';
import type { Column, Text } from '../../core/reply.ts';
import { ReplyTable } from '../components/reply-view.tsx';
import { exactTime } from '../components/time.tsx';
import { Bars, type BarsProps } from './bars.tsx';
import { type ChartSize, narrow, wide } from './chart-frame.tsx';
import type { LinePoint } from './line-scales.ts';
import { LineWithBand, type LineWithBandProps } from './line-with-band.tsx';

interface ChartFigureProps {
  readonly id: string;
  readonly finding: string;
  /** Period, zone, as-of: the small line under the title. */
  readonly note?: ReactNode;
  readonly chart: (size: ChartSize) => ReactElement;
  readonly table: { readonly columns: readonly Column[]; readonly rows: readonly (readonly Text[])[] };
}

export function ChartFigure({ id, finding, note, chart, table }: ChartFigureProps): ReactElement {
  return (
    <figure className="chart-figure">
      <figcaption>
        <h2>{finding}</h2>
        {note && <p className="quiet-text">{note}</p>}
      </figcaption>
      {chart(wide)}
      {chart(narrow)}
      <details id={`${id}-values`}>
        <summary>The values as a table</summary>
        <ReplyTable {...table} label={finding} />
      </details>
    </figure>
  );
}

/** A line chart with its table made from the same values. */
export function LineFigure(props: LineWithBandProps & { readonly note?: ReactNode }): ReactElement {
  const { note, ...chart } = props;
  return (
    <ChartFigure
      id={props.id}
      finding={props.finding}
      note={note}
      chart={(size) => <LineWithBand {...chart} size={size} />}
      table={lineTable(chart)}
    />
  );
}

/** A bar chart with its table made from the same values. */
export function BarsFigure(props: BarsProps & { readonly note?: ReactNode }): ReactElement {
  const { note, ...chart } = props;
  const limited = chart.bars.some((bar) => bar.limit !== undefined);
  return (
    <ChartFigure
      id={props.id}
      finding={props.finding}
      note={note}
      chart={(size) => <Bars {...chart} size={size} />}
      table={{
        columns: [
          { label: 'Name' },
          { label: 'Value', numeric: true },
          ...(limited ? [{ label: chart.limitName ?? 'Limit', numeric: true }] : []),
        ],
        rows: chart.bars.map((bar) => [
          bar.label,
          chart.format(bar.value),
          ...(limited ? [bar.limit === undefined ? '' : chart.format(bar.limit)] : []),
        ]),
      }}
    />
  );
}

function lineTable({ lines, x, y }: LineWithBandProps): ChartFigureProps['table'] {
  const write = (at: Date | number): string =>
    at instanceof Date && x.kind === 'time'
      ? exactTime(at, x.zone)
      : new Intl.NumberFormat('en-IN').format(Number(at));
  const places = new Map<number, Date | number>();
  for (const { points } of lines) for (const point of points) places.set(Number(point.x), point.x);
  const byPlace = lines.map((line) => new Map(line.points.map((point) => [Number(point.x), point])));
  return {
    columns: [
      { label: x.kind === 'time' ? 'Time' : x.label },
      ...lines.map(({ name }) => ({ label: name, numeric: true })),
    ],
    rows: [...places.entries()]
      .sort(([a], [b]) => a - b)
      .map(([key, at]) => [write(at), ...byPlace.map((points) => pointText(points.get(key), y.format))]),
  };
}

function pointText(point: LinePoint | undefined, format: (value: number) => string): string {
  if (!point) return '';
  if (point.low === undefined || point.high === undefined) return format(point.y);
  return `${format(point.y)} (${format(point.low)} to ${format(point.high)})`;
}
