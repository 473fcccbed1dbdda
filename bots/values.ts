// Turns the words given for an argument into a JSON value by its kind; what does not fit stays text for the schema to judge.
import type { FieldSpec } from '../src/core/fields.ts';

const PLAIN_NUMBER = /^[+-]?(\d+(\.\d+)?|\.\d+)$/;
const INDIAN = /^[+-]?\d{1,2}(,\d{2})*,\d{3}(\.\d+)?$/;
const WESTERN = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;

const truths: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'y', 'on', '1', 'हाँ', 'हां', 'haan'].map((word) => [word, true] as const),
  ...['false', 'no', 'n', 'off', '0', 'नहीं', 'nahin', 'nahi'].map((word) => [word, false] as const),
]);

/** The JSON value that these words mean for this argument. Never throws. */
export function jsonValueOf(spec: FieldSpec, text: string): unknown {
  switch (spec.kind) {
    case 'text':
      return text;
    case 'integer':
    case 'number':
      return numberOf(text) ?? text;
    case 'boolean':
      return truths.get(text.trim().toLowerCase()) ?? text;
    case 'choice':
      return choiceOf(spec, text);
    case 'list':
      return listOf(text);
  }
}

/** `12,50,000` and `1,250,000` are numbers, `12,5` and `0x10` are not. */
function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (PLAIN_NUMBER.test(trimmed)) return Number(trimmed);
  if (INDIAN.test(trimmed) || WESTERN.test(trimmed)) return Number(trimmed.replaceAll(',', ''));
  return undefined;
}

function choiceOf(spec: FieldSpec, text: string): string {
  const wanted = text.trim().toLowerCase();
  return spec.choices.find((choice) => choice.toLowerCase() === wanted) ?? text;
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
