// A chart as a picture of its own for chat: the finding stands above it, colours and fonts are in it, on white.
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type ChartProps, FONT, inks, wide, wrapText } from './chart-frame.tsx';

const EDGE = 20;
const TITLE_SIZE = 18;
const TITLE_LINE = 25;

/**
 * The SVG text of a chart with its finding as the title, for `reply.picture` and `svgToPng`. A note, such as the
 * period with its zone, goes under the title.
 */
export function chartSvg(chart: ReactElement<ChartProps>, note?: string): string {
  const { finding, size = wide } = chart.props;
  const inner = renderToStaticMarkup(chart);
  const chartHeight = Number(/ height="(\d+(?:\.\d+)?)"/.exec(inner)?.[1] ?? 0);
  const titles = wrapText(finding, size.width, TITLE_SIZE);
  const top = EDGE + titles.length * TITLE_LINE + (note ? 22 : 6);
  const width = size.width + 2 * EDGE;
  const height = top + chartHeight + EDGE / 2;
  const head = renderToStaticMarkup(
    <g fontFamily={FONT}>
      {titles.map((text, index) => (
        <text
          key={text}
          x={EDGE}
          y={EDGE + 16 + index * TITLE_LINE}
          fontSize={TITLE_SIZE}
          fontWeight="700"
          fill={inks.text}
        >
          {text}
        </text>
      ))}
      {note && (
        <text x={EDGE} y={top - 12} fontSize="13" fill={inks.quiet}>
          {note}
        </text>
      )}
    </g>,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>${head}` +
    `<g transform="translate(${EDGE} ${top})">${inner}</g></svg>`
  );
}
