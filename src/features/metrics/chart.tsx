// The chart of one figure, for its page and as a picture in chat: its line over the range, or its parts as bars.
import type { ReactElement } from 'react';
import type { Language } from '../../core/context.ts';
import type { Grain } from '../../core/ranges.ts';
import { type Block, picture } from '../../core/reply.ts';
import { Bars, type BarsProps } from '../../ui/charts/bars.tsx';
import type { ChartProps } from '../../ui/charts/chart-frame.tsx';
import { chartSvg } from '../../ui/charts/chart-svg.tsx';
import { LineWithBand, type LineWithBandProps } from '../../ui/charts/line-with-band.tsx';
import { zoneName } from '../../ui/components/time.tsx';
import type { ShownFigure } from './shown.ts';
import { findingOf, partName, sentencesIn, shortValue } from './words.ts';

export type FigureChart =
  | { readonly kind: 'line'; readonly props: LineWithBandProps; readonly note: string }
  | { readonly kind: 'bars'; readonly props: BarsProps; readonly note: string };

const BARS_MAX = 12;
/** Fewer are told as well by their numbers. */
const POINTS_MIN = 3;

const stepWords: Readonly<Record<Language, Readonly<Record<Grain, string>>>> = {
  en: { hour: 'by the hour', day: 'by day', week: 'by week', month: 'by month' },
  hi: { hour: 'हर घंटे', day: 'हर दिन', week: 'हर हफ़्ते', month: 'हर महीने' },
};

/** The chart of a figure; null while there is nothing that a drawing would tell better. */
export function figureChart(figure: ShownFigure, language: Language): FigureChart | null {
  return figure.by === null ? lineOf(figure, language) : barsOf(figure, language);
}

/** As a block of a reply, described by its finding; nothing while there is nothing to draw. */
export function figurePicture(figure: ShownFigure, language: Language): readonly Block[] {
  const chart = figureChart(figure, language);
  if (!chart) return [];
  return [picture(chart.props.finding, chartSvg(drawn(chart), chart.note))];
}

function drawn(chart: FigureChart): ReactElement<ChartProps> {
  return chart.kind === 'line' ? <LineWithBand {...chart.props} /> : <Bars {...chart.props} />;
}

/** Steps that are not over are left out: a line that falls at its end would be read as a fall. */
function lineOf(figure: ShownFigure, language: Language): FigureChart | null {
  const { id, unit, range, steps } = figure;
  const points = steps.flatMap(({ from, partial, value }) =>
    partial || value === null ? [] : [{ x: new Date(from), y: value }],
  );
  if (points.length < POINTS_MIN) return null;
  const name = figure.name[language];
  return {
    kind: 'line',
    props: {
      id: `chart-${id}`,
      finding: findingOf(figure, language),
      description: `${name} ${stepWords[language][range.grain]}, ${range.words}.`,
      lines: [{ name, points }],
      x: { kind: 'time', zone: range.zone, label: zoneName(new Date(range.from), range.zone) },
      y: {
        label: `${name}, ${stepWords[language][range.grain]}`,
        format: (value) => shortValue(value, unit),
      },
    },
    note: noteOf(figure, steps.length - points.length, language),
  };
}

function barsOf(figure: ShownFigure, language: Language): FigureChart | null {
  const { id, unit, parts, range } = figure;
  const known = parts.filter((part) => part.value !== null);
  if (known.length < 2) return null;
  return {
    kind: 'bars',
    props: {
      id: `chart-${id}`,
      finding: findingOf(figure, language),
      description: `${figure.name[language]} by ${figure.by ?? ''}, ${range.words}.`,
      bars: known
        .slice(0, BARS_MAX)
        .map(({ name, value }) => ({ label: partName(name, language), value: value ?? 0 })),
      format: (value) => shortValue(value, unit),
    },
    note: noteOf(figure, 0, language),
  };
}

function noteOf({ id, definition, range, parts }: ShownFigure, left: number, language: Language): string {
  const more = parts.length - BARS_MAX;
  const words = [
    range.words,
    range.zone,
    `${id} v${definition.version}`,
    left > 0 && `${sentencesIn(language).partialMark}: ${left}`,
    more > 0 && `+${more}`,
  ];
  return words.filter(Boolean).join(' · ');
}
