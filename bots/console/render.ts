// A reply as text: plain as a person would read it, or with ANSI marks for a terminal.
import {
  type Block,
  type Column,
  plainSpans,
  type Span,
  type Status,
  statusSymbols,
  type Text,
} from '../../src/core/reply.ts';

/** What a reply is made of here: its buttons stand apart. */
export interface Readable {
  readonly status?: Status | null;
  readonly blocks: readonly Block[];
}

interface Marks {
  readonly bold: (text: string) => string;
  readonly code: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly status: (status: Status) => string;
}

const plain: Marks = {
  bold: (text) => text,
  code: (text) => text,
  dim: (text) => text,
  status: (status) => statusSymbols[status],
};

const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${on}m${text}\u001b[${off}m`;

const statusColours: Readonly<Record<Status, number>> = { ok: 32, look: 33, act: 31 };

const ansi: Marks = {
  bold: sgr(1, 22),
  code: sgr(36, 39),
  dim: sgr(2, 22),
  status: (status) => sgr(statusColours[status], 39)(statusSymbols[status]),
};

/** Plain text, lines parted by `\n`; tables in columns, pictures by their alt text, no buttons. */
export function plainText(readable: Readable): string {
  return textWith(readable, plain);
}

/** The same with colours for a terminal; control characters of the content are taken out. */
export function ansiText(readable: Readable): string {
  return textWith(readable, ansi);
}

/**
 * Without control characters but line ends and tabs, and without marks that turn the line around: a message must
 * not steer the reader's terminal.
 */
export function withoutControls(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '');
}

function textWith({ status, blocks }: Readable, marks: Marks): string {
  const body = blocks
    .map((block) => blockText(block, marks))
    .filter((text) => text !== '')
    .join('\n');
  return status ? `${marks.status(status)} ${body}` : body;
}

function blockText(block: Block, marks: Marks): string {
  switch (block.kind) {
    case 'text':
      return marked(block.text, marks);
    case 'context':
      return marks.dim(marked(block.text, marks));
    case 'fields':
      return block.fields
        .map(({ label, value }) => `${withoutControls(label)}: ${marked(value, marks)}`)
        .join('\n');
    case 'list':
      return block.items.map((item) => `- ${marked(item, marks)}`).join('\n');
    case 'table':
      return tableText(block.columns, block.rows, marks);
    case 'picture':
      return `[picture: ${withoutControls(block.alt)}]`;
    case 'code':
      return marks.code(withoutControls(block.text));
    case 'form':
      return block.form.fields.map(({ label }) => `${withoutControls(label)}: …`).join('\n');
    case 'buttons':
      return '';
  }
}

function marked(value: Text, marks: Marks): string {
  if (typeof value === 'string') return withoutControls(value);
  return value.map((span) => spanText(span, marks)).join('');
}

function spanText(span: Span, marks: Marks): string {
  if (typeof span === 'string') return withoutControls(span);
  if ('bold' in span) return marks.bold(withoutControls(span.bold));
  if ('code' in span) return marks.code(withoutControls(span.code));
  return withoutControls(plainSpans([span]));
}

function tableText(columns: readonly Column[], rows: readonly (readonly Text[])[], marks: Marks): string {
  const cell = (value: Text): string => withoutControls(plainSpans(value)).replace(/\s+/g, ' ');
  const heads = columns.map(({ label }) => cell(label));
  const cells = rows.map((row) => columns.map((_, at) => cell(row[at] ?? '')));
  const widths = columns.map((_, at) => Math.max(...[heads, ...cells].map((row) => widthOf(row[at] ?? ''))));
  const line = (row: readonly string[]): string =>
    row
      .map((text, at) => padded(text, widths[at] ?? 0, columns[at]?.numeric === true))
      .join('  ')
      .trimEnd();
  return [marks.bold(line(heads)), ...cells.map(line)].join('\n');
}

function padded(text: string, to: number, numeric: boolean): string {
  const space = ' '.repeat(Math.max(to - widthOf(text), 0));
  return numeric ? space + text : text + space;
}

const graphemes = new Intl.Segmenter();

/** Columns a text takes, about: one for each character that is seen as one. */
function widthOf(text: string): number {
  return [...graphemes.segment(text)].length;
}
