// A body that fits any definition, so that a test may walk every collection there is.
import type { CollectionDefinition, FieldDefinition } from '../../models/define.ts';
import { isList, optionsOf } from '../../models/field-check.ts';

/** In the year 2100: a record that expires by this date stays. */
const FAR_OFF = Date.UTC(2100, 0, 1);

/** A value for every declared field; `seed` tells two bodies of one tenant apart where a key is unique. */
export function sampleBody({ fields }: CollectionDefinition, seed: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([field, form]) => [field, sample(form, seed)]));
}

function sample(form: FieldDefinition, seed: number): unknown {
  const { type, enum: choices, min = 0 } = optionsOf(form);
  if (isList(type)) return [sample(type[0], seed)];
  if (type === String) return choices?.[0] ?? `text ${seed}`;
  if (type === Number) return min + seed;
  if (type === Boolean) return true;
  if (type === Date) return new Date(FAR_OFF + seed);
  if (typeof type === 'function') return { any: seed };
  return Object.fromEntries(Object.entries(type).map(([field, nested]) => [field, sample(nested, seed)]));
}
