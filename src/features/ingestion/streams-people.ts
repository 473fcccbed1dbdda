// Streams of people and of the running service: customers, subscriptions, invites, suppliers, operations.
import { z } from 'zod';
import { counted, countWhen, type Stream, sumOf } from '../../core/stream.ts';
import { choice, common, count, currency, instant, label, paise, reference, text } from './row-fields.ts';

const tier = choice(['free', 'starter', 'pro', 'enterprise'], 'the tier of the plan');

export const customers: Stream = {
  name: 'customers',
  about: { en: 'Customers, by when they signed up', hi: 'ग्राहक, जुड़ने के दिन से' },
  row: z.strictObject({
    ...common,
    name: text('the name').exactOptional(),
    email: z.email().max(254).describe('the e-mail address').exactOptional(),
    phone: label('the phone number').exactOptional(),
    status: choice(['active', 'closed'], 'whether the account is open').default('active'),
    tier: label('the tier').exactOptional(),
    source: label('where the customer came from').exactOptional(),
    city: label('the city').exactOptional(),
    invitedBy: reference('the customer who invited this one', 'cus_12').exactOptional(),
  }),
  example: { id: 'cus_81', at: '2026-10-11T18:05:00+05:30', source: 'invite', city: 'Pune' },
  dimensions: ['status', 'source', 'tier', 'city'],
  pairs: [['source', 'tier']],
  measures: [counted, countWhen('active', 'customers whose account is open', { status: 'active' })],
  units: [],
  personal: ['name', 'email', 'phone', 'invitedBy'],
};

export const subscriptions: Stream = {
  name: 'subscriptions',
  about: { en: 'Changes of subscriptions, one row for each', hi: 'सदस्यता में बदलाव' },
  row: z.strictObject({
    ...common,
    subscription: reference('the subscription that changed', 'sub_12'),
    customer: reference('the customer', 'cus_81'),
    plan: label('the plan'),
    tier: tier.default('starter'),
    status: choice(['trialing', 'active', 'past_due', 'paused', 'cancelled'], 'the state from then on'),
    quantity: count('how many seats').default(1),
    pricePaise: paise('the price of one seat for one period, without tax'),
    currency,
    interval: choice(['day', 'week', 'month', 'quarter', 'year'], 'the unit of the period').default('month'),
    intervalCount: z.int().min(1).max(120).describe('how many of these make one period').default(1),
    discountPaise: paise('how much less is paid for one period, over all seats').default(0),
    discountBasisPoints: z
      .int()
      .min(0)
      .max(10_000)
      .describe('how much less is paid, in hundredths of a percent')
      .default(0),
    discountDuration: choice(['forever', 'repeating', 'once'], 'how long the discount holds').default(
      'forever',
    ),
    metered: z
      .boolean()
      .describe('whether it is paid by use: then it is no recurring revenue')
      .default(false),
    trialEndsAt: instant('when the trial ends').exactOptional(),
    periodEndsAt: instant('when the paid period ends').exactOptional(),
    reason: label('why it changed').exactOptional(),
  }),
  example: {
    id: 'sub_12-3',
    at: '2026-11-02T09:30:00+05:30',
    subscription: 'sub_12',
    customer: 'cus_81',
    plan: 'Pro yearly',
    tier: 'pro',
    status: 'active',
    pricePaise: 1_200_000,
    interval: 'year',
  },
  dimensions: ['status', 'tier', 'plan'],
  pairs: [['tier', 'status']],
  measures: [
    counted,
    countWhen('activated', 'changes to active', { status: 'active' }),
    countWhen('cancelled', 'changes to cancelled', { status: 'cancelled' }),
    countWhen('trials', 'changes to a trial', { status: 'trialing' }),
    countWhen('pastDue', 'changes to past due', { status: 'past_due' }),
  ],
  units: [{ name: 'customer' }],
  subject: 'customer',
  personal: ['customer'],
};

export const invites: Stream = {
  name: 'invites',
  about: { en: 'Invitations and what became of them', hi: 'निमंत्रण और उनका नतीजा' },
  row: z.strictObject({
    ...common,
    customer: reference('who invites', 'cus_12').exactOptional(),
    invitee: reference('who was invited', 'cus_81').exactOptional(),
    status: choice(['sent', 'claimed', 'expired'], 'the state now').default('sent'),
    source: label('by which way it was sent').exactOptional(),
    variant: label('what it offered').exactOptional(),
    claimedAt: instant('when it was claimed').exactOptional(),
    costPaise: paise('what it cost us').default(0),
    currency,
  }),
  example: {
    id: 'inv_501',
    at: '2026-11-02T09:30:00+05:30',
    customer: 'cus_12',
    status: 'claimed',
    source: 'whatsapp',
    costPaise: 5_000,
  },
  dimensions: ['status', 'source', 'variant'],
  pairs: [
    ['source', 'status'],
    ['variant', 'status'],
  ],
  measures: [
    counted,
    countWhen('claimed', 'invitations that were claimed', { status: 'claimed' }),
    sumOf('costPaise', 'paise', 'what invitations cost'),
  ],
  units: [{ name: 'customer' }],
  personal: ['customer', 'invitee'],
};

export const suppliers: Stream = {
  name: 'suppliers',
  about: { en: 'Suppliers, by when they joined', hi: 'आपूर्तिकर्ता, जुड़ने के दिन से' },
  row: z.strictObject({
    ...common,
    name: text('the name'),
    status: choice(['active', 'paused', 'closed'], 'the state now').default('active'),
    category: label('what they supply').exactOptional(),
    city: label('the city').exactOptional(),
    email: z.email().max(254).describe('the e-mail address').exactOptional(),
    phone: label('the phone number').exactOptional(),
  }),
  example: { id: 'sup_7', at: '2026-09-01T10:00:00+05:30', name: 'Chai Point', category: 'food' },
  dimensions: ['status', 'category', 'city'],
  pairs: [],
  measures: [counted, countWhen('active', 'suppliers who are active', { status: 'active' })],
  units: [],
  personal: ['email', 'phone'],
};

export const operations: Stream = {
  name: 'operations',
  about: {
    en: 'Incidents, deploys, support load, messages and costs',
    hi: 'घटनाएँ, रिलीज़, सहायता, संदेश और ख़र्च',
  },
  row: z.strictObject({
    ...common,
    kind: choice(['incident', 'deploy', 'support', 'cost', 'bug', 'probe', 'message'], 'what it is'),
    status: label('open, resolved or ignored; running, succeeded or failed; delivered; …').default('open'),
    level: label('info, warning, error, fatal; of a bug its severity').default('info'),
    title: text('what a person reads').exactOptional(),
    environment: label('such as production').exactOptional(),
    category: label('what kind of cost, bug or question; the error of a message').exactOptional(),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .describe('where more is to be read')
      .exactOptional(),
    amountPaise: paise('what it cost').default(0),
    currency,
    requests: count('how many requests a probe stands for').default(0),
    errors: count('how many of them failed').default(0),
    durationMs: count('how long it took, in milliseconds').default(0),
  }),
  example: {
    id: 'INC-7',
    at: '2026-11-02T09:30:00+05:30',
    kind: 'incident',
    status: 'open',
    level: 'error',
    title: 'Payments time out',
    environment: 'production',
  },
  dimensions: ['kind', 'status', 'level', 'environment', 'category'],
  pairs: [
    ['kind', 'status'],
    ['kind', 'level'],
    ['kind', 'category'],
  ],
  measures: [
    counted,
    countWhen('incidents', 'incidents', { kind: 'incident' }),
    countWhen('openIncidents', 'incidents that are open now', { kind: 'incident', status: 'open' }),
    countWhen('bugs', 'bugs', { kind: 'bug' }),
    countWhen('openBugs', 'bugs that are open now', { kind: 'bug', status: 'open' }),
    countWhen('deploys', 'deploys', { kind: 'deploy' }),
    countWhen('failedDeploys', 'deploys that failed', { kind: 'deploy', status: 'failed' }),
    sumOf('amountPaise', 'paise', 'costs'),
    sumOf('requests', 'count', 'requests'),
    sumOf('errors', 'count', 'requests that failed'),
    sumOf('durationMs', 'milliseconds', 'how long it took, added up'),
  ],
  units: [],
  personal: [],
};
