/** The outcomes of retryable writes: what the journal keeps of one answers its retry after a restart. */
import { Binary, Int32, Long } from 'bson';
import { expect, it } from 'vitest';
import { decodeBson } from '../../../src/embedded-mongo/bson-codec.ts';
import { ONE_INSERTED } from '../../../src/embedded-mongo/frequent.ts';
import { outcomeOf, RetryTable, remember, sessionIdOf } from '../../../src/embedded-mongo/sessions.ts';
import type { Doc } from '../../../src/embedded-mongo/value.ts';

const NOW_MS = 1_790_000_000_123;

it.each([
  ['an insert', { first: 0, count: 1, outcome: ONE_INSERTED }],
  ['a later part of a batch', { first: 99_000, count: 1000, outcome: ONE_INSERTED }],
  ['an upsert', { first: 3, count: 1, outcome: { n: new Int32(1), upserted: 'é' } as Doc }],
])('%s is answered from the journal as it was from memory', (_, outcome) => {
  const session = sessionIdOf({ id: new Binary(Buffer.from([...Array(16).keys()].map((n) => 255 - n)), 4) });
  const number = Long.fromString('-9223372036854775807');
  const before = new RetryTable();
  const record = remember(before.begin(session ?? '', number, NOW_MS), outcome, NOW_MS);
  const after = new RetryTable();
  after.restore(decodeBson(record), NOW_MS + 1000);
  const last = outcome.first + outcome.count - 1;
  const key = after.begin(session ?? '', number, NOW_MS);
  expect(outcomeOf(key, outcome.first)).toEqual(outcome.outcome);
  expect(outcomeOf(key, last)).toEqual(outcome.outcome);
  expect(outcomeOf(key, last + 1)).toBeUndefined();
  expect([...after.records()]).toEqual([...before.records()]);
});
