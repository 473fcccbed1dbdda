// Writes a text with its marks in a platform's own notation, never longer than the platform takes.
import type { Block, Span, Text } from '../../core/reply.ts';

/** How one platform writes each mark; `plain` escapes whatever the platform would read as one. */
export interface Marks {
  plain(text: string): string;
  bold(text: string): string;
  code(text: string): string;
  link(label: string, href: string): string;
}

const ELLIPSIS = '…';

/** The text in that notation, cut between marks or inside plain text so that it is at most `most` characters. */
export function marked(value: Text, marks: Marks, most: number): string {
  const spans = typeof value === 'string' ? [value] : value;
  let written = '';
  for (const span of spans) {
    const next = writtenSpan(span, marks);
    if (written.length + next.length > most)
      return written + cut(plainSpan(span), marks.plain, most - written.length);
    written += next;
  }
  return written;
}

/** The longest beginning of a text that, once escaped, still fits; an ellipsis says that it goes on. */
export function cut(text: string, inForm: (text: string) => string, most: number): string {
  const whole = inForm(text);
  if (whole.length <= most) return whole;
  const letters = [...text];
  let length = 0;
  let kept = '';
  for (const letter of letters) {
    const escaped = inForm(letter);
    length += escaped.length;
    if (length > most - ELLIPSIS.length) break;
    kept += escaped;
  }
  return most > 0 ? kept + ELLIPSIS : '';
}

function writtenSpan(span: Span, marks: Marks): string {
  if (typeof span === 'string') return marks.plain(span);
  if ('bold' in span) return marks.bold(marks.plain(span.bold));
  if ('code' in span) return marks.code(span.code);
  return isAbsolute(span.href) ? marks.link(span.link, new URL(span.href).href) : marks.plain(span.link);
}

function plainSpan(span: Span): string {
  if (typeof span === 'string') return span;
  if ('bold' in span) return span.bold;
  return 'code' in span ? span.code : span.link;
}

const isAbsolute = (href: string): boolean => /^https?:\/\//.test(href) && URL.canParse(href);

/** A table as lines of equal columns, for places that know only fixed-width text; at most `most` characters. */
export function tableLines(block: Extract<Block, { kind: 'table' }>, most: number): string {
  const plain = (value: Text): string =>
    typeof value === 'string' ? value : value.map(plainSpan).join('').replaceAll(/\s+/g, ' ');
  const rows = [block.columns.map(({ label }) => label), ...block.rows.map((row) => row.map(plain))];
  const widths = block.columns.map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const pad = ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length));
        return block.columns[column]?.numeric ? pad + cell : cell + pad;
      })
      .join('  ')
      .trimEnd(),
  );
  return withinLines(lines, most);
}

/** As many lines as fit; the last one says how many are left out. */
function withinLines(lines: readonly string[], most: number): string {
  const whole = lines.join('\n');
  if (whole.length <= most) return whole;
  const room = most - `\n${ELLIPSIS} ${lines.length} more`.length;
  let length = -1;
  let kept = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > room) break;
    kept += 1;
  }
  if (kept === 0) return whole.slice(0, Math.max(0, most - ELLIPSIS.length)) + ELLIPSIS;
  return [...lines.slice(0, kept), `${ELLIPSIS} ${lines.length - kept} more`].join('\n');
}
