// Amounts side by side, each with its name before it and its value after it; a tick marks its limit.
import { max, min } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { ReactElement } from 'react';
import { ChartFrame, type ChartProps, fitText, inks, textWidth, toneOf, wide } from './chart-frame.tsx';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What it is measured against, such as the capacity of that day. */
  readonly limit?: number;
}

export interface BarsProps extends ChartProps {
  readonly bars: readonly Bar[];
  readonly format: (value: number) => string;
  /** What the tick stands for, such as “capacity”; needed where bars have limits. */
  readonly limitName?: string;
}

const ROW = 26;
const THICK = 16;
const TOP = 24;

export function Bars(props: BarsProps): ReactElement {
  const { bars, format, size = wide } = props;
  const height = TOP + bars.length * ROW + 6;
  const left = Math.min(12 + (max(bars, (bar) => textWidth(bar.label)) ?? 0), size.width * 0.4);
  const after = 10 + (max(bars, (bar) => textWidth(format(bar.value), 13)) ?? 0);
  const lowest = min(bars, (bar) => bar.value) ?? 0;
  const highest = max(bars, (bar) => Math.max(bar.value, bar.limit ?? 0)) ?? 0;
  const scale = scaleLinear(
    [Math.min(0, lowest), Math.max(highest, lowest < 0 ? 0 : 1e-9)],
    [left, size.width - after],
  );
  return (
    <ChartFrame {...props} size={size} height={height}>
      {props.limitName && (
        <text x={size.width} y="14" textAnchor="end" className="chart-quiet" fill={inks.quiet}>
          {`| ${props.limitName}`}
        </text>
      )}
      <path d={`M${scale(0)} ${TOP}V${height - 6}`} className="chart-axis" stroke={inks.axis} />
      {bars.map((bar, index) => (
        <BarRow key={bar.label} bar={bar} format={format} scale={scale} top={TOP + index * ROW} left={left} />
      ))}
    </ChartFrame>
  );
}

function BarRow(props: {
  readonly bar: Bar;
  readonly format: (value: number) => string;
  readonly scale: (value: number) => number;
  readonly top: number;
  readonly left: number;
}): ReactElement {
  const { bar, scale, top, left } = props;
  const { className, color } = toneOf(0);
  const [from, to] = [scale(Math.min(0, bar.value)), scale(Math.max(0, bar.value))];
  const middle = top + ROW / 2 + 4;
  const limitAt = bar.limit === undefined ? undefined : scale(bar.limit);
  const end = Math.max(to, limitAt !== undefined && limitAt - to < 60 && limitAt > to ? limitAt : to);
  return (
    <g>
      <text x={left - 8} y={middle} textAnchor="end" fill="currentColor">
        {fitText(bar.label, left - 8)}
      </text>
      <g className={className} color={color}>
        <rect
          x={round(from)}
          y={top + (ROW - THICK) / 2}
          width={round(to - from)}
          height={THICK}
          fill="currentColor"
        />
      </g>
      {limitAt !== undefined && (
        <path d={`M${round(limitAt)} ${top + 2}V${top + ROW - 2}`} stroke="currentColor" strokeWidth="2" />
      )}
      <text x={round(end) + 6} y={middle} fill="currentColor" fontSize="13" fontWeight="700">
        {props.format(bar.value)}
      </text>
    </g>
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;
