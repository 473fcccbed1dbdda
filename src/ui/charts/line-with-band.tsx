// Values over time or count, one line an arm, each with its band of uncertainty and its name at its end.
import { area, line } from 'd3-shape';
import type { ReactElement } from 'react';
import { ChartFrame, type ChartProps, fitText, inks, TEXT_SIZE, toneOf, wide } from './chart-frame.tsx';
import {
  isCut,
  keepApart,
  type Line,
  type LineLayout,
  layOutLines,
  type Placed,
  type XAxis,
  type YAxis,
} from './line-scales.ts';

export interface LineWithBandProps extends ChartProps {
  /** One to four lines. */
  readonly lines: readonly Line[];
  readonly x: XAxis;
  readonly y: YAxis;
}

/** Height by size: a phone's drawing is taller for its width. */
const heights = { wide: 300, narrow: 260 } as const;

/** Two lines of text a label. */
const LABEL_GAP = 32;

export function LineWithBand(props: LineWithBandProps): ReactElement {
  const { lines, x, y, size = wide } = props;
  const height = heights[size.name];
  const layout = layOutLines({ lines, x, y, size, height });
  const ends = layout.lines.map((each) => each.points.at(-1)?.y ?? layout.bottom);
  const labels = keepApart(ends, LABEL_GAP, [layout.top, layout.bottom - 12]);
  return (
    <ChartFrame {...props} size={size} height={height}>
      <Axes layout={layout} x={x} y={y} width={size.width} />
      {layout.lines.map((each, index) => (
        <Arm key={each.name} index={index} points={each.points}>
          <text x={layout.right + 10} y={(labels[index] ?? 0) + 4} fill="currentColor" fontSize={TEXT_SIZE}>
            <tspan fontWeight="700">{y.format(each.last)}</tspan>
            <tspan x={layout.right + 10} dy="15">
              {fitText(each.name, size.width - layout.right - 10)}
            </tspan>
          </text>
        </Arm>
      ))}
    </ChartFrame>
  );
}

function Arm(props: {
  readonly index: number;
  readonly points: readonly Placed[];
  readonly children: ReactElement;
}): ReactElement {
  const { className, color, dashes } = toneOf(props.index);
  const last = props.points.at(-1);
  const banded = props.points.filter((point) => point.low !== undefined && point.high !== undefined);
  const band = area<Placed>(
    (point) => round(point.x),
    (point) => round(point.low ?? point.y),
    (point) => round(point.high ?? point.y),
  )(banded);
  const path = line<Placed>(
    (point) => round(point.x),
    (point) => round(point.y),
  )(props.points);
  return (
    <g className={className} color={color}>
      {band && <path d={band} fill="currentColor" fillOpacity="0.14" />}
      {path && (
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinejoin="round"
          strokeDasharray={dashes}
        />
      )}
      {last && <circle cx={round(last.x)} cy={round(last.y)} r="3.5" fill="currentColor" />}
      {props.children}
    </g>
  );
}

function Axes(props: {
  readonly layout: LineLayout;
  readonly x: XAxis;
  readonly y: YAxis;
  readonly width: number;
}): ReactElement {
  const { layout, x, y } = props;
  const { left, right, top, bottom } = layout;
  return (
    <g>
      {layout.yLabel.map((text, index) => (
        <text key={text} x="0" y={14 + index * 16} className="chart-quiet" fill={inks.quiet}>
          {text}
        </text>
      ))}
      {layout.yTicks.map((tick) => (
        <g key={tick.text}>
          <path d={`M${left} ${round(tick.at)}H${round(right)}`} className="chart-grid" stroke={inks.grid} />
          <text
            x={left - 6}
            y={round(tick.at) + 4}
            textAnchor="end"
            className="chart-quiet"
            fill={inks.quiet}
          >
            {tick.text}
          </text>
        </g>
      ))}
      {layout.zeroAt !== undefined && (
        <path
          d={`M${left} ${round(layout.zeroAt)}H${round(right)}`}
          className="chart-axis"
          stroke={inks.axis}
        />
      )}
      <path d={`M${left} ${bottom}H${round(right)}`} className="chart-axis" stroke={inks.axis} />
      {isCut(y) && <AxisBreak x={left} bottom={bottom} top={top} />}
      {layout.xTicks.map((tick) => (
        <text
          key={tick.text}
          x={round(tick.at)}
          y={bottom + 18}
          textAnchor="middle"
          className="chart-quiet"
          fill={inks.quiet}
        >
          {tick.text}
        </text>
      ))}
      <text x={props.width} y={bottom + 18} textAnchor="end" className="chart-quiet" fill={inks.quiet}>
        {x.label}
      </text>
    </g>
  );
}

/** A zigzag at the foot of the axis: what stands below it is cut away. */
function AxisBreak(props: {
  readonly x: number;
  readonly bottom: number;
  readonly top: number;
}): ReactElement {
  const { x, bottom, top } = props;
  return (
    <path
      d={`M${x} ${top}V${bottom - 16}l-4 3l8 4l-8 4l4 3V${bottom}`}
      fill="none"
      className="chart-axis"
      stroke={inks.axis}
    />
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;
