// The chart of one experiment, for its page and as a picture in chat: conversion of each arm with its band.
import type { Language } from '../../core/context.ts';
import { type Block, picture } from '../../core/reply.ts';
import { chartSvg } from '../../ui/charts/chart-svg.tsx';
import { LineWithBand, type LineWithBandProps } from '../../ui/charts/line-with-band.tsx';
import { exactTime, zoneName } from '../../ui/components/time.tsx';
import { formatCount, formatShare } from '../../ui/components/values.tsx';
import { chartWords } from './chart-words.ts';
import { findingOf } from './finding.ts';
import type { ShownReport } from './shapes.ts';

type Series = ShownReport['series'][number];
type Point = Series['points'][number];

export interface ExperimentChart {
  readonly chart: LineWithBandProps;
  /** Period, zone, and what was left out: the small line under the title. */
  readonly note: string;
}

/** A chart with more lines says nothing. */
const LINES_MAX = 4;
/** Early bands that are wider than this many of the last one would press everything else flat. */
const EARLY_BAND_MAX = 5;
/** The axis starts at zero unless the values then take less of its height than this. */
const HEIGHT_MIN = 0.5;

/** The chart of a report, in English unless told; null while there is nothing to draw. */
export function experimentChart(
  report: ShownReport,
  zone: string,
  language: Language = 'en',
): ExperimentChart | null {
  const series = chosenSeries(report);
  const from = startOf(series);
  const lines = series.map(({ variant, points }) => ({
    name: variant,
    points: points.filter((point) => point.x >= from).map((point) => placed(point, report.axis)),
  }));
  if (lines.every((line) => line.points.length === 0)) return null;
  const shown = series.flatMap(({ points }) => points.filter((point) => point.x >= from));
  const low = Math.min(...shown.map((point) => point.low));
  const high = Math.max(...shown.map((point) => point.high));
  const isCut = high > 0 && (high - low) / high < HEIGHT_MIN;
  const decimals = high - (isCut ? low : 0) < 0.005 ? 2 : 1;
  const finding = findingOf(report, language);
  const say = chartWords[language];
  const last = shown.reduce((newest, point) => Math.max(newest, point.x), 0);
  return {
    chart: {
      id: `chart-${report.experiment}`,
      finding,
      description: say.described(
        report.metric,
        lines.map((line) => line.name),
        report.axis,
      ),
      lines,
      x:
        report.axis === 'time'
          ? { kind: 'time', zone, label: zoneName(new Date(last), zone) }
          : { kind: 'count', label: say.exposures },
      y: {
        label: say.share(report.metric),
        format: (value) => formatShare(value, decimals),
        ...(isCut ? { from: low } : {}),
      },
    },
    note: noteOf(report, from, { zone, language }),
  };
}

/** The chart as a block of a reply, described by its finding; nothing while there is nothing to draw. */
export function chartPicture(report: ShownReport, zone: string, language: Language = 'en'): Block[] {
  const drawn = experimentChart(report, zone, language);
  if (!drawn) return [];
  return [picture(drawn.chart.finding, chartSvg(<LineWithBand {...drawn.chart} />, drawn.note))];
}

/** The default first, then the challengers that convert best. */
function chosenSeries({ series, arms, default: control }: ShownReport): readonly Series[] {
  const rates = new Map(arms.map((arm) => [arm.variant, arm.rate ?? 0]));
  const rank = ({ variant }: Series): number => (variant === control ? 2 : (rates.get(variant) ?? 0));
  return series.toSorted((a, b) => rank(b) - rank(a)).slice(0, LINES_MAX);
}

/** Where the drawing starts: from there on no band is much wider than the widest of the last ones. */
function startOf(series: readonly Series[]): number {
  const widest = Math.max(0, ...series.map(({ points }) => widthOf(points.at(-1))));
  const late = series.flatMap(({ points }) => {
    const wide = points.findLastIndex((point) => widthOf(point) > widest * EARLY_BAND_MAX);
    return points[wide + 1]?.x ?? [];
  });
  return Math.max(Number.NEGATIVE_INFINITY, ...late);
}

const widthOf = (point: Point | undefined): number => (point ? point.high - point.low : 0);

function placed({ x, rate, low, high }: Point, axis: ShownReport['axis']) {
  return { x: axis === 'time' ? new Date(x) : x, y: rate, low, high };
}

function noteOf(
  report: ShownReport,
  from: number,
  { zone, language }: { readonly zone: string; readonly language: Language },
): string {
  const { units, axis, series } = report;
  const say = chartWords[language];
  const isLate = series.some(({ points }) => (points[0]?.x ?? from) < from);
  const left = report.arms.length - Math.min(LINES_MAX, series.length);
  const parts = [
    say.counted(units, formatCount(units)),
    axis === 'time' ? say.times(zone) : say.noTimes,
    isLate && say.drawnFrom(axis === 'time' ? exactTime(new Date(from), zone) : formatCount(from)),
    left > 0 && say.moreArms(left),
  ];
  return parts.filter(Boolean).join('; ');
}
