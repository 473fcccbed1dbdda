// Reads a file of exposures: finds the columns, judges every row, and names each line that cannot be taken.
import { parse } from 'csv-parse/sync';
import { AppError, type FieldProblem } from '../../core/errors.ts';
import type { Bilingual } from '../../core/operation.ts';
import { readConverted, readInstant, readText, UnreadCell } from './exposure-values.ts';

export interface ColumnMap {
  readonly unit?: string | undefined;
  readonly variant?: string | undefined;
  readonly outcome?: string | undefined;
  readonly at?: string | undefined;
  readonly order?: string | undefined;
}

/** One unit of the file: repeated rows of one unit are merged, and two variants exclude it. */
export interface UnitRow {
  readonly unit: string;
  readonly variant: string;
  readonly converted: boolean;
  readonly excluded: boolean;
  readonly at: Date | null;
  /** Its place in the order of the file, from 0. */
  readonly place: number;
}

export interface ExposureFile {
  /** Name of the column that says what a conversion is. */
  readonly metric: string;
  readonly axis: 'time' | 'order';
  readonly rows: number;
  readonly units: readonly UnitRow[];
  readonly variants: readonly string[];
  readonly refused: readonly RefusedRow[];
}

/** A row that cannot be taken, and why. */
export interface RefusedRow {
  readonly line: number;
  readonly problem: Bilingual;
}

interface Columns {
  readonly unit: number;
  readonly variant: number;
  readonly outcome: number;
  readonly at: number | undefined;
  readonly order: number | undefined;
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

const MAX_VARIANTS = 10;
const MAX_ROWS = 2_000_000;

/**
 * Reads the whole text before anything is written. Rows are ordered by time, by the order column, or as they stand.
 * @throws AppError `input.bad_file` when the file as a whole cannot be read: no header, unknown columns, not CSV.
 */
export function readExposureFile(text: string, map: ColumnMap): ExposureFile {
  const refused: RefusedRow[] = [];
  const read: ReadRow[] = [];
  let rows = 0;
  const header = readRecords(text, (head) => {
    const columns = findColumns(head, map);
    return (row) => {
      rows += 1;
      if (rows > MAX_ROWS) throw tooLong();
      const judged = readRow(row, head, columns);
      if ('problem' in judged) refused.push(judged);
      else read.push(judged);
    };
  });
  if (rows === 0) throw badFile('the file has no rows below its header', 'फ़ाइल में शीर्षक के नीचे कोई पंक्ति नहीं है');
  const columns = findColumns(header, map);
  const units = mergeUnits(ordered(read));
  const variants = [...new Set(units.map((row) => row.variant))].sort();
  judgeVariants(variants, header[columns.variant] ?? '');
  const axis = columns.at === undefined ? 'order' : 'time';
  return { metric: header[columns.outcome] ?? '', axis, rows, units, variants, refused };
}

interface ReadRow {
  readonly unit: string;
  readonly variant: string;
  readonly converted: boolean;
  readonly at: Date | null;
  readonly order: number;
}

function readRow(row: Row, header: readonly string[], columns: Columns): ReadRow | RefusedRow {
  const { line } = row;
  if (row.cells.length !== header.length) {
    const [have, want] = [row.cells.length, header.length];
    const en = `has ${have} cells where the header has ${want}`;
    return { line, problem: { en, hi: `इसमें ${have} खाने हैं, जबकि पहली पंक्ति में ${want}` } };
  }
  try {
    const cell = (index: number): string => row.cells[index] ?? '';
    const at = columns.at === undefined ? null : readInstant(cell(columns.at));
    const order = columns.order === undefined ? row.line : Number(cell(columns.order));
    if (!Number.isFinite(order) || (columns.order !== undefined && cell(columns.order) === '')) {
      const given = cell(columns.order ?? 0).slice(0, 40);
      const en = `the order “${given}” is not a number`;
      return { line, problem: { en, hi: `order “${given}” कोई संख्या नहीं है` } };
    }
    return {
      unit: readText('unit', cell(columns.unit), 200),
      variant: readText('variant', cell(columns.variant), 60),
      converted: readConverted(cell(columns.outcome)),
      at,
      order: at ? at.getTime() : order,
    };
  } catch (error) {
    if (error instanceof UnreadCell) return { line, problem: error.problem };
    throw error;
  }
}

function ordered(rows: readonly ReadRow[]): ReadRow[] {
  return [...rows].sort((a, b) => a.order - b.order);
}

function mergeUnits(rows: readonly ReadRow[]): UnitRow[] {
  const units = new Map<string, UnitRow>();
  for (const row of rows) {
    const known = units.get(row.unit);
    if (!known) {
      units.set(row.unit, {
        unit: row.unit,
        variant: row.variant,
        converted: row.converted,
        excluded: false,
        at: row.at,
        place: units.size,
      });
    } else {
      units.set(row.unit, {
        ...known,
        converted: known.converted || row.converted,
        excluded: known.excluded || known.variant !== row.variant,
      });
    }
  }
  return [...units.values()];
}

/** @throws AppError for a column of variants that can be none: too many different values. */
function judgeVariants(variants: readonly string[], column: string): void {
  if (variants.length <= MAX_VARIANTS) return;
  throw badFile(
    `the column “${column}” has ${variants.length} different values; is it the one with the variants?`,
    `कॉलम “${column}” में ${variants.length} अलग-अलग मान हैं; क्या रूप इसी कॉलम में हैं?`,
  );
}

/**
 * Reads record by record, so that the cells of a large file are never all there at once. The first one is handed
 * to `begin`, which gives what takes the others, each with the line it starts on. The separator is the one that
 * the header has most of.
 */
function readRecords(
  text: string,
  begin: (header: readonly string[]) => (row: Row) => void,
): readonly string[] {
  if (text.includes('\0'))
    throw badFile('the file has NUL bytes: it is not a text file', 'यह टेक्स्ट फ़ाइल नहीं है');
  const headerLine = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '';
  const delimiter = [',', ';', '\t', '|'].reduce((best, one) =>
    headerLine.split(one).length > headerLine.split(best).length ? one : best,
  );
  let header: readonly string[] = [];
  let take: ((row: Row) => void) | undefined;
  try {
    parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 100_000,
      trim: true,
      on_record: (cells: string[], { lines }) => {
        if (take) take({ line: lines, cells });
        else {
          header = cells;
          take = begin(cells);
        }
        return null;
      },
    });
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw badFile(`the file is not CSV: ${why}`, `यह CSV फ़ाइल नहीं है (${why})`);
  }
  return header;
}

const shortened = (name: string): string => (name.length > 40 ? `${name.slice(0, 40)}…` : name);

function findColumns(header: readonly string[], map: ColumnMap): Columns {
  const repeated = header.find((name, index) => header.indexOf(name) !== index);
  if (repeated !== undefined) {
    const name = shortened(repeated);
    throw badFile(`two columns are called “${name}”`, `दो कॉलमों का नाम “${name}” है`);
  }
  const problems: FieldProblem[] = [];
  const find = (field: keyof ColumnMap, required: boolean): number | undefined => {
    const wanted = map[field] ?? field;
    const index = header.findIndex((name) => name.toLowerCase() === wanted.toLowerCase());
    if (index >= 0) return index;
    if (required || map[field] !== undefined) {
      problems.push({
        field,
        problem: `there is no column “${wanted}”; the file has ${header.slice(0, 20).map(shortened).join(', ')}`,
        example: `--${field} ${shortened(header[0] ?? 'column')}`,
      });
    }
    return undefined;
  };
  const unit = find('unit', true);
  const variant = find('variant', true);
  const outcome = find('outcome', true);
  const at = find('at', false);
  const order = find('order', false);
  if (unit === undefined || variant === undefined || outcome === undefined || problems.length > 0) {
    const lines = problems.map(({ field, problem }) => `${field}: ${problem}`);
    throw new AppError('input.bad_file', ['Nothing was imported.', ...lines].join('\n'), {
      fields: problems,
    });
  }
  return { unit, variant, outcome, at, order: at === undefined ? order : undefined };
}

const tooLong = (): AppError =>
  badFile(
    `the file has more than ${MAX_ROWS} rows; at most so many at once`,
    `फ़ाइल में ${MAX_ROWS} से ज़्यादा पंक्तियाँ हैं; एक बार में इतनी ही ली जाती हैं`,
  );

/** For a file that cannot be taken as a whole. @param inHindi the same problem in Hindi. */
export function badFile(problem: string, inHindi: string): AppError {
  return new AppError('input.bad_file', `Nothing was imported: ${problem}.`, {
    inHindi: `कुछ नहीं जोड़ा गया: ${inHindi}।`,
  });
}
