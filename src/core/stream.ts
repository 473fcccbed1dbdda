// What a stream is, as data: the schema of a row, what is added up, what it is split by, and whom it counts.
import type { z } from 'zod';
import type { Bilingual } from './operation.ts';

/** The fields of a fact; plain, so that every one can be shown, split by or added up. */
export type FactData = Readonly<Record<string, string | number | boolean>>;

/** Adds a field, or 1, for each fact whose fields have these values; `times` -1 takes away. */
export interface Term {
  readonly field?: string;
  readonly times?: 1 | -1;
  readonly when?: Readonly<Record<string, string | boolean>>;
}

export interface Measure {
  readonly name: string;
  readonly unit: 'count' | 'paise' | 'milliseconds';
  readonly about: string;
  readonly terms: readonly Term[];
}

/** A unit that is counted once however many facts it has, such as a customer; `when` says which facts count. */
export interface Unit {
  readonly name: string;
  readonly when?: Readonly<Record<string, string | boolean>>;
}

export interface Stream {
  readonly name: string;
  readonly about: Bilingual;
  /** A row as it comes in: strict, plain fields; `id` and `at` are always among them. */
  readonly row: z.ZodObject;
  /** A row that works. */
  readonly example: Readonly<Record<string, string | number | boolean>>;
  /** Fields that sums may be split by or narrowed to. */
  readonly dimensions: readonly string[];
  /** Pairs of dimensions whose sums are kept as well; every other pair is added up from the facts. */
  readonly pairs: readonly (readonly [string, string])[];
  /** The first is always `count`: how many facts there are. */
  readonly measures: readonly Measure[];
  readonly units: readonly Unit[];
  /** The field by which facts are read together, such as the customer of a subscription. */
  readonly subject?: string;
  /** Fields that hold personal data: masked wherever a row is shown. */
  readonly personal: readonly string[];
}

export const counted: Measure = { name: 'count', unit: 'count', about: 'facts', terms: [{}] };

/** How many facts have these values. */
export function countWhen(name: string, about: string, when: Term['when']): Measure {
  return { name, unit: 'count', about, terms: [when ? { when } : {}] };
}

/** The sum of a field, over the facts that have these values. */
export function sumOf(
  name: string,
  unit: Measure['unit'],
  about: string,
  ...terms: readonly Term[]
): Measure {
  return { name, unit, about, terms: terms.length > 0 ? terms : [{ field: name }] };
}
