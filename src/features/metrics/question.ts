// Reads what is asked of metrics: which one, over which range, split by what, against what.
import { AppError } from '../../core/errors.ts';
import { type Range, type ReaderTime, resolveRange, type Span } from '../../core/ranges.ts';
import { isByDays, type Metric } from './definition.ts';

export const DEFAULT_RANGE = 'last 30 days';

/** Names that hold the first letters of a wrong one are worth naming. */
const GUESS_LETTERS = 4;

/** As it was typed: each part may also stand in the range, as in `last 30 days by source vs last year`. */
export interface Asked {
  readonly metric?: string | undefined;
  readonly range?: string | undefined;
  readonly by?: string | undefined;
  readonly versus?: string | undefined;
}

export interface Question {
  /** Undefined where all are asked for. */
  readonly metric: Metric | undefined;
  readonly range: Range;
  readonly by: string | undefined;
  readonly against: Span;
}

/**
 * What was asked, with its range resolved.
 * @throws AppError `input.invalid` quoting what is no metric, range or dimension; `record.not_found` never.
 */
export function readQuestion(asked: Asked, metrics: readonly Metric[], time: ReaderTime): Question {
  const said = splitTail([asked.metric, asked.range].filter(Boolean).join(' '));
  const { metric, rest } = metricIn(said.text, metrics);
  const rangeText = rest === '' ? DEFAULT_RANGE : rest;
  if (!metric && asked.metric && !readsAsRange(rest, time)) throw noMetric(asked.metric, metrics);
  const range = resolveRange(rangeText, time);
  const by = asked.by ?? said.by;
  if (by !== undefined && metric) refuseDimension(metric, by);
  if (metric) refuseHours(metric, range);
  const versus = asked.versus ?? said.versus;
  return { metric, range, by, against: against(versus, range, time) };
}

/** The metric of this id or other name. @throws AppError `input.invalid` naming those there are. */
export function metricNamed(words: string, metrics: readonly Metric[]): Metric {
  const { metric, rest } = metricIn(words, metrics);
  if (metric && rest === '') return metric;
  throw noMetric(words, metrics);
}

/** `… by source vs last year`, in either order, from the end of the words. */
function splitTail(words: string): { readonly text: string; readonly by?: string; readonly versus?: string } {
  const found: { by?: string; versus?: string } = {};
  let text = ` ${words.trim()}`;
  for (let turn = 0; turn < 2; turn += 1) {
    const match =
      / (by|vs\.?|versus|against|compared (?:to|with)) ((?:(?! (?:by|vs\.?|versus|against|compared) ).)+)$/i.exec(
        text,
      );
    if (!match) break;
    const [whole, word = '', said = ''] = match;
    if (word.toLowerCase() === 'by') found.by = said.trim().toLowerCase();
    else found.versus = said.trim();
    text = text.slice(0, -whole.length);
  }
  return { text: text.trim(), ...found };
}

/** The longest name that the words begin with, and the words after it. */
function metricIn(
  words: string,
  metrics: readonly Metric[],
): { readonly metric: Metric | undefined; readonly rest: string } {
  const said = simplified(words);
  const names = metrics.flatMap((metric) =>
    namesOf(metric).map((name) => ({ metric, name: simplified(name) })),
  );
  const best = names
    .filter(({ name }) => said === name || said.startsWith(`${name} `))
    .sort((a, b) => b.name.length - a.name.length)[0];
  return best
    ? { metric: best.metric, rest: wordsAfter(words, best.name) }
    : { metric: undefined, rest: words };
}

const namesOf = (metric: Metric): readonly string[] => [
  metric.id,
  metric.name.en,
  metric.name.hi,
  ...metric.aliases,
];

const simplified = (words: string): string =>
  words
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[-_\s]+/g, ' ')
    .trim();

function wordsAfter(words: string, name: string): string {
  const parts = words.trim().split(/([-_\s]+)/);
  for (let count = 1; count <= parts.length; count += 1)
    if (simplified(parts.slice(0, count).join('')) === name) return parts.slice(count).join('').trim();
  return '';
}

function readsAsRange(words: string, time: ReaderTime): boolean {
  try {
    resolveRange(words, time);
    return true;
  } catch {
    return false;
  }
}

function against(versus: string | undefined, range: Range, time: ReaderTime): Span {
  const said = versus?.toLowerCase().trim();
  if (said === undefined || /^(last|previous|before|last period|previous period|pichle|pichla)$/.test(said))
    return range.previous;
  if (/^(last year|a year ago|year ago|same (?:time|period) last year|yoy)$/.test(said))
    return range.yearBefore;
  return resolveRange(said, time, 'versus');
}

function refuseDimension(metric: Metric, by: string): void {
  if (metric.dimensions.includes(by)) return;
  const known = metric.dimensions.join(', ');
  const problem = known
    ? `“${by.slice(0, 60)}” is no way to split ${metric.id}; these are: ${known}`
    : `${metric.id} is not split; ask for it without “by ${by.slice(0, 60)}”`;
  throw new AppError('input.invalid', `${problem}.`, {
    fields: [{ field: 'by', problem, ...(metric.dimensions[0] ? { example: metric.dimensions[0] } : {}) }],
  });
}

/** Different units are counted by days: part of a day has no count of its own. */
function refuseHours(metric: Metric, range: Range): void {
  const isDays = range.grain !== 'hour' || !range.words.includes(':');
  if (isDays || !isByDays(metric.value)) return;
  const problem = `${metric.id} is counted by whole days, not by hours; try: today, yesterday, last 7 days`;
  throw new AppError('input.invalid', `${problem}.`, {
    fields: [{ field: 'range', problem, example: 'today' }],
  });
}

function noMetric(words: string, metrics: readonly Metric[]): AppError {
  const said = words.trim().slice(0, 60);
  const begin = simplified(said).slice(0, GUESS_LETTERS);
  const near = metrics.filter((metric) => namesOf(metric).some((name) => simplified(name).includes(begin)));
  const known = (near.length > 0 ? near : metrics).map((metric) => metric.id).join(', ');
  const problem = `“${said}” is no metric; ${near.length > 0 ? 'near it are' : 'there are'}: ${known}`;
  return new AppError('input.invalid', `${problem}.`, {
    fields: [{ field: 'metric', problem, example: 'revenue' }],
  });
}
