// Streams of trade: transactions, payments, claims, and what marketing and brands spend.
import { z } from 'zod';
import { counted, countWhen, type Stream, sumOf } from '../../core/stream.ts';
import { choice, common, count, currency, label, paise, reference } from './row-fields.ts';

const customer = reference('the customer', 'cus_81');
const channel = label('where it came from, such as web, app or a campaign’s channel');

export const transactions: Stream = {
  name: 'transactions',
  about: { en: 'Sales and refunds', hi: 'बिक्री और वापसी' },
  row: z.strictObject({
    ...common,
    customer: customer.exactOptional(),
    kind: choice(['sale', 'refund'], 'a refund is a row of its own, with a positive amount').default('sale'),
    amountPaise: paise('what was paid, or given back'),
    currency,
    costPaise: paise('what it cost us').default(0),
    discountPaise: paise('how much less was paid for a discount').default(0),
    quantity: count('how many pieces').default(1),
    source: channel.exactOptional(),
    product: label('the product or its kind').exactOptional(),
    supplier: label('who supplied it').exactOptional(),
    city: label('the city').exactOptional(),
    tier: label('the tier of the customer').exactOptional(),
  }),
  example: {
    id: 'T-1042',
    at: '2026-11-02T09:30:00+05:30',
    customer: 'cus_81',
    amountPaise: 49_900,
    source: 'app',
    city: 'Pune',
  },
  dimensions: ['kind', 'source', 'product', 'supplier', 'city', 'tier'],
  pairs: [
    ['source', 'product'],
    ['source', 'city'],
    ['source', 'tier'],
  ],
  measures: [
    counted,
    countWhen('sales', 'sales', { kind: 'sale' }),
    countWhen('refunds', 'refunds', { kind: 'refund' }),
    sumOf('grossPaise', 'paise', 'what sales brought', { field: 'amountPaise', when: { kind: 'sale' } }),
    sumOf('refundPaise', 'paise', 'what was given back', { field: 'amountPaise', when: { kind: 'refund' } }),
    sumOf(
      'netPaise',
      'paise',
      'sales less refunds',
      { field: 'amountPaise', when: { kind: 'sale' } },
      { field: 'amountPaise', when: { kind: 'refund' }, times: -1 },
    ),
    sumOf(
      'costPaise',
      'paise',
      'the cost of sales, less that of what came back',
      { field: 'costPaise', when: { kind: 'sale' } },
      { field: 'costPaise', when: { kind: 'refund' }, times: -1 },
    ),
    sumOf('discountPaise', 'paise', 'discounts given'),
    sumOf('quantity', 'count', 'pieces sold', { field: 'quantity', when: { kind: 'sale' } }),
  ],
  units: [{ name: 'customer', when: { kind: 'sale' } }],
  personal: ['customer'],
};

export const payments: Stream = {
  name: 'payments',
  about: { en: 'Payments and their states', hi: 'भुगतान और उनकी स्थिति' },
  row: z.strictObject({
    ...common,
    customer: customer.exactOptional(),
    subscription: reference('the subscription it pays', 'sub_12').exactOptional(),
    order: reference('the order it pays', 'ord_77').exactOptional(),
    invoice: reference('the invoice it pays', 'inv_4').exactOptional(),
    status: choice(
      ['created', 'authorized', 'captured', 'failed', 'refunded', 'partially_refunded'],
      'the state now: a newer statement corrects it',
    ),
    amountPaise: paise('the amount'),
    currency,
    refundedPaise: paise('how much of it was given back').default(0),
    feePaise: paise('what the provider keeps').default(0),
    taxPaise: paise('the tax in the fee').default(0),
    method: label('card, upi, netbanking, wallet …').exactOptional(),
    reason: label('why it failed').exactOptional(),
  }),
  example: {
    id: 'pay_29QQoUBi66xm2f',
    at: '2026-11-02T09:30:00+05:30',
    customer: 'cus_81',
    status: 'captured',
    amountPaise: 99_900,
    method: 'upi',
  },
  dimensions: ['status', 'method'],
  pairs: [['status', 'method']],
  measures: [
    counted,
    countWhen('captured', 'payments that were captured', { status: 'captured' }),
    countWhen('failed', 'payments that failed', { status: 'failed' }),
    sumOf(
      'capturedPaise',
      'paise',
      'what was captured, before refunds',
      { field: 'amountPaise', when: { status: 'captured' } },
      { field: 'amountPaise', when: { status: 'partially_refunded' } },
      { field: 'amountPaise', when: { status: 'refunded' } },
    ),
    sumOf('failedPaise', 'paise', 'what could not be taken', {
      field: 'amountPaise',
      when: { status: 'failed' },
    }),
    sumOf('refundedPaise', 'paise', 'what was given back'),
    sumOf('feePaise', 'paise', 'fees of providers'),
  ],
  units: [{ name: 'customer' }],
  subject: 'customer',
  personal: ['customer'],
};

export const claims: Stream = {
  name: 'claims',
  about: { en: 'Claims of vouchers and rewards', hi: 'वाउचर और इनाम के दावे' },
  row: z.strictObject({
    ...common,
    customer: customer.exactOptional(),
    supplier: label('who fills it').exactOptional(),
    product: label('what is claimed').exactOptional(),
    status: choice(['requested', 'fulfilled', 'failed', 'rejected', 'expired'], 'the state now'),
    reason: label('why it failed or was rejected').exactOptional(),
    amountPaise: paise('what it is worth').default(0),
    currency,
    costPaise: paise('what it costs us').default(0),
    durationMs: count('from the claim to its end, in milliseconds').exactOptional(),
  }),
  example: {
    id: 'clm_900',
    at: '2026-11-02T09:30:00+05:30',
    customer: 'cus_81',
    supplier: 'Amazon',
    status: 'fulfilled',
    amountPaise: 10_000,
  },
  dimensions: ['status', 'supplier', 'product'],
  pairs: [
    ['supplier', 'status'],
    ['product', 'status'],
  ],
  measures: [
    counted,
    countWhen('fulfilled', 'claims that were filled', { status: 'fulfilled' }),
    countWhen('failed', 'claims that failed', { status: 'failed' }),
    countWhen('rejected', 'claims that were turned down', { status: 'rejected' }),
    sumOf('amountPaise', 'paise', 'what was filled', { field: 'amountPaise', when: { status: 'fulfilled' } }),
    sumOf('costPaise', 'paise', 'what filled claims cost', {
      field: 'costPaise',
      when: { status: 'fulfilled' },
    }),
    sumOf('durationMs', 'milliseconds', 'how long filled claims took', {
      field: 'durationMs',
      when: { status: 'fulfilled' },
    }),
  ],
  units: [{ name: 'customer' }],
  personal: ['customer'],
};

const advertising = {
  ...common,
  source: channel.exactOptional(),
  campaign: label('the campaign').exactOptional(),
  amountPaise: paise('what was spent'),
  currency,
  impressions: count('how often it was shown').default(0),
  clicks: count('how often it was clicked').default(0),
  conversions: count('how many acted on it').default(0),
  valuePaise: paise('what the source credits to it').default(0),
};

const spending = [
  counted,
  sumOf('amountPaise', 'paise', 'what was spent'),
  sumOf('impressions', 'count', 'times shown'),
  sumOf('clicks', 'count', 'clicks'),
  sumOf('conversions', 'count', 'conversions'),
  sumOf('valuePaise', 'paise', 'value credited'),
];

export const marketingCosts: Stream = {
  name: 'marketing_costs',
  about: { en: 'What marketing costs', hi: 'मार्केटिंग का ख़र्च' },
  row: z.strictObject(advertising),
  example: {
    id: 'google-2026-11-02-brand',
    at: '2026-11-02T00:00:00+05:30',
    source: 'google',
    campaign: 'brand',
    amountPaise: 1_250_000,
    clicks: 310,
  },
  dimensions: ['source', 'campaign'],
  pairs: [['source', 'campaign']],
  measures: spending,
  units: [],
  personal: [],
};

export const brandSpend: Stream = {
  name: 'brand_spend',
  about: { en: 'What brands spend with us', hi: 'ब्रांड हमारे साथ क्या ख़र्च करते हैं' },
  row: z.strictObject({ ...advertising, brand: label('the brand') }),
  example: {
    id: 'brand-7-2026-11-02',
    at: '2026-11-02T00:00:00+05:30',
    brand: 'Chai Point',
    campaign: 'diwali',
    amountPaise: 5_000_000,
    valuePaise: 21_000_000,
  },
  dimensions: ['brand', 'campaign', 'source'],
  pairs: [
    ['brand', 'campaign'],
    ['brand', 'source'],
  ],
  measures: spending,
  units: [],
  personal: [],
};
