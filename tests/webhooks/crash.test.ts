// A short run of the crash test; `npm run crashtest -- webhooks` is the long one.
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { runWebhookCrashes } from '../crash/webhooks.ts';

it('kill -9 right after a 2xx, or at any call on the store, loses nothing and does nothing twice', async () => {
  const dist = resolve(import.meta.dirname, '../../dist');
  const result = await runWebhookCrashes({ kills: 4, seed: 7, dist });

  expect(result.violations).toEqual([]);
  expect(result.kills).toBe(4);
  expect(result.acknowledged).toBeGreaterThan(4);
}, 120_000);
