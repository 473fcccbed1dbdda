// What may be wrong with an argument, in both languages.
import type { Language } from './context.ts';

type Kind = 'integer' | 'number' | 'boolean' | 'list' | 'text';

export interface ProblemWords {
  readonly unknown: (known: string) => string;
  readonly none: string;
  readonly missing: (description: string) => string;
  readonly noChoice: (given: string, choices: string) => string;
  readonly tooLong: (given: string, most: string) => string;
  readonly tooLarge: (given: string, most: string) => string;
  readonly tooShort: (given: string, least: string) => string;
  readonly tooSmall: (given: string, least: string) => string;
  readonly wrongKind: (given: string, kind: Kind) => string;
  /** @param why as the schema says it. */
  readonly misfit: (given: string, why: string) => string;
}

const kindsEn: Readonly<Record<Kind, string>> = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'yes or no',
  list: 'a list',
  text: 'a text',
};

const en: ProblemWords = {
  unknown: (known) => `is not known here; known are: ${known}`,
  none: 'none',
  missing: (description) => `is missing${description === '' ? '' : ` (${description})`}`,
  noChoice: (given, choices) => `“${given}” is none of ${choices}`,
  tooLong: (given, most) => `“${given}” is too long; at most ${most}`,
  tooLarge: (given, most) => `“${given}” is too large; at most ${most}`,
  tooShort: (given, least) => `“${given}” is too short; at least ${least}`,
  tooSmall: (given, least) => `“${given}” is too small; at least ${least}`,
  wrongKind: (given, kind) => `“${given}” is not ${kindsEn[kind]}`,
  misfit: (given, why) => `“${given}” does not fit: ${why}`,
};

const kindsHi: Readonly<Record<Kind, string>> = {
  integer: 'एक पूरी संख्या',
  number: 'एक संख्या',
  boolean: 'हाँ या नहीं',
  list: 'एक सूची',
  text: 'कुछ शब्द',
};

const hi: ProblemWords = {
  unknown: (known) => `यहाँ नहीं चलता; ये चलते हैं: ${known}`,
  none: 'कोई नहीं',
  missing: () => 'नहीं दिया गया',
  noChoice: (given, choices) => `“${given}” नहीं चलेगा; इनमें से एक दें: ${choices}`,
  tooLong: (given, most) => `“${given}” बहुत लंबा है; ज़्यादा से ज़्यादा ${most}`,
  tooLarge: (given, most) => `“${given}” बहुत बड़ा है; ज़्यादा से ज़्यादा ${most}`,
  tooShort: (given, least) => `“${given}” बहुत छोटा है; कम से कम ${least}`,
  tooSmall: (given, least) => `“${given}” बहुत कम है; कम से कम ${least}`,
  wrongKind: (given, kind) => `“${given}” नहीं चलेगा; ${kindsHi[kind]} चाहिए`,
  misfit: (given, why) => `“${given}” सही नहीं है (${why})`,
};

export const problemWords: Readonly<Record<Language, ProblemWords>> = { en, hi };
