// The derived stream of MRR movements: folded like what comes from outside, so that MRR is read from rollups.
import { z } from 'zod';
import type { Stream } from '../../../core/stream.ts';
import { movementKinds } from './movements.ts';

export const MOVEMENTS = 'mrr_movements';

/** Where its facts come from: no door writes them. */
export const MOVEMENTS_SOURCE = 'derived';

export const movementRow = z.strictObject({
  id: z.string().min(1).max(400).describe('customer, instant and tier'),
  at: z.iso.datetime({ offset: true }).describe('when the terms changed'),
  customer: z.string().min(1).max(200).describe('the customer'),
  kind: z.enum(movementKinds).describe('what kind of movement it is'),
  tier: z.string().min(1).max(80).describe('the tier that moved'),
  deltaPaise: z.int().describe('by how much, in paise a month'),
  customers: z.int().min(-1).max(1).describe('1 where the customer begins to pay, -1 where they stop'),
  beforePaise: z.int().min(0).describe('what the customer paid a month before'),
  afterPaise: z.int().min(0).describe('what they pay a month from then on'),
});

/** The stream as ingestion knows streams: rows, sums, what they are split by, and whom they are about. */
export const movementStream: Stream = {
  name: MOVEMENTS,
  about: { en: 'Movements of recurring revenue, derived from subscriptions', hi: 'आवर्ती आय में बदलाव' },
  row: movementRow,
  example: {
    id: 'cus_81:2026-11-02T04:00:00.000Z:pro',
    at: '2026-11-02T04:00:00.000Z',
    customer: 'cus_81',
    kind: 'new',
    tier: 'pro',
    deltaPaise: 100_000,
    customers: 1,
    beforePaise: 0,
    afterPaise: 100_000,
  },
  dimensions: ['kind', 'tier'],
  pairs: [['kind', 'tier']],
  measures: [
    { name: 'count', unit: 'count', about: 'movements', terms: [{}] },
    { name: 'deltaPaise', unit: 'paise', about: 'change of MRR', terms: [{ field: 'deltaPaise' }] },
    {
      name: 'customers',
      unit: 'count',
      about: 'change of paying customers',
      terms: [{ field: 'customers' }],
    },
  ],
  units: [],
  subject: 'customer',
  personal: ['customer', 'id'],
};
