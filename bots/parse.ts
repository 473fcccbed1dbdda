// Reads the words after a verb into the raw input of its operation: positionals, flags and key:value alike.

import type { Language } from '../src/core/context.ts';
import type { Verb } from '../src/core/dispatcher.ts';
import type { FieldProblem } from '../src/core/errors.ts';
import { type FieldSpec, fieldsOf } from '../src/core/fields.ts';
import { type ReadingWords, readingWords } from './parse-words.ts';
import { jsonValueOf } from './values.ts';
import { quoteWord, type Word } from './words.ts';

/** What is worked out once per verb, so that reading a line is look-ups alone. */
export interface VerbPlan {
  readonly verb: Verb;
  readonly fields: readonly FieldSpec[];
  /** Fields by the name of their flag, in lower case: `amount-paise` and `amountpaise`. */
  readonly byFlag: ReadonlyMap<string, FieldSpec>;
  readonly positional: readonly FieldSpec[];
}

export interface Reading {
  readonly raw: Readonly<Record<string, unknown>>;
  /** What could not be read at all; the schema judges the rest. */
  readonly problems: readonly FieldProblem[];
}

/** Arguments that were found whole elsewhere. */
export const settled = (raw: Reading['raw']): Reading => ({ raw, problems: [] });

/** @throws Error when a positional names no argument: a fault of the declaration. */
export function planOf(verb: Verb): VerbPlan {
  const fields = fieldsOf(verb.input);
  const byName = new Map(fields.map((spec) => [spec.name, spec]));
  const positional = (verb.chat.positional ?? []).map((name) => {
    const spec = byName.get(name);
    if (!spec) throw new Error(`${verb.name} has no argument “${name}” to take by position`);
    return spec;
  });
  const byFlag = new Map<string, FieldSpec>();
  for (const spec of fields) {
    byFlag.set(spec.name.toLowerCase(), spec);
    byFlag.set(flagOf(spec.name), spec);
  }
  return { verb, fields, byFlag, positional };
}

/** `amountPaise` is typed as `--amount-paise`. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Total: any words give a reading, and what is wrong with them is in its problems. */
export function readArguments(plan: VerbPlan, words: readonly Word[], language: Language = 'en'): Reading {
  const say = readingWords[language];
  const given = new Map<FieldSpec, string[]>();
  const problems: FieldProblem[] = [];
  const loose: Word[] = [];
  let flagsEnded = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (!word) continue;
    if (flagsEnded || word.literal) loose.push(word);
    else if (word.text === '--') flagsEnded = true;
    else {
      const named = flagIn(plan, word) ?? pairIn(plan, word);
      if (!named) loose.push(word);
      else if ('unknown' in named) problems.push(unknownFlag(plan, named.unknown, say));
      else {
        const { value, taken } = flagValue(named, words[at + 1]);
        at += taken;
        if (value === undefined) problems.push(withoutValue(named.spec, say));
        else collect(given, named.spec, value);
      }
    }
  }
  const tooMuch = placeLoose(plan, loose, given);
  if (tooMuch.length > 0) problems.push(tooMany(plan, tooMuch, say));
  return { raw: rawOf(given, problems, say), problems };
}

interface Named {
  readonly spec: FieldSpec;
  /** Undefined for a flag whose value, if it takes one, is the next word. */
  readonly value: string | undefined;
}

function flagIn(plan: VerbPlan, word: Word): Named | { readonly unknown: string } | null {
  const match = /^(--|—|–)([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(word.text);
  if (!match) return null;
  const [, dashes, flag = '', value] = match;
  const name = flag.toLowerCase();
  const spec = plan.byFlag.get(name);
  if (spec) return { spec, value };
  const denied = name.startsWith('no-') ? plan.byFlag.get(name.slice(3)) : undefined;
  if (denied?.kind === 'boolean' && value === undefined) return { spec: denied, value: 'no' };
  // A dash that a phone made of `--` counts only before a known name; elsewhere it is punctuation.
  return dashes === '--' ? { unknown: flag } : null;
}

function pairIn(plan: VerbPlan, word: Word): Named | null {
  const colon = word.text.indexOf(':');
  if (colon < 1 || word.text.startsWith('//', colon + 1)) return null;
  const spec = plan.byFlag.get(word.text.slice(0, colon).toLowerCase());
  const value = word.text.slice(colon + 1);
  return spec && value !== '' ? { spec, value } : null;
}

function flagValue(named: Named, next: Word | undefined): { value: string | undefined; taken: number } {
  if (named.value !== undefined) return { value: named.value, taken: 0 };
  if (named.spec.kind === 'boolean') {
    const said = next && !next.literal && /^(true|false)$/i.test(next.text);
    return said ? { value: next.text, taken: 1 } : { value: 'yes', taken: 0 };
  }
  const isFlag = next && !next.literal && /^--([A-Za-z]|$)/.test(next.text);
  return next && !isFlag ? { value: next.text, taken: 1 } : { value: undefined, taken: 0 };
}

function collect(given: Map<FieldSpec, string[]>, spec: FieldSpec, value: string): void {
  const values = given.get(spec);
  if (values) values.push(value);
  else given.set(spec, [value]);
}

/**
 * Words without a name go to the positionals that were not named, and the last of those takes the rest.
 * @returns the words that no argument takes.
 */
function placeLoose(
  plan: VerbPlan,
  loose: readonly Word[],
  given: Map<FieldSpec, string[]>,
): readonly Word[] {
  const open = plan.positional.filter((spec) => !given.has(spec));
  const last = open.length - 1;
  open.slice(0, last).forEach((spec, place) => {
    const word = loose[place];
    if (word) collect(given, spec, word.text);
  });
  const rest = loose.slice(Math.max(last, 0));
  const taker = open[last];
  if (rest.length === 0 || !taker) return rest;
  collect(given, taker, restOf(taker, rest));
  return [];
}

function restOf(spec: FieldSpec, words: readonly Word[]): string {
  const [first] = words;
  if (words.length === 1 && first) return first.text;
  if (spec.kind === 'list') return words.map((word) => word.text).join(',');
  return words.map((word, place) => (place === 0 ? word.typed : word.gap + word.typed)).join('');
}

function rawOf(
  given: ReadonlyMap<FieldSpec, readonly string[]>,
  problems: FieldProblem[],
  say: ReadingWords,
): Reading['raw'] {
  const raw: Record<string, unknown> = {};
  for (const [spec, values] of given) {
    if (values.length > 1 && spec.kind !== 'list') problems.push(givenTwice(spec, values, say));
    else raw[spec.name] = jsonValueOf(spec, values.join(','));
  }
  return raw;
}

function unknownFlag(plan: VerbPlan, flag: string, say: ReadingWords): FieldProblem {
  const known = plan.fields.map((spec) => `--${flagOf(spec.name)}`).join(', ') || say.none;
  return { field: `--${short(flag)}`, problem: say.unknown(known) };
}

function withoutValue(spec: FieldSpec, say: ReadingWords): FieldProblem {
  return { field: spec.name, problem: say.withoutValue, ...exampleOf(spec) };
}

function givenTwice(spec: FieldSpec, values: readonly string[], say: ReadingWords): FieldProblem {
  return { field: spec.name, problem: say.givenTwice(values.map((value) => `“${short(value)}”`)) };
}

function tooMany(plan: VerbPlan, rest: readonly Word[], say: ReadingWords): FieldProblem {
  const extra = short(rest.map((word) => word.text).join(' '));
  const known = plan.fields.map((spec) => `--${flagOf(spec.name)}`).join(', ');
  return { field: say.arguments, problem: say.tooMany(extra, known) };
}

function exampleOf(spec: FieldSpec): { example?: string } {
  return spec.example === undefined ? {} : { example: `--${flagOf(spec.name)} ${spec.example}` };
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A line that says this call: what a person could type in place of pressing a button. */
export function lineOf(verb: Verb, input: Readonly<Record<string, unknown>>): string {
  const flags = Object.entries(input)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `--${flagOf(name)}=${wordFor(value)}`);
  return [`/${verb.name.replace('.', ' ')}`, ...flags].join(' ');
}

function wordFor(value: unknown): string {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return /^[\w.,@/+-]+$/.test(text) ? text : quoteWord(text);
}
