// CSV after RFC 4180, guarded by the type of the column: text cannot become a formula, and numbers stay numbers.

export const UTF8_BOM = '\ufeff';

export interface CsvColumn {
  readonly key: string;
  readonly kind: 'text' | 'number';
}

export interface CsvCell {
  readonly kind: CsvColumn['kind'];
  readonly value: string | number | boolean | null;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what spreadsheets read as the start of a formula
const FORMULA = /^[=+\-@\t\r\u0000]/;

/** One record with its line end. Money and counts are written plainly: no grouping, a minus as it is. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText({ kind, value }: CsvCell): string {
  if (value === null) return '';
  if (kind === 'number' && typeof value !== 'string') return String(value);
  const plain = String(value);
  const guarded = FORMULA.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
