// A short run of the fuzzer; `npm run fuzz` is the long one.
import { expect, it } from 'vitest';
import { fuzzWebhooks } from '../fuzz/webhooks.ts';

it('three thousand broken deliveries: none is taken, none is a fault, none is a crash', async () => {
  const result = await fuzzWebhooks({ cases: 3_000 });

  expect(result.failures).toEqual([]);
  expect(result).toMatchObject({ cases: 3_000, posts: 60, crashes: 0, serverErrors: 0, accepted: 0 });
});
