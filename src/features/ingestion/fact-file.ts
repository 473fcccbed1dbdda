// Reads a file of facts: NDJSON, CSV or columns parted by spaces, with or without a header, as rows of a stream.
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import type { Language } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { fieldsOf } from '../../core/fields.ts';
import type { Stream } from '../../core/stream.ts';
import { type Cell, cellReader } from './file-cells.ts';
import { readRows } from './rows-text.ts';
import { words } from './words.ts';

export interface FileRequest {
  readonly content: string;
  /** Columns by the field they hold: `customer_id=customer`, or `1=customer` for a file without a header. */
  readonly map: readonly string[];
  /** The file has no ids: they are made from each row and how often it stood before. */
  readonly makeIds: boolean;
  /** Where days and times without a zone are taken from. */
  readonly zone: string;
  /** In which the notes are. */
  readonly language: Language;
}

export interface FileRow {
  readonly line: number;
  readonly raw: unknown;
}

export interface FactFile {
  readonly rows: readonly FileRow[];
  /** What was read in a way that a person should know. */
  readonly notes: readonly string[];
}

const MOST_ROWS = 2_000_000;

/** @throws AppError `input.bad_file` when the file as a whole cannot be read: no rows, unknown columns, no ids. */
export function readFactFile(stream: Stream, request: FileRequest): FactFile {
  const first = request.content.replace(/^\ufeff/, '').trimStart()[0];
  if (first === '{' || first === '[') return readJson(request);
  return readColumns(stream, request);
}

function readJson({ content, map, makeIds, language }: FileRequest): FactFile {
  if (map.length > 0) throw badFile('the rows name their fields already, so nothing can be mapped');
  const idOf = createIds();
  const rows = readRows(content, MOST_ROWS).map((raw, at) => {
    const isPlain = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
    return { line: at + 1, raw: makeIds && isPlain ? { ...raw, id: idOf(JSON.stringify(raw)) } : raw };
  });
  return { rows, notes: makeIds ? [words[language].madeIds] : [] };
}

interface Column {
  readonly at: number;
  readonly field: string;
}

function readColumns(stream: Stream, { content, map, makeIds, zone, language }: FileRequest): FactFile {
  const say = words[language];
  const notes = new Set<string>();
  const read = cellReader(stream, zone, (assumed) => notes.add(say[assumed](zone)));
  const lines = recordsOf(content);
  if (lines.length === 0) throw badFile('it has no rows');
  const { columns, hasHeader, ignored } = columnsOf(stream, mappingOf(map), lines[0]?.cells ?? []);
  if (!makeIds && !columns.some(({ field }) => field === 'id'))
    throw badFile(
      'no column holds the id; map one (--map order_no=id), or say --make-ids where the file has none',
    );
  if (ignored.length > 0) notes.add(say.leftOut(ignored.join(', ')));
  if (makeIds) notes.add(say.madeIds);
  const idOf = createIds();
  const rows = lines.slice(hasHeader ? 1 : 0).map(({ line, cells }): FileRow => {
    const raw: Record<string, Cell> = makeIds ? { id: idOf(cells.join('\u001f')) } : {};
    for (const { at, field } of columns) {
      const cell = cells[at]?.trim() ?? '';
      if (cell !== '') raw[field] = read(field, cell);
    }
    return { line, raw };
  });
  if (rows.length === 0) throw badFile('it has no rows');
  if (rows.length > MOST_ROWS) throw badFile(`it has more than ${MOST_ROWS} rows`);
  return { rows, notes: [...notes] };
}

/** The same row again gets another id, the same file again gets the same ids. */
function createIds(): (row: string) => string {
  const seen = new Map<string, number>();
  return (row) => {
    const digest = createHash('sha256').update(row).digest('base64url').slice(0, 22);
    const before = seen.get(digest) ?? 0;
    seen.set(digest, before + 1);
    return `row-${digest}-${before + 1}`;
  };
}

/** @throws AppError for what is not column=field, and for a column that is mapped twice. */
function mappingOf(map: readonly string[]): ReadonlyMap<string, string> {
  const pairs = map.map((text) => {
    const at = text.lastIndexOf('=');
    if (at > 0 && at < text.length - 1) return [text.slice(0, at).trim(), text.slice(at + 1).trim()] as const;
    throw badFile(`--map “${text.slice(0, 60)}” is not column=field; for example --map order_no=id`);
  });
  const mapping = new Map(pairs);
  if (mapping.size === pairs.length) return mapping;
  throw badFile('a column is mapped twice');
}

/** Columns by their place where every name in the mapping is a number, else by the header. */
function columnsOf(
  stream: Stream,
  mapping: ReadonlyMap<string, string>,
  first: readonly string[],
): { columns: readonly Column[]; hasHeader: boolean; ignored: readonly string[] } {
  const fields = fieldNames(stream);
  for (const field of mapping.values())
    if (!fields.has(field))
      throw badFile(`${stream.name} has no field “${field}”; it has ${[...fields].join(', ')}`);
  const byPlace = mapping.size > 0 && [...mapping.keys()].every((name) => /^\d{1,3}$/.test(name));
  const names = byPlace ? first.map((_, at) => String(at + 1)) : first.map((name) => name.trim());
  const missing = [...mapping.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw badFile(`there is no column “${missing[0]}”; the file has ${names.slice(0, 30).join(', ')}`);
  const columns: Column[] = [];
  const ignored: string[] = [];
  for (const [at, name] of names.entries()) {
    const own = byPlace ? undefined : [...fields].find((field) => field.toLowerCase() === name.toLowerCase());
    const field = mapping.get(name) ?? own;
    if (field === undefined) ignored.push(name.slice(0, 40));
    else if (columns.some((column) => column.field === field)) throw badFile(`two columns hold ${field}`);
    else columns.push({ at, field });
  }
  if (columns.length === 0)
    throw badFile(`no column is a field of ${stream.name}: ${[...fields].join(', ')}`);
  return { columns, hasHeader: !byPlace, ignored };
}

/** The fields of the stream; an amount may also be given in rupees, under the name without its unit. */
function fieldNames(stream: Stream): ReadonlySet<string> {
  const names = fieldsOf(stream.row).map(({ name }) => name);
  return new Set(names.flatMap((name) => (name.endsWith('Paise') ? [name, name.slice(0, -5)] : [name])));
}

interface FileLine {
  readonly line: number;
  readonly cells: readonly string[];
}

function recordsOf(content: string): FileLine[] {
  const head = content.slice(0, 10_000).split('\n')[0] ?? '';
  const delimiter = [',', ';', '\t', '|'].find((one) => head.includes(one));
  if (delimiter === undefined && /\S\s+\S/.test(head))
    return content
      .split('\n')
      .map((line, at) => ({ line: at + 1, cells: line.trim().split(/\s+/) }))
      .filter(({ cells }) => cells[0] !== '');
  const records: FileLine[] = [];
  try {
    parse(content, {
      bom: true,
      delimiter: delimiter ?? ',',
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 100_000,
      on_record: (cells: string[], { lines }) => {
        records.push({ line: lines, cells });
        return null;
      },
    });
  } catch (error) {
    throw badFile(`it is not CSV: ${error instanceof Error ? error.message : String(error)}`);
  }
  return records;
}

export function badFile(problem: string): AppError {
  return new AppError('input.bad_file', `Nothing was imported: ${problem}.`);
}
