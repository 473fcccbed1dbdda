// One suite of promises for every store: what the memory store does in a test, the database store does in production.
import { describe } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import { factPromises } from './fact-promises.ts';
import { queryPromises } from './query-promises.ts';
import { recordPromises } from './record-promises.ts';

const stores = [{ name: 'memory', create: createMemoryStore }];

describe.each(stores)('the $name store', ({ create }) => {
  factPromises(create);
  recordPromises(create);
  queryPromises(create);
});
