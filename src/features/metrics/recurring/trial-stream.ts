// The derived stream of trials, each at its end: folded like what comes from outside, so that rates are read from rollups.
import { z } from 'zod';
import { counted, countWhen, type Stream } from '../../../core/stream.ts';

export const TRIALS = 'trials';

const trialRow = z.strictObject({
  id: z.string().min(1).max(700).describe('customer, subscription and start'),
  at: z.iso.datetime({ offset: true }).describe('when it ended, or will'),
  customer: z.string().min(1).max(200).describe('the customer'),
  subscription: z.string().min(1).max(200).describe('the subscription'),
  startedAt: z.iso.datetime().describe('when it began'),
  tier: z.string().min(1).max(80).describe('the tier that was tried'),
  outcome: z.enum(['paid', 'unpaid']).describe('what the first state after it was'),
});

export const trialStream: Stream = {
  name: TRIALS,
  about: { en: 'Trials by their end, derived from subscriptions', hi: 'ट्रायल और उनका नतीजा' },
  row: trialRow,
  example: {
    id: 'cus_81:sub_12:2026-10-19T04:00:00.000Z',
    at: '2026-11-02T04:00:00.000Z',
    customer: 'cus_81',
    subscription: 'sub_12',
    startedAt: '2026-10-19T04:00:00.000Z',
    tier: 'pro',
    outcome: 'paid',
  },
  dimensions: ['outcome', 'tier'],
  pairs: [],
  measures: [counted, countWhen('paid', 'trials that turned paid', { outcome: 'paid' })],
  units: [],
  subject: 'customer',
  personal: ['customer', 'id'],
};
