// Turns what a form posted back into the raw input of its operation, which the schema then judges.
import type { z } from 'zod';
import { type FieldSpec, fieldsOf } from '../core/fields.ts';

/** The fields of a posted form that are not input start with this. */
const OWN = '_';

/**
 * The raw input of an operation from a posted form. Empty means not given; a number that cannot be read stays the
 * text it was, so that the problem can quote it; unknown names stay too, and are refused by the schema.
 * @param body as parsed from `application/x-www-form-urlencoded`: texts, or lists of texts for repeated names.
 */
export function rawFromForm(
  input: z.ZodObject,
  body: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const specs = new Map(fieldsOf(input).map((spec) => [spec.name, spec]));
  const entries = Object.entries(body)
    .filter(([name]) => !name.startsWith(OWN))
    .map(([name, value]) => [name, rawValue(specs.get(name), textsOf(value))] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The posted texts by field, to be shown again when the form is refused; sensitive ones are left out. */
export function postedTexts(
  body: Readonly<Record<string, unknown>>,
  sensitive: readonly string[] = [],
): Readonly<Record<string, string>> {
  const entries = Object.entries(body)
    .filter(([name]) => !name.startsWith(OWN) && !sensitive.includes(name))
    .map(([name, value]) => [name, textsOf(value).at(-1) ?? ''] as const);
  return Object.fromEntries(entries);
}

function textsOf(value: unknown): readonly string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((entry) => typeof entry === 'string');
}

function rawValue(spec: FieldSpec | undefined, texts: readonly string[]): unknown {
  // A checkbox follows a hidden “false” of the same name, so the last one counts.
  const text = (texts.at(-1) ?? '').trim();
  if (text === '') return undefined;
  switch (spec?.kind) {
    case 'integer':
    case 'number':
      return numberFrom(text) ?? text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'list':
      return text
        .split(/[\n,]/)
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
    default:
      return text;
  }
}

function numberFrom(text: string): number | undefined {
  const plain = text.replaceAll(/[,\s]/g, '');
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}
