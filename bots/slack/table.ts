// A table as aligned lines of code while it is narrow enough to read, else row by row.
import { type Column, plainSpans, type Text } from '../../src/core/reply.ts';
import { cleaned, escaped, fenced, type Run } from './mrkdwn.ts';

/** Wider lines wrap on a phone and on most screens, and the columns are lost. */
const WIDEST = 76;

/** Runs for a block each, whole lines of at most so many UTF-16 units of mrkdwn; the header stands over each. */
export function tableRuns(
  columns: readonly Column[],
  rows: readonly (readonly Text[])[],
  most: number,
): readonly Run[] {
  const cell = (value: Text): string => cleaned(plainSpans(value)).replace(/\s+/g, ' ').trim();
  const heads = columns.map(({ label }) => cell(label));
  const cells = rows.map((row) => columns.map((_, at) => cell(row[at] ?? '')));
  const widths = columns.map((_, at) => Math.max(...[heads, ...cells].map((row) => widthOf(row[at] ?? ''))));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > WIDEST || heads.length === 0) return grouped(cells.map(rowText(heads)), most, escaped);
  const line = (row: readonly string[]): string =>
    row
      .map((text, at) => padded(text, widths[at] ?? 0, columns[at]?.numeric === true))
      .join('  ')
      .trimEnd();
  const head = line(heads);
  const lines = cells.length > 0 ? cells.map(line) : [''];
  return grouped(lines, most, (text) => fenced(`${head}\n${text}`.trimEnd()));
}

/** `label: value` for each column, parted by dots: a row that is read as a sentence. */
function rowText(heads: readonly string[]) {
  return (cells: readonly string[]): string => {
    const parts = cells.map((value, at) => [heads[at] ?? '', value].filter((part) => part !== '').join(': '));
    return `• ${parts.join(' · ')}`;
  };
}

/** Lines together as long as they fit; a line that is too long by itself is cut by the caller. */
function grouped(lines: readonly string[], most: number, mark: Run['mark']): readonly Run[] {
  const runs: Run[] = [];
  let current: string[] = [];
  const close = (): void => {
    if (current.length > 0) runs.push({ raw: current.join('\n'), mark });
    current = [];
  };
  for (const line of lines) {
    if (mark([...current, line].join('\n')).length > most) close();
    current.push(line);
  }
  close();
  return runs;
}

function padded(text: string, to: number, numeric: boolean): string {
  const space = ' '.repeat(Math.max(to - widthOf(text), 0));
  return numeric ? space + text : text + space;
}

const graphemes = new Intl.Segmenter();

function widthOf(text: string): number {
  return [...graphemes.segment(text)].length;
}
