// Where the values of a line chart stand on paper: scales, ticks, and labels that keep clear of each other.
import { extent, max, min } from 'd3-array';
import { scaleLinear, scaleUtc } from 'd3-scale';
import { type ChartSize, textWidth, wrapText } from './chart-frame.tsx';
import { tickWriter, wallTime } from './zoned-axis.ts';

export interface LinePoint {
  readonly x: Date | number;
  readonly y: number;
  /** The band around the line: both or neither. */
  readonly low?: number;
  readonly high?: number;
}

export interface Line {
  readonly name: string;
  /** In the order of x. */
  readonly points: readonly LinePoint[];
}

/** `time`: points carry dates. `count`: they carry numbers of something, such as exposures. */
export type XAxis =
  | { readonly kind: 'time'; readonly zone: string; readonly label: string }
  | { readonly kind: 'count'; readonly label: string };

export interface YAxis {
  readonly label: string;
  readonly format: (value: number) => string;
  /** Where the axis starts when it does not start at zero; the chart then marks the break. */
  readonly from?: number;
}

export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

export interface LineLayout {
  /** What the vertical axis shows, on as many lines as it needs. */
  readonly yLabel: readonly string[];
  readonly lines: readonly {
    readonly name: string;
    readonly last: number;
    readonly points: readonly Placed[];
  }[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Where zero stands when values lie on both sides of it. */
  readonly zeroAt: number | undefined;
}

const LABEL_LINE = 16;
const BELOW = 28;

export function layOutLines(options: {
  readonly lines: readonly Line[];
  readonly x: XAxis;
  readonly y: YAxis;
  readonly size: ChartSize;
  readonly height: number;
}): LineLayout {
  const { lines, x, y, size, height } = options;
  const bottom = height - BELOW;
  const yScale = scaleLinear().domain(yDomain(lines, y)).nice(5);
  const [lowest = 0, highest = 0] = yScale.domain();
  const yLabel = wrapText(labelOf(y, lowest), size.width);
  const top = 14 + yLabel.length * LABEL_LINE;
  yScale.range([bottom, top]);
  const yTicks = yScale.ticks(5).map((value) => ({ at: yScale(value), text: y.format(value) }));
  const left = 8 + (max(yTicks, (tick) => textWidth(tick.text)) ?? 0);
  const right = size.width - labelRoom(lines, y, size);
  const toNumber = (value: Date | number): number =>
    x.kind === 'time' && value instanceof Date ? wallTime(value, x.zone) : Number(value);
  const { place, ticks } = xScale(lines, x, toNumber, [left, right]);
  return {
    yLabel,
    lines: lines.map((line) => ({
      name: line.name,
      last: line.points.at(-1)?.y ?? 0,
      points: line.points.map((point) => ({
        x: place(toNumber(point.x)),
        y: yScale(point.y),
        low: point.low === undefined ? undefined : yScale(Math.max(point.low, lowest)),
        high: point.high === undefined ? undefined : yScale(point.high),
      })),
    })),
    left,
    right,
    top,
    bottom,
    xTicks: thinned(
      ticks.filter((tick) => tick.at + textWidth(tick.text) / 2 < size.width - textWidth(x.label) - 8),
    ),
    yTicks,
    zeroAt: lowest < 0 && highest > 0 ? yScale(0) : undefined,
  };
}

/** Moves labels apart, in order, to at least `gap` pixels, within `[top, bottom]` where they fit. */
export function keepApart(
  wanted: readonly number[],
  gap: number,
  [top, bottom]: readonly [number, number],
): readonly number[] {
  const order = wanted.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at);
  let floor = top;
  for (const label of order) {
    label.at = Math.max(label.at, floor);
    floor = label.at + gap;
  }
  let ceiling = bottom;
  for (const label of order.toReversed()) {
    label.at = Math.min(label.at, ceiling);
    ceiling = label.at - gap;
  }
  return order.sort((a, b) => a.index - b.index).map((label) => label.at);
}

/** Every second tick, and again, until none touches the next. */
function thinned(ticks: readonly Tick[]): readonly Tick[] {
  const crowded = ticks.some((tick, index) => {
    const next = ticks[index + 1];
    return next !== undefined && next.at - tick.at < (textWidth(tick.text) + textWidth(next.text)) / 2 + 6;
  });
  return crowded ? thinned(ticks.filter((_, index) => index % 2 === 0)) : ticks;
}

/** A cut axis says so in words as well as by its zigzag. */
function labelOf(y: YAxis, start: number): string {
  return isCut(y) ? `${y.label}; the axis starts at ${y.format(start)}` : y.label;
}

export const isCut = (y: YAxis): boolean => y.from !== undefined && y.from > 0;

function yDomain(lines: readonly Line[], y: YAxis): [number, number] {
  const points = lines.flatMap((line) => line.points);
  const low = min(points, (point) => Math.min(point.y, point.low ?? point.y)) ?? 0;
  const high = max(points, (point) => Math.max(point.y, point.high ?? point.y)) ?? 1;
  const start = y.from ?? Math.min(0, low);
  return high > start ? [start, Math.max(high, y.from === undefined ? 0 : high)] : [start, start + 1];
}

function labelRoom(lines: readonly Line[], y: YAxis, size: ChartSize): number {
  const longest = max(lines, (line) =>
    Math.max(textWidth(line.name), textWidth(y.format(line.points.at(-1)?.y ?? 0))),
  );
  return Math.min(16 + (longest ?? 0), size.width * 0.34);
}

function xScale(
  lines: readonly Line[],
  x: XAxis,
  toNumber: (value: Date | number) => number,
  [left, right]: readonly [number, number],
): { place: (value: number) => number; ticks: readonly Tick[] } {
  const values = lines.flatMap((line) => line.points.map((point) => toNumber(point.x)));
  const [first = 0, last = 1] = extent(values);
  const domain: [number, number] = last > first ? [first, last] : [first - 1, first + 1];
  const most = Math.max(3, Math.floor((right - left) / 80));
  if (x.kind === 'count') {
    const scale = scaleLinear(domain, [left, right]);
    const grouped = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 1 });
    return {
      place: scale,
      ticks: scale.ticks(most).map((value) => ({ at: scale(value), text: grouped.format(value) })),
    };
  }
  const scale = scaleUtc(domain, [left, right]);
  const write = tickWriter(domain[1] - domain[0]);
  return {
    place: scale,
    ticks: scale.ticks(most).map((at) => ({ at: scale(at), text: write(at.getTime()) })),
  };
}
