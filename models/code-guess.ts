// The collection of wrong codes: how many somebody typed lately, so that guessing ends soon.
import type { Stored } from '../src/core/store.ts';
import { defineRecords } from './define.ts';

export interface CodeGuess extends Stored {
  readonly wrong: number;
  /** When the count begins anew. */
  readonly until: Date;
}

export const codeGuesses = defineRecords<CodeGuess>({
  name: 'code_guesses',
  fields: { wrong: { type: Number, required: true, min: 0 }, until: { type: Date, required: true } },
  expireAfter: { field: 'until', seconds: 86_400 },
  about: {
    holds: 'how many wrong link codes one account or person has typed lately',
    writer: 'features/people',
    retention: '1 day after the count ends',
  },
});
