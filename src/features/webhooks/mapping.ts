// Reads a body of a foreign shape by the paths that staff named: pure, and total over any JSON.
import type { WebhookMapping } from '../../../models/webhook-endpoint.ts';
import type { FieldProblem } from '../../core/errors.ts';
import { AppError } from '../../core/errors.ts';
import type { FieldSpec } from '../../core/fields.ts';

type Row = Readonly<Record<string, unknown>>;

const MOST_ROWS = 1_000;
/** Steps apart by dots; `[0]` and `.0` are both the first of a list. */
const PATH = /^[\w$-]{1,60}(?:\.[\w$-]{1,60}|\[\d{1,3}\]){0,12}$/;
const CONSTANT = /^'([^']{0,80})'$/;
/** Seconds since 1970 stay below this until the year 5138; milliseconds passed it in 1973. */
const MOST_SECONDS = 100_000_000_000;

/**
 * The mapping that these words describe: `field=path` or `field='constant'`, and `theirs=ours`.
 * @returns problems instead, naming what is wrong and what works.
 */
export function readMapping(
  wish: {
    readonly to: string;
    readonly each: string | null;
    readonly fields: readonly string[];
    readonly words: readonly string[];
  },
  specs: readonly FieldSpec[],
): WebhookMapping | readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const refuse = (field: string, problem: string, example: string): void => {
    problems.push({ field, problem, example });
  };
  const fields = wish.fields.map((text) => {
    const [field, from] = halves(text);
    if (!specs.some(({ name }) => name === field))
      refuse(
        'field',
        `“${field}” is no field of ${wish.to}; those are ${namesOf(specs)}`,
        `${specs[0]?.name ?? 'id'}=data.id`,
      );
    if (!PATH.test(from) && !CONSTANT.test(from))
      refuse(
        'field',
        `“${text}” names no path; a constant stands in single quotes`,
        `${field || 'id'}=data.id`,
      );
    return { field, from };
  });
  const words = wish.words.map((text) => {
    const [theirs, ours] = halves(text);
    if (theirs === '' || ours === '')
      refuse('word', `“${text}” is not theirs=ours`, 'firing=incident.opened');
    return { theirs, ours };
  });
  if (wish.each !== null && !PATH.test(wish.each)) refuse('each', `“${wish.each}” is no path`, 'data.items');
  const named = new Set(fields.map(({ field }) => field));
  const missing = specs.filter(({ name, required }) => required && name !== 'at' && !named.has(name));
  for (const { name } of missing)
    refuse('field', `${name} is needed and no path leads to it`, `${name}=data.${name}`);
  return problems.length > 0 ? problems : { to: wish.to, each: wish.each, fields, words };
}

/**
 * The rows that a body holds. What a path does not lead to is left out, and judged by who takes the row; a time
 * that is left out is that of the receipt.
 * @throws AppError `webhook.shape` where the list of rows is none, or has more than 1,000.
 */
export function rowsIn(
  mapping: WebhookMapping,
  specs: readonly FieldSpec[],
  payload: unknown,
  receivedAt: Date,
): readonly Row[] {
  const elements = mapping.each === null ? [payload] : valueAt(payload, mapping.each);
  if (!Array.isArray(elements) || elements.length > MOST_ROWS)
    throw new AppError('webhook.shape', `“${mapping.each}” leads to no list of at most ${MOST_ROWS} rows.`);
  return elements.map((element) => rowIn(mapping, specs, element, receivedAt));
}

function rowIn(
  { fields, words }: WebhookMapping,
  specs: readonly FieldSpec[],
  element: unknown,
  receivedAt: Date,
): Row {
  const row: Record<string, unknown> = specs.some(({ name }) => name === 'at')
    ? { at: receivedAt.toISOString() }
    : {};
  for (const { field, from } of fields) {
    const spec = specs.find(({ name }) => name === field);
    const [, constant] = CONSTANT.exec(from) ?? [];
    const found = constant ?? valueAt(element, from);
    if (!spec || found === undefined || found === null || found === '') continue;
    row[field] = fitted(spec, found, words);
  }
  return row;
}

/** The value as the field writes it, where that is plain; anything else stays as it came and is judged as that. */
function fitted(spec: FieldSpec, found: unknown, words: WebhookMapping['words']): unknown {
  if (typeof found === 'object') return found;
  if (spec.kind === 'choice') return words.find(({ theirs }) => theirs === String(found))?.ours ?? found;
  if (spec.kind === 'integer' || spec.kind === 'number')
    return typeof found === 'string' && /^-?\d{1,15}(\.\d{1,6})?$/.test(found.trim()) ? Number(found) : found;
  if (spec.kind === 'boolean') return found === 'true' ? true : found === 'false' ? false : found;
  if (/^at$|At$/.test(spec.name)) return instantOf(found);
  return spec.kind === 'text' ? String(found) : found;
}

/** ISO 8601 from seconds or milliseconds since 1970, or from what Date can read; else as it came. */
function instantOf(found: unknown): unknown {
  const number = typeof found === 'number' || /^\d{9,13}$/.test(String(found)) ? Number(found) : null;
  const at =
    number === null ? new Date(String(found)) : new Date(number < MOST_SECONDS ? number * 1_000 : number);
  return Number.isNaN(at.getTime()) ? found : at.toISOString();
}

/** A body that the mapping reads as this row. */
export function bodyOf({ each, fields, words }: WebhookMapping, row: Row): Row {
  const element: Record<string, unknown> = {};
  for (const { field, from } of fields) {
    const value = row[field];
    if (value === undefined || CONSTANT.test(from)) continue;
    put(element, from, words.find(({ ours }) => ours === value)?.theirs ?? value);
  }
  if (each === null) return element;
  const body: Record<string, unknown> = {};
  put(body, each, [element]);
  return body;
}

function put(into: Record<string, unknown>, path: string, value: unknown): void {
  const steps = stepsOf(path);
  const last = steps.pop() ?? path;
  let here = into;
  for (const step of steps) {
    const next = here[step];
    const inside: Record<string, unknown> = isObject(next) ? { ...next } : {};
    here[step] = inside;
    here = inside;
  }
  here[last] = value;
}

function valueAt(value: unknown, path: string): unknown {
  let here = value;
  for (const step of stepsOf(path)) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = Reflect.get(here, step);
  }
  return here;
}

const stepsOf = (path: string): string[] => path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const namesOf = (specs: readonly FieldSpec[]): string => specs.map(({ name }) => name).join(', ');

function halves(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
