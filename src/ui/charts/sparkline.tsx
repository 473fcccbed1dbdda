// A line without axes, for the shape of the last days beside their number.
import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { ReactElement } from 'react';
import { toneOf } from './chart-frame.tsx';

interface SparklineProps {
  /** Unique on the page. */
  readonly id: string;
  readonly values: readonly number[];
  /** What it shows, such as “7 days: from 3.9 % to 4.8 %”. */
  readonly finding: string;
}

const WIDTH = 120;
const HEIGHT = 28;
const EDGE = 4;

export function Sparkline({ id, values, finding }: SparklineProps): ReactElement {
  const [low = 0, high = 0] = extent(values);
  const x = scaleLinear([0, Math.max(1, values.length - 1)], [EDGE, WIDTH - EDGE]);
  const y = scaleLinear(high > low ? [low, high] : [low - 1, low + 1], [HEIGHT - EDGE, EDGE]);
  const path = line<number>(
    (_, index) => round(x(index)),
    (value) => round(y(value)),
  )(values);
  const last = values.at(-1);
  return (
    <svg
      className="sparkline"
      role="img"
      aria-labelledby={`${id}-title`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      color={toneOf(0).color}
    >
      <title id={`${id}-title`}>{finding}</title>
      {path && <path d={path} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />}
      {last !== undefined && (
        <circle cx={round(x(values.length - 1))} cy={round(y(last))} r="2.5" fill="currentColor" />
      )}
    </svg>
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;
