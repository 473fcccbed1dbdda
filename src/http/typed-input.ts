// Texts of a query string or a form, typed by the kind of each field; what does not fit stays for the schema to judge.
import type { FieldKind, FieldSpec } from '../core/fields.ts';
import { refuseKey } from './body.ts';

const YES = new Set(['true', 'yes', 'on', '1']);
const NO = new Set(['false', 'no', 'off', '0']);

/** Raw input for an operation; an empty text means that nothing was given. */
export function typedInput(
  specs: readonly FieldSpec[],
  texts: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const kinds = new Map(specs.map((spec) => [spec.name, spec.kind]));
  const entries = Object.entries(texts).flatMap(([name, given]) => {
    refuseKey(name);
    return given === '' || given === undefined ? [] : [[name, typed(kinds.get(name), given)] as const];
  });
  return Object.fromEntries(entries);
}

function typed(kind: FieldKind | undefined, given: unknown): unknown {
  if (kind === 'list') return listOf(given);
  if (typeof given !== 'string') return given;
  const text = given.trim();
  switch (kind) {
    case 'integer':
      return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : given;
    case 'number':
      return /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : given;
    case 'boolean':
      return truthOf(text.toLowerCase()) ?? given;
    default:
      return given;
  }
}

function truthOf(text: string): boolean | undefined {
  if (YES.has(text)) return true;
  return NO.has(text) ? false : undefined;
}

function listOf(given: unknown): unknown {
  const texts = Array.isArray(given) ? given : [given];
  return texts.flatMap((text) =>
    typeof text === 'string'
      ? text
          .split(/[,\n]/)
          .map((part) => part.trim())
          .filter((part) => part !== '')
      : [text],
  );
}
