// Blocks as lines of marked text in Telegram's HTML, before they are packed into messages.
import {
  type Block,
  type Column,
  plainSpans,
  type Span,
  type Status,
  statusSymbols,
  type Text,
} from '../../src/core/reply.ts';

/** A piece of text under one set of marks. It may be cut anywhere: each part gets the marks again. */
export interface Run {
  readonly text: string;
  readonly open: string;
  readonly close: string;
  /** The address behind it, for where there are no links. */
  readonly href?: string;
}

/** One line; `pre` is the number of the preformatted block it belongs to, 0 outside of one. */
export interface Line {
  readonly runs: readonly Run[];
  readonly pre: number;
}

type Marks = readonly [open: string, close: string];

const NONE: Marks = ['', ''];
const BOLD: Marks = ['<b>', '</b>'];
const CODE: Marks = ['<code>', '</code>'];
const ITALIC: Marks = ['<i>', '</i>'];
/** Columns of monospace text that a phone shows without breaking lines, about. */
const PHONE_COLUMNS = 40;
/** A longer address is written out as text, which can be cut. */
const LONGEST_HREF = 900;

/**
 * Text as Telegram can show it: without control characters but line ends and tabs, without marks that turn the line
 * around, and without halves of characters.
 */
export function shownText(text: string): string {
  return text
    .replace(/(?![\n\t])[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The lines of a block; a picture gives those of its description, a form what it asks, buttons none. `number` tells blocks apart. */
export function linesOf(block: Block, number: number): readonly Line[] {
  switch (block.kind) {
    case 'text':
      return textLines(block.text);
    case 'context':
      return textLines(block.text, ITALIC);
    case 'fields':
      return block.fields.flatMap(({ label, value }) => labelled(label, value));
    case 'list':
      return block.items.flatMap((item) => prefixed([run('• ', NONE)], textLines(item)));
    case 'table':
      return tableLines(block.columns, block.rows, number);
    case 'picture':
      return textLines(block.alt, ITALIC);
    case 'code':
      return preLines(block.text, number);
    case 'form':
      return block.form.fields.flatMap(({ label, known = '…' }) => labelled(label, known));
    case 'buttons':
      return [];
  }
}

/** The first line with the symbol that says how things stand. */
export function withSymbol(status: Status | undefined, lines: readonly Line[]): readonly Line[] {
  return status ? prefixed([run(`${statusSymbols[status]} `, NONE)], lines) : lines;
}

export function textLines(text: Text, outer: Marks = NONE): readonly Line[] {
  const lines: Run[][] = [[]];
  for (const piece of typeof text === 'string' ? [text] : text) {
    const { text: said, marks, href } = readSpan(piece);
    shownText(said)
      .split('\n')
      .forEach((part, place) => {
        if (place > 0) lines.push([]);
        if (part === '') return;
        const whole = run(part, [outer[0] + marks[0], marks[1] + outer[1]]);
        lines.at(-1)?.push(href === undefined ? whole : { ...whole, href });
      });
  }
  return lines.map((runs) => ({ runs, pre: 0 }));
}

function readSpan(span: Span): { readonly text: string; readonly marks: Marks; readonly href?: string } {
  if (typeof span === 'string') return { text: span, marks: NONE };
  if ('bold' in span) return { text: span.bold, marks: BOLD };
  if ('code' in span) return { text: span.code, marks: CODE };
  const href = escapeHtml(shownText(span.href)).replaceAll('"', '&quot;');
  if (span.link.trim() === '' || href.length > LONGEST_HREF || !isLink(span.href))
    return { text: plainSpans([span]), marks: NONE };
  return { text: span.link, marks: [`<a href="${href}">`, '</a>'], href: span.href };
}

/** The lines as plain text, for a file. */
export function plainLines(lines: readonly Line[]): string {
  const said = ({ text, href }: Run): string => (href === undefined ? text : `${text} (${shownText(href)})`);
  return lines.map(({ runs }) => runs.map(said).join('')).join('\n');
}

/** Telegram silently drops links to hosts without a dot, such as localhost: those are written out. */
function isLink(href: string): boolean {
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (!url) return false;
  return url.protocol === 'tg:' || (/^https?:$/.test(url.protocol) && /\.[^.]+$/.test(url.hostname));
}

function run(text: string, [open, close]: Marks): Run {
  return { text, open, close };
}

function prefixed(runs: readonly Run[], [first, ...rest]: readonly Line[]): readonly Line[] {
  return [{ runs: [...runs, ...(first?.runs ?? [])], pre: first?.pre ?? 0 }, ...rest];
}

function labelled(label: string, value: Text, marks: Marks = NONE): readonly Line[] {
  const name = shownText(label).replace(/\s+/g, ' ');
  const said = run(`${name}: `, BOLD);
  return prefixed(name.trim() === '' ? [] : [said], textLines(value, marks));
}

function preLines(text: string, number: number): readonly Line[] {
  return shownText(text)
    .split('\n')
    .map((line) => ({ runs: line === '' ? [] : [run(line, NONE)], pre: number }));
}

/** In columns where a phone can show them; else one line for each cell, under a line for each row. */
function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Text[])[],
  number: number,
): readonly Line[] {
  const count = Math.max(columns.length, ...rows.map((row) => row.length));
  const places = Array.from({ length: count }, (_, place) => place);
  const heads = places.map((place) => oneLine(columns[place]?.label ?? ''));
  const cells = rows.map((row) => places.map((place) => oneLine(row[place] ?? '')));
  const widths = places.map((place) =>
    Math.max(...[heads, ...cells].map((row) => widthOf(row[place] ?? ''))),
  );
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > PHONE_COLUMNS) return rows.flatMap((row, at) => record(columns, row, places, at));
  const lineOf = (row: readonly string[]): string =>
    places
      .map((place) => padded(row[place] ?? '', widths[place] ?? 0, columns[place]?.numeric === true))
      .join('  ')
      .trimEnd();
  return preLines([heads, ...cells].map(lineOf).join('\n'), number);
}

function record(
  columns: readonly Column[],
  row: readonly Text[],
  places: readonly number[],
  at: number,
): readonly Line[] {
  const lines = places.flatMap((place) =>
    labelled(columns[place]?.label ?? '', row[place] ?? '', place === 0 ? BOLD : NONE),
  );
  return at === 0 ? lines : [{ runs: [], pre: 0 }, ...lines];
}

const oneLine = (text: Text): string => shownText(plainSpans(text)).replace(/\s+/g, ' ').trim();

function padded(text: string, to: number, numeric: boolean): string {
  const space = ' '.repeat(Math.max(to - widthOf(text), 0));
  return numeric ? space + text : text + space;
}

const graphemes = new Intl.Segmenter();

/** Columns a text takes, about: one for each character that is seen as one. Far too long ones are not counted out. */
function widthOf(text: string): number {
  return text.length > 10 * PHONE_COLUMNS ? text.length : [...graphemes.segment(text)].length;
}
