// What the verbs of upkeep say, in both languages.
import type { RowStatus } from '../../../models/outbox-row.ts';
import type { Language } from '../../core/context.ts';

interface Words {
  readonly counted: (counts: {
    readonly waiting: number;
    readonly dead: number;
    readonly ambiguous: number;
  }) => string;
  readonly nothing: (status: RowStatus) => string;
  readonly columns: readonly string[];
  readonly times: (zone: string) => string;
  /** The locale of its times. */
  readonly locale: string;
  readonly sendAll: string;
  readonly sent: (letters: number) => string;
}

const nothingInHindi: Readonly<Record<RowStatus, string>> = {
  waiting: 'भेजने को कुछ बाकी नहीं है।',
  sent: 'अभी तक कुछ नहीं भेजा गया।',
  dead: 'ऐसा कुछ नहीं है जो भेजा न जा सका हो।',
  stale: 'ऐसा कुछ नहीं है जो पुराना पड़ गया हो।',
};

export const words: Readonly<Record<Language, Words>> = {
  en: {
    counted: ({ waiting, dead, ambiguous }) =>
      `${waiting} waiting, ${dead} given up, ${ambiguous} perhaps shown twice`,
    nothing: (status) => `Nothing is ${status}.`,
    columns: ['When', 'To', 'Says', 'Tried', 'Why', 'Id'],
    times: (zone) => `Times in ${zone}`,
    locale: 'en-IN',
    sendAll: 'Send all again',
    sent: (letters) =>
      letters === 1 ? '1 dead letter is sent again' : `${letters} dead letters are sent again`,
  },
  hi: {
    counted: ({ waiting, dead, ambiguous }) =>
      `भेजने बाकी: ${waiting} · नहीं भेजे जा सके: ${dead} · शायद दो बार दिखे: ${ambiguous}`,
    nothing: (status) => nothingInHindi[status],
    columns: ['कब', 'किसे', 'संदेश', 'कोशिशें', 'कारण', 'Id'],
    times: (zone) => `समय ${zone} का है`,
    locale: 'hi-IN',
    sendAll: 'सब फिर से भेजें',
    sent: (letters) => {
      if (letters === 0) return 'फिर से भेजने को कुछ नहीं है';
      return letters === 1 ? '1 संदेश फिर से भेजा जा रहा है' : `${letters} संदेश फिर से भेजे जा रहे हैं`;
    },
  },
};
