// Figures as files: CSV, JSON and NDJSON that name their definition, range, zone and age, and carry the sandbox mark.
import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import { type CsvColumn, csvLine, UTF8_BOM } from './csv.ts';
import type { Figure, Step } from './work-out.ts';

export const exportFormats = ['csv', 'json', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportedFile {
  readonly fileName: string;
  readonly mediaType: string;
  /** The whole of it, piece by piece. */
  readonly content: readonly string[];
  readonly rowCount: number;
  readonly sha256: string;
}

export interface ExportOptions {
  readonly format: ExportFormat;
  /** A byte-order mark, by which spreadsheets know UTF-8. */
  readonly bom: boolean;
  readonly sandbox: boolean;
  readonly now: Date;
}

type ExportRow = Readonly<Record<string, string | number | boolean | null>>;

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/**
 * The steps of a figure, or of each of its parts, as rows. `sha256` is over the rows as NDJSON, whatever the format,
 * so that two exports can be compared. The last line of NDJSON is the summary: without it the file was cut off.
 */
export function exportFigure(figure: Figure, options: ExportOptions): ExportedFile {
  const { format, sandbox } = options;
  const columns = columnsOf(figure);
  const rows = rowsOf(figure, columns, sandbox);
  const lines = rows.map((row) => JSON.stringify(row));
  const sha256 = createHash('sha256').update(lines.join('\n')).digest('hex');
  const meta = metaOf(figure, options, rows.length, sha256);
  return {
    fileName: fileNameOf(figure, format, sandbox),
    mediaType: mediaTypes[format],
    content: contentOf({ format, columns, rows, lines, meta, bom: options.bom }),
    rowCount: rows.length,
    sha256,
  };
}

function contentOf(given: {
  readonly format: ExportFormat;
  readonly columns: readonly CsvColumn[];
  readonly rows: readonly ExportRow[];
  readonly lines: readonly string[];
  readonly meta: object;
  readonly bom: boolean;
}): string[] {
  const { format, columns, rows, lines, meta, bom } = given;
  switch (format) {
    case 'csv': {
      const head = csvLine(columns.map(({ key }) => ({ kind: 'text', value: key })));
      const body = rows.map((row) =>
        csvLine(columns.map(({ key, kind }) => ({ kind, value: row[key] ?? null }))),
      );
      return [bom ? UTF8_BOM : '', head, ...body];
    }
    case 'json':
      return [`{"meta":${JSON.stringify(meta)},"rows":[`, lines.join(',\n'), ']}\n'];
    case 'ndjson':
      return [...lines.map((line) => `${line}\n`), `${JSON.stringify({ summary: meta })}\n`];
  }
}

/** Keys that machines can count on; the unit is in the name of the value. */
function columnsOf({ metric, by }: Figure): readonly CsvColumn[] {
  return [
    { key: 'metric', kind: 'text' },
    { key: 'definition_version', kind: 'number' },
    { key: 'period_start', kind: 'text' },
    { key: 'period_end', kind: 'text' },
    ...(by === null ? [] : [{ key: by, kind: 'text' } as const]),
    { key: `value_${metric.unit}`, kind: 'number' },
    { key: 'partial', kind: 'number' },
    { key: 'sandbox', kind: 'number' },
  ];
}

function rowsOf(figure: Figure, columns: readonly CsvColumn[], sandbox: boolean): readonly ExportRow[] {
  const { metric, range, by, parts, steps, value } = figure;
  const whole: Step = { from: range.from, to: range.to, partial: range.partial, value };
  const row = (step: Step, part: ExportRow): ExportRow => ({
    metric: metric.id,
    definition_version: metric.version,
    period_start: isoIn(step.from, range.zone),
    period_end: isoIn(step.to, range.zone),
    ...part,
    [`value_${metric.unit}`]: step.value,
    partial: step.partial,
    sandbox,
  });
  if (by === null) return (steps.length > 0 ? steps : [whole]).map((step) => row(step, {}));
  const keys = new Set(columns.map(({ key }) => key));
  return parts.flatMap((part) =>
    (part.steps.length > 0 ? part.steps : [{ ...whole, value: part.value }]).map((step) =>
      row(step, keys.has(by) ? { [by]: part.name } : {}),
    ),
  );
}

function metaOf(figure: Figure, { sandbox, now }: ExportOptions, rowCount: number, sha256: string): object {
  const { metric, range, by, asOf } = figure;
  return {
    metric: metric.id,
    definitionVersion: metric.version,
    formula: metric.formula,
    unit: metric.unit,
    range: { from: range.from.toISOString(), to: range.to.toISOString(), words: range.words },
    partial: range.partial,
    grain: range.grain,
    tz: range.zone,
    asOf: asOf?.toISOString() ?? null,
    exportedAt: now.toISOString(),
    filters: by === null ? {} : { by },
    sandbox,
    rowCount,
    sha256,
  };
}

function fileNameOf({ metric, range, by }: Figure, format: ExportFormat, sandbox: boolean): string {
  const day = (at: Date): string => isoIn(at, range.zone).slice(0, 10);
  const parts = [metric.id, by, day(range.from), day(new Date(range.to.getTime() - 1)), sandbox && 'SANDBOX'];
  return `${parts.filter(Boolean).join('_')}.${format}`;
}

/** ISO 8601 with the offset of the zone. */
function isoIn(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).toISO({ suppressMilliseconds: true }) ?? at.toISOString();
}
