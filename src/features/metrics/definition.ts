// What a metric is: a definition as data, with its value composed from sums, levels and counts of streams.
import type { Bilingual } from '../../core/operation.ts';

export const metricUnits = ['paise', 'count', 'ratio', 'ms'] as const;
export type MetricUnit = (typeof metricUnits)[number];

export const metricSections = ['Revenue', 'Recurring', 'Customers', 'Cost', 'Operations'] as const;
export type MetricSection = (typeof metricSections)[number];

export type Where = Readonly<Record<string, string>>;

/** What a metric with a way of its own is asked: a stretch of time, half open and never beyond `now`. */
export interface Asked {
  readonly tenant: string;
  readonly from: Date;
  readonly to: Date;
  readonly now: Date;
  readonly zone: string;
  /** A dimension to split by. */
  readonly by?: string;
}

/** A value in all under '', or one for each value of the dimension; null where the formula has no value. */
export type Split = ReadonlyMap<string, number | null>;

/**
 * How many different units there were in its days; with `days` in the last so many alone, up to its end or to now; with
 * `daily` the counts of each of those days, added up.
 */
export interface Distinct {
  readonly kind: 'distinct';
  readonly stream: string;
  readonly unit: string;
  readonly where?: Where;
  readonly days?: number;
  readonly daily?: true;
}

export type Expression =
  /** What happened in the period. */
  | { readonly kind: 'sum'; readonly stream: string; readonly measure: string; readonly where?: Where }
  /** What stood at its start or end: the sum of all that happened before. */
  | {
      readonly kind: 'level';
      readonly at: 'start' | 'end';
      readonly stream: string;
      readonly measure: string;
      readonly where?: Where;
    }
  | Distinct
  /** Worked out for each day of the zone by itself and added up; a day without a value is left out. */
  | { readonly kind: 'eachDay'; readonly of: Expression }
  | { readonly kind: 'plus'; readonly terms: readonly Expression[] }
  /** A factor, exact where it is whole. */
  | { readonly kind: 'times'; readonly factor: number; readonly of: Expression }
  /** Without a value where the lower one is 0. */
  | { readonly kind: 'over'; readonly top: Expression; readonly bottom: Expression }
  | { readonly kind: 'atLeast'; readonly least: number; readonly of: Expression }
  /** Asked of a port that the definition was made over; with `steps` also for each step of a line. */
  | { readonly kind: 'read'; readonly read: (asked: Asked) => Promise<Split>; readonly steps?: true };

export interface Metric {
  /** Such as `new-mrr`: as it is typed. */
  readonly id: string;
  /** Other words for it. */
  readonly aliases: readonly string[];
  /** Grows when the number would come out differently. */
  readonly version: number;
  readonly name: Bilingual;
  /** The formula in one sentence, as it stands beside the number. */
  readonly formula: string;
  /** Where the formula comes from. */
  readonly source: string;
  readonly unit: MetricUnit;
  /** Which way is good: a fall of churn is good news. */
  readonly polarity: 'up' | 'down' | 'none';
  readonly section: MetricSection;
  readonly owner: string;
  /** Shown on the first page; the others one by one. */
  readonly headline: boolean;
  readonly dimensions: readonly string[];
  readonly value: Expression;
  /** The facts behind the number, those of its last so many days where `days` says so; null without facts. */
  readonly rows: { readonly stream: string; readonly where?: Where; readonly days?: number } | null;
  /** `present`: only what stands now is known, so there is nothing to compare with. */
  readonly knows: 'history' | 'present';
}

type Optional = 'aliases' | 'dimensions' | 'headline' | 'owner' | 'knows' | 'version';

/** A definition with the usual filled in. */
export function metric(given: Omit<Metric, Optional> & Partial<Pick<Metric, Optional>>): Metric {
  return {
    aliases: [],
    dimensions: [],
    headline: false,
    owner: 'finance',
    knows: 'history',
    version: 1,
    ...given,
  };
}

export const sum = (stream: string, measure: string, where?: Where): Expression => ({
  kind: 'sum',
  stream,
  measure,
  ...(where ? { where } : {}),
});

export const level = (at: 'start' | 'end', stream: string, measure: string, where?: Where): Expression => ({
  kind: 'level',
  at,
  stream,
  measure,
  ...(where ? { where } : {}),
});

export const distinct = (
  stream: string,
  unit: string,
  more: Pick<Distinct, 'where' | 'days' | 'daily'> = {},
): Expression => ({ kind: 'distinct', stream, unit, ...more });

export const eachDay = (of: Expression): Expression => ({ kind: 'eachDay', of });

export const plus = (...terms: readonly Expression[]): Expression => ({ kind: 'plus', terms });
export const times = (factor: number, of: Expression): Expression => ({ kind: 'times', factor, of });
export const minus = (top: Expression, ...less: readonly Expression[]): Expression =>
  plus(top, ...less.map((one) => times(-1, one)));
export const over = (top: Expression, bottom: Expression): Expression => ({ kind: 'over', top, bottom });
export const atLeast = (least: number, of: Expression): Expression => ({ kind: 'atLeast', least, of });

/** What a value is composed of in the end. */
export function leavesOf(value: Expression): readonly Expression[] {
  switch (value.kind) {
    case 'plus':
      return value.terms.flatMap(leavesOf);
    case 'times':
    case 'atLeast':
    case 'eachDay':
      return leavesOf(value.of);
    case 'over':
      return [...leavesOf(value.top), ...leavesOf(value.bottom)];
    default:
      return [value];
  }
}

/** Whether a value is made of whole days, so that part of a day has none of its own. */
export function isByDays(value: Expression): boolean {
  switch (value.kind) {
    case 'distinct':
    case 'eachDay':
      return true;
    case 'plus':
      return value.terms.some(isByDays);
    case 'times':
    case 'atLeast':
      return isByDays(value.of);
    case 'over':
      return isByDays(value.top) || isByDays(value.bottom);
    default:
      return false;
  }
}

/** The streams that a value is counted from. */
export function streamsOf(value: Expression): readonly string[] {
  return [...new Set(leavesOf(value).flatMap((leaf) => ('stream' in leaf ? [leaf.stream] : [])))];
}
