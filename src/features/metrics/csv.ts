// CSV after RFC 4180, guarded by the type of the column: text cannot become a formula, and numbers stay numbers.
import { stringify } from 'csv-stringify/sync';

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
  return stringify([cells.map(cellText)], { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}

function cellText({ kind, value }: CsvCell): string {
  if (value === null) return '';
  const plain = String(value);
  const isNumber = kind === 'number' && typeof value !== 'string';
  return !isNumber && FORMULA.test(plain) ? `'${plain}` : plain;
}
