// What the facts of a stream come to: their measures, dimensions, groupings and units.
import type { FactData, Stream, Term, Unit } from '../../core/stream.ts';

/** What a fact adds to each measure of its stream, in their order; whole numbers. */
export function measuresOf(stream: Stream, data: FactData): number[] {
  return stream.measures.map(({ terms }) => terms.reduce((sum, term) => sum + termOf(term, data), 0));
}

function termOf({ field, times = 1, when }: Term, data: FactData): number {
  if (!has(data, when)) return 0;
  if (field === undefined) return times;
  const value = data[field];
  return typeof value === 'number' ? times * value : 0;
}

export function has(data: FactData, when: Term['when']): boolean {
  return Object.entries(when ?? {}).every(([field, value]) => data[field] === value);
}

/** The value of a dimension; empty where the fact has none. */
export function dimensionOf(data: FactData, dimension: string): string {
  const value = data[dimension];
  return value === undefined ? '' : String(value);
}

/** Whom a fact counts for; null where it counts for nobody. */
export function unitOf({ name, when }: Unit, data: FactData): string | null {
  const value = data[name];
  return typeof value === 'string' && value !== '' && has(data, when) ? value : null;
}

/** Every grouping that sums are kept for: in all, by each dimension, by each pair. */
export function groupingsOf(stream: Stream): readonly (readonly string[])[] {
  return [[], ...stream.dimensions.map((dimension) => [dimension]), ...stream.pairs];
}

const PAIR = '\u001f';

/** The value of a grouping: those of its dimensions, joined by a character that no value holds. */
export function groupedValue(data: FactData, grouping: readonly string[]): string {
  return grouping.map((dimension) => dimensionOf(data, dimension)).join(PAIR);
}

export function splitValue(value: string): readonly string[] {
  return value.split(PAIR);
}
