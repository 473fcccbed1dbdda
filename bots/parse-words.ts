// What may be wrong with how the words of a line are given to arguments, in both languages.
import type { Language } from '../src/core/context.ts';
import { type ProblemWords, problemWords } from '../src/core/problem-words.ts';

export interface ReadingWords extends Pick<ProblemWords, 'unknown' | 'none'> {
  readonly withoutValue: string;
  /** @param values in quotes. */
  readonly givenTwice: (values: readonly string[]) => string;
  /** Stands where the name of an argument would. */
  readonly arguments: string;
  /** @param known the flags that there are; empty where there is none. */
  readonly tooMany: (extra: string, known: string) => string;
}

export const readingWords: Readonly<Record<Language, ReadingWords>> = {
  en: {
    ...problemWords.en,
    withoutValue: 'came without its value',
    givenTwice: (values) => `was given more than once: ${values.join(' and ')}; give it once`,
    arguments: 'arguments',
    tooMany: (extra, known) => `“${extra}” is more than this takes${known ? `; it knows ${known}` : ''}`,
  },
  hi: {
    ...problemWords.hi,
    withoutValue: 'के साथ कुछ नहीं लिखा गया',
    givenTwice: (values) => `एक से ज़्यादा बार दिया गया: ${values.join(' और ')}; एक ही बार दें`,
    arguments: 'आदेश',
    tooMany: (extra, known) => `“${extra}” इस आदेश में नहीं चलता${known ? `; ये चलते हैं: ${known}` : ''}`,
  },
};
