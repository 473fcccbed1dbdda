// What all charts share: sizes, colours that also hold without a style sheet, and the frame with its words.
import type { ReactElement, ReactNode } from 'react';

/** One drawing for room and one for a phone: the text of a scaled drawing could not be read. */
export interface ChartSize {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
}
export const wide: ChartSize = { name: 'wide', width: 720 };
export const narrow: ChartSize = { name: 'narrow', width: 320 };

/** What every chart says of itself; `chartSvg` reads it too. */
export interface ChartWords {
  /** Unique on the page: ids of several charts must not meet. */
  readonly id: string;
  /** What it shows, as a sentence with its number: “gate_30 keeps 0.8 points more players”. */
  readonly finding: string;
  /** How it is drawn and what of, for somebody who cannot see it. */
  readonly description: string;
}

export interface ChartProps extends ChartWords {
  readonly size?: ChartSize;
}

/** On white; on a page the style sheet's classes win over these attributes, and know the dark. */
export const inks = { text: '#17212b', quiet: '#55626f', grid: '#d8dee4', axis: '#7b8896' } as const;

interface Tone {
  readonly className: string;
  readonly color: string;
  /** Lines differ by their dashes too, never by colour alone. */
  readonly dashes: string | undefined;
}

const tones: readonly Tone[] = [
  { className: 'series-1', color: '#0b5c7a', dashes: undefined },
  { className: 'series-2', color: '#b04a00', dashes: '7 3' },
  { className: 'series-3', color: '#6a4ba3', dashes: '2 3' },
  { className: 'series-4', color: '#4d5b66', dashes: '9 3 2 3' },
];

/** The look of the nth series. @throws RangeError past four: a chart with more lines says nothing. */
export function toneOf(index: number): Tone {
  const tone = tones[index];
  if (!tone) throw new RangeError(`a chart shows at most ${tones.length} series`);
  return tone;
}

export const FONT = 'Noto Sans, DejaVu Sans, sans-serif';
export const TEXT_SIZE = 13;
export const TEXT_SIZE_SMALL = 12;

/** Room that a text takes, in pixels; a little more than it needs, since fonts differ. */
export function textWidth(text: string, size = TEXT_SIZE_SMALL): number {
  return Math.ceil([...text].length * size * 0.6);
}

/** The text, cut to the room. */
export function fitText(text: string, room: number, size = TEXT_SIZE_SMALL): string {
  const most = Math.floor(room / (size * 0.6));
  return [...text].length <= most ? text : `${[...text].slice(0, Math.max(1, most - 1)).join('')}…`;
}

/** The words of a text on as many lines as the room needs. */
export function wrapText(text: string, room: number, size = TEXT_SIZE_SMALL): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, size) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

interface ChartFrameProps extends ChartWords {
  readonly size: ChartSize;
  readonly height: number;
  readonly children: ReactNode;
}

export function ChartFrame(props: ChartFrameProps): ReactElement {
  const { size, height } = props;
  const id = `${props.id}-${size.name}`;
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      role="img"
      aria-labelledby={`${id}-title ${id}-desc`}
      className={`chart chart-${size.name}`}
      viewBox={`0 0 ${size.width} ${height}`}
      width={size.width}
      height={height}
      color={inks.text}
      fontFamily={FONT}
      fontSize={TEXT_SIZE_SMALL}
    >
      <title id={`${id}-title`}>{props.finding}</title>
      <desc id={`${id}-desc`}>{props.description}</desc>
      <rect className="chart-paper" width={size.width} height={height} fill="#ffffff" />
      {props.children}
    </svg>
  );
}
