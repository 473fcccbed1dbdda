// Reads a check-list of findings from Markdown, CSV or JSON; every line that cannot be taken is named.
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { type TaskPriority, taskPriorities } from '../../../models/task.ts';
import type { Bilingual } from '../../core/operation.ts';

export interface Finding {
  /** The finding's own id in its source; empty when it has none. */
  readonly key: string;
  readonly title: string;
  readonly category: string;
  readonly priority: TaskPriority;
  readonly done: boolean;
}

/** A line that cannot be taken, and why. */
export interface RefusedLine {
  readonly line: number;
  readonly problem: Bilingual;
}

export interface ReadFindings {
  readonly findings: readonly Finding[];
  readonly refused: readonly RefusedLine[];
}

interface Row {
  readonly line: number;
  readonly values: unknown;
}

const yes = new Set(['x', 'yes', 'true', 'done', '1']);

const finding = z
  .object({
    key: z.coerce.string().trim().max(200).default(''),
    title: z.string().trim().min(1).max(300),
    category: z.string().trim().max(60).default('general'),
    priority: z.string().trim().toLowerCase().pipe(z.enum(taskPriorities)).default('medium'),
    done: z
      .union([z.boolean(), z.string().transform((value) => yes.has(value.trim().toLowerCase()))])
      .default(false),
  })
  .transform((row) => ({ ...row, category: row.category === '' ? 'general' : row.category }));

/** Findings of a text in whichever of the three forms it is; repeated findings of one file are taken once. */
export function readFindings(text: string): ReadFindings {
  const clean = text.replace(/^\uFEFF/, '');
  const rows = rowsOf(clean);
  if ('problem' in rows) return { findings: [], refused: [rows] };
  const findings: Finding[] = [];
  const refused: RefusedLine[] = [];
  for (const { line, values } of rows.rows) {
    const judged = finding.safeParse(values);
    if (judged.success) findings.push(judged.data);
    else refused.push({ line, problem: problemOf(judged.error) });
  }
  if (findings.length + refused.length === 0) refused.push({ line: 1, problem: problems.none });
  return { findings, refused };
}

const problems = {
  none: { en: 'there is no finding in this file', hi: 'इस फ़ाइल में कोई काम नहीं है' },
  untitled: { en: 'has no title', hi: 'काम का नाम नहीं है' },
  longTitle: { en: 'has a title over 300 characters', hi: 'काम का नाम 300 अक्षरों से लंबा है' },
  priority: {
    en: `priority is none of ${taskPriorities.join(', ')}`,
    hi: `priority इनमें से कोई नहीं है: ${taskPriorities.join(', ')}`,
  },
  json: {
    en: 'this is not JSON; wanted is a list such as [{"title": "Fix receipts"}]',
    hi: 'यह JSON नहीं है; ऐसी सूची चाहिए: [{"title": "Fix receipts"}]',
  },
} as const;

function problemOf(error: z.ZodError): Bilingual {
  const each = error.issues.map(({ path: [field], code, message }): Bilingual => {
    if (field === 'priority') return problems.priority;
    if (field === 'title') return code === 'too_big' ? problems.longTitle : problems.untitled;
    return { en: message, hi: `${String(field)} ठीक नहीं है` };
  });
  const [en, hi] = [each.map((one) => one.en), each.map((one) => one.hi)];
  return { en: en.join('; '), hi: hi.join('; ') };
}

type Rows = { readonly rows: readonly Row[] } | RefusedLine;

function rowsOf(text: string): Rows {
  const start = text.trimStart();
  if (start.startsWith('[') && !/^\[[ xX]\]/.test(start)) return jsonRows(text);
  if (start.startsWith('{')) return jsonRows(text);
  if (/^\s*([-*+]|\d+\.)\s+\S|^#/m.test(text)) return { rows: markdownRows(text) };
  return csvRows(text);
}

function jsonRows(text: string): Rows {
  try {
    const value: unknown = JSON.parse(text);
    const list = Array.isArray(value)
      ? value
      : z.object({ findings: z.array(z.unknown()) }).parse(value).findings;
    return { rows: list.map((values, index) => ({ line: index + 1, values })) };
  } catch {
    return { line: 1, problem: problems.json };
  }
}

/** `- [ ] title`, with the nearest heading above as its category and an optional `(high)` as its priority. */
function markdownRows(text: string): Row[] {
  let category = 'general';
  return text.split(/\r?\n/).flatMap((content, index) => {
    const heading = /^#{1,6}\s+(.+)$/.exec(content);
    if (heading?.[1]) category = heading[1].trim().slice(0, 60);
    const item = /^\s*(?:[-*+]|\d+\.)\s+(?:\[([ xX])\]\s+)?(.*)$/.exec(content);
    if (!item) return [];
    const marked = /^(.*?)\s*[([](critical|high|medium|low)[)\]]\s*$/i.exec(item[2] ?? '');
    const title = marked?.[1] ?? item[2] ?? '';
    const priority = marked?.[2]?.toLowerCase() ?? 'medium';
    return [{ line: index + 1, values: { title, category, priority, done: item[1]?.toLowerCase() === 'x' } }];
  });
}

function csvRows(text: string): Rows {
  try {
    const records = z
      .array(z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.number() }) }))
      .parse(
        parse(text, {
          columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
          info: true,
          skip_empty_lines: true,
          bom: true,
          max_record_size: 100_000,
          trim: true,
        }),
      );
    return { rows: records.map(({ record, info }) => ({ line: info.lines, values: withoutEmpty(record) })) };
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    const problem = {
      en: `this is not CSV with a title column: ${why}`,
      hi: `यह title कॉलम वाली CSV फ़ाइल नहीं है (${why})`,
    };
    return { line: lineOf(error), problem };
  }
}

function withoutEmpty(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ''));
}

function lineOf(error: unknown): number {
  const lines = z.object({ lines: z.number() }).safeParse(error);
  return lines.success ? lines.data.lines : 1;
}
