// The crash test of the protocol, kept short: two programs on one database, and each run is ended once.
import { expect, it } from 'vitest';
import { ENGINE_BINARY } from '../support/engine.ts';
import { runProtocolCrashes } from './protocol.ts';

it('two killed programs cost no run, no look and no proposal, and double none', async () => {
  const result = await runProtocolCrashes({ kills: 2, experiments: 16, binary: ENGINE_BINARY });

  expect(result.violations).toEqual([]);
  expect(result.runs).toBe(3);
  expect(result.proposals).toBe(8);
}, 480_000);
