// The values in a plain sentence: a range of time, a choice, a known word, a key; what is left says the verb.
import { saysRange } from '../../src/core/ranges.ts';
import type { VerbPlan } from '../parse.ts';
import { stemsOf } from './lexicon.ts';

export type Slots = Readonly<Record<string, unknown>>;

/** More words than these never make a range of time. */
const LONGEST_RANGE = 6;
/** Ids and keys: `tsk_01…`, `onboarding-offer`, `job.failed`. */
const KEY = /^[a-z][a-z0-9]*(?:[_.:-][a-z0-9]+)+$/i;

interface Reading {
  readonly words: readonly string[];
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The arguments that a sentence names for a verb, and the words that are left. `telling`: the values tell the verb. */
export function slotsIn(
  plan: VerbPlan,
  text: string,
): { readonly raw: Slots; readonly rest: string; readonly telling: boolean } {
  const words = text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^["'“”(]+|["'“”).,!?;:।]+$/gu, ''))
    .filter((word) => word !== '');
  const named = takeVocabulary(plan, takeRange(plan, { words, raw: {} }));
  const { words: rest, raw } = takeKey(plan, takeChoices(plan, named));
  return { raw, rest: rest.join(' '), telling: named.words.length < words.length };
}

/** The longest run of words that says a time, for a verb with an argument `range`. */
function takeRange(plan: VerbPlan, reading: Reading): Reading {
  if (!plan.fields.some((spec) => spec.name === 'range')) return reading;
  const { words, raw } = reading;
  for (let length = Math.min(LONGEST_RANGE, words.length); length > 0; length -= 1)
    for (let at = 0; at + length <= words.length; at += 1) {
      const said = words.slice(at, at + length).join(' ');
      if (!saysRange(said)) continue;
      return { words: without(words, at, length), raw: { ...raw, range: said } };
    }
  return reading;
}

/** Words that the verb declares for the values of an argument, the longest first. */
function takeVocabulary(plan: VerbPlan, reading: Reading): Reading {
  const vocabulary = plan.verb.chat.vocabulary ?? {};
  return Object.entries(vocabulary).reduce<Reading>((known, [field, values]) => {
    if (field in known.raw || !values) return known;
    const ways = values
      .flatMap(({ value, words }) => words.map((word) => ({ value, stems: stemsOf(word) })))
      .filter(({ stems }) => stems.length > 0)
      .sort((a, b) => b.stems.length - a.stems.length);
    for (const { value, stems } of ways) {
      const at = placeOf(known.words, stems);
      if (at)
        return { words: without(known.words, at.from, at.length), raw: { ...known.raw, [field]: value } };
    }
    return known;
  }, reading);
}

/** A choice by its own word; other words for it are the verb's vocabulary. */
function takeChoices(plan: VerbPlan, reading: Reading): Reading {
  const said = new Set(reading.words.map((word) => word.toLowerCase()));
  // The word goes on saying the verb: “open tasks” names both.
  const chosen = plan.fields.flatMap(({ name, choices }) => {
    const choice = name in reading.raw ? undefined : choices.find((one) => said.has(one.toLowerCase()));
    return choice === undefined ? [] : [[name, choice] as const];
  });
  return { ...reading, raw: { ...reading.raw, ...Object.fromEntries(chosen) } };
}

/** The one word that looks like a key goes to the first argument that is asked for by position. */
function takeKey(plan: VerbPlan, reading: Reading): Reading {
  const { words, raw } = reading;
  const taker = plan.positional.find((spec) => spec.kind === 'text' && !(spec.name in raw));
  const at = words.findIndex((word) => KEY.test(word));
  const key = words[at];
  if (!taker || taker.name === 'range' || key === undefined) return reading;
  return { words: without(words, at, 1), raw: { ...raw, [taker.name]: key } };
}

/** Where these stems stand one after the other, words that carry nothing left aside. */
function placeOf(
  words: readonly string[],
  stems: readonly string[],
): { from: number; length: number } | null {
  for (let from = 0; from < words.length; from += 1) {
    let met = 0;
    for (let at = from; at < words.length && met < stems.length; at += 1) {
      const here = stemsOf(words[at] ?? '');
      if (here.length === 0 && met > 0) continue;
      if (here[0] !== stems[met]) break;
      met += 1;
      if (met === stems.length) return { from, length: at - from + 1 };
    }
  }
  return null;
}

const without = (words: readonly string[], at: number, length: number): readonly string[] => [
  ...words.slice(0, at),
  ...words.slice(at + length),
];
