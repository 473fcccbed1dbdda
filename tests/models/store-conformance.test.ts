// One suite of promises for every store: what the memory store does in a test, the database store does in production.
import { describe } from 'vitest';
import { stores } from '../support/stores.ts';
import { factPromises } from './fact-promises.ts';
import { queryPromises } from './query-promises.ts';
import { recordPromises } from './record-promises.ts';
import { marks, notes } from './samples.ts';

describe.each(stores)('the $name store', ({ create }) => {
  const createSamples = () => create([notes, marks]);
  factPromises(createSamples);
  recordPromises(createSamples);
  queryPromises(createSamples);
});
