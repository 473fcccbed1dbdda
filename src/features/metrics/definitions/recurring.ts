// Definitions of recurring revenue: MRR, churn, retention, what an account is worth, and what comes of trials.
import type { RollupReader } from '../../../core/rollups.ts';
import {
  atLeast,
  eachDay,
  level,
  type Metric,
  metric,
  minus,
  over,
  plus,
  sum,
  times,
} from '../definition.ts';
import { createLedger, type Ledger, type Movements } from '../recurring/ledger.ts';
import { MOVEMENTS } from '../recurring/stream.ts';
import { TRIALS } from '../recurring/trial-stream.ts';
import { lost, moved, movementMetrics, recurring } from './movements.ts';

const start = level('start', MOVEMENTS, 'deltaPaise');
const mrr = level('end', MOVEMENTS, 'deltaPaise');
const payingAtStart = level('start', MOVEMENTS, 'customers');
const paying = level('end', MOVEMENTS, 'customers');

const churnMonths = 6;

/** The metrics of recurring revenue; those of a cohort read its movements in the period one by one. */
export function recurringMetrics(rollups: RollupReader, movements: Movements): readonly Metric[] {
  return [
    ...balances,
    ...movementMetrics,
    ...rates,
    ...trials,
    ...cohortMetrics(createLedger(rollups, movements)),
  ];
}

const balances: readonly Metric[] = [
  metric({
    ...recurring,
    id: 'mrr',
    name: { en: 'MRR', hi: 'मासिक आवर्ती आय' },
    formula:
      'at the end of the period: active and past-due subscriptions by the month, less discounts for ever; without trials, tax, free plans and metered use; a year / 12, a quarter / 3, a week × 52/12, a day × 365/12, rounded half up to the paisa per subscription',
    source: 'Stripe, billing analytics glossary; exact factors for weeks and days are our choice',
    unit: 'paise',
    polarity: 'up',
    headline: true,
    dimensions: ['tier'],
    value: mrr,
  }),
  metric({
    ...recurring,
    id: 'arr',
    name: { en: 'ARR', hi: 'वार्षिक आवर्ती आय' },
    formula: '12 × MRR at the end of the period: a run rate, not revenue',
    source: 'Stripe, billing analytics glossary',
    unit: 'paise',
    polarity: 'up',
    headline: true,
    dimensions: ['tier'],
    value: times(12, mrr),
  }),
  metric({
    ...recurring,
    id: 'paying-customers',
    aliases: ['subscribers'],
    name: { en: 'Paying customers', hi: 'भुगतान करने वाले ग्राहक' },
    formula: 'customers with MRR above 0 at the end of the period',
    source: 'ChartMogul',
    unit: 'count',
    polarity: 'up',
    headline: true,
    value: paying,
  }),
  metric({
    ...recurring,
    id: 'arpa',
    name: { en: 'ARPA', hi: 'प्रति खाता औसत आय' },
    formula: 'MRR / paying customers, both at the end of the period',
    source: 'ChartMogul',
    unit: 'paise',
    polarity: 'up',
    value: over(mrr, paying),
  }),
];

const rates: readonly Metric[] = [
  metric({
    ...recurring,
    id: 'gross-mrr-churn',
    name: { en: 'Gross MRR churn', hi: 'सकल MRR क्षति दर' },
    formula: '(Churn + Contraction) / MRR at the start of the period',
    source: 'ChartMogul, help 203359341',
    unit: 'ratio',
    polarity: 'down',
    headline: true,
    dimensions: ['tier'],
    value: over(plus(lost('churn'), lost('contraction')), start),
  }),
  metric({
    ...recurring,
    id: 'net-mrr-churn',
    name: { en: 'Net MRR churn', hi: 'शुद्ध MRR क्षति दर' },
    formula: '(Churn + Contraction − Expansion − Reactivation) / MRR at the start of the period',
    source: 'ChartMogul, help 4414075567250',
    unit: 'ratio',
    polarity: 'down',
    dimensions: ['tier'],
    value: over(
      minus(plus(lost('churn'), lost('contraction')), moved('expansion'), moved('reactivation')),
      start,
    ),
  }),
  metric({
    ...recurring,
    id: 'daily-mrr-churn',
    aliases: ['b2c-churn', 'b2c-mrr-churn'],
    name: { en: 'MRR churn by days (B2C)', hi: 'दिन-दर-दिन MRR क्षति दर (B2C)' },
    formula:
      'sum over the days of the period of 1 − (MRR at the end of the day − New of the day) / MRR at its start; a day that began without MRR is left out',
    source: 'ChartMogul, the variant for Shopify: where many come and go within a month',
    unit: 'ratio',
    polarity: 'down',
    dimensions: ['tier'],
    value: eachDay(over(minus(plus(start, moved('new')), mrr), start)),
  }),
  metric({
    ...recurring,
    id: 'grr',
    name: { en: 'Gross revenue retention', hi: 'सकल आय प्रतिधारण' },
    formula: '1 − (Churn + Contraction) / MRR at the start of the period, never below 0',
    source: 'ChartMogul: gross leaves expansion out',
    unit: 'ratio',
    polarity: 'up',
    dimensions: ['tier'],
    value: atLeast(0, over(plus(start, moved('churn'), moved('contraction')), start)),
  }),
  metric({
    ...recurring,
    id: 'customer-churn-stripe',
    name: { en: 'Customer churn (Stripe’s way)', hi: 'ग्राहक क्षति दर (Stripe)' },
    formula: 'customers who churned in the period / (paying customers at its start + new ones in it)',
    source: 'support.stripe.com, calculating churn rate in billing: join-and-churn counts on both sides',
    unit: 'ratio',
    polarity: 'down',
    value: over(
      times(-1, sum(MOVEMENTS, 'customers', { kind: 'churn' })),
      plus(payingAtStart, sum(MOVEMENTS, 'customers', { kind: 'new' })),
    ),
    rows: { stream: MOVEMENTS, where: { kind: 'churn' } },
  }),
];

const trials: readonly Metric[] = [
  metric({
    ...recurring,
    id: 'trial-conversion',
    aliases: ['trials', 'trial-to-paid'],
    name: { en: 'Trial conversion', hi: 'ट्रायल से भुगतान की दर' },
    formula:
      'trials whose first state after them was paid (active or past due, at a price above 0) / trials that ended in the period: when the next state began or, until one is told, when their own time was over',
    source: 'our choice; Stripe counts over a rolling 30 days',
    unit: 'ratio',
    polarity: 'up',
    owner: 'growth',
    dimensions: ['tier'],
    value: over(sum(TRIALS, 'paid'), sum(TRIALS, 'count')),
    rows: { stream: TRIALS },
  }),
];

function cohortMetrics(ledger: Ledger): readonly Metric[] {
  return [
    metric({
      ...recurring,
      id: 'nrr',
      name: { en: 'Net revenue retention', hi: 'शुद्ध आय प्रतिधारण' },
      formula:
        'MRR at the end of the customers who paid at the start / their MRR at the start; who came back after churning earlier is no part of it, so this is not 1 − net MRR churn',
      source: 'Baremetrics; the cohort form is the definition',
      unit: 'ratio',
      polarity: 'up',
      value: { kind: 'read', read: ledger.netRetention },
    }),
    metric({
      ...recurring,
      id: 'customer-churn',
      aliases: ['churn'],
      name: { en: 'Customer churn', hi: 'ग्राहक क्षति दर' },
      formula:
        'customers who paid at the start of the period and not at its end / customers at its start; who joined and left inside it, or left and came back, is not counted',
      source: 'ChartMogul, help 207340419',
      unit: 'ratio',
      polarity: 'down',
      value: { kind: 'read', read: ledger.customerChurn },
      rows: { stream: MOVEMENTS, where: { kind: 'churn' } },
    }),
    metric({
      ...recurring,
      id: 'ltv',
      name: { en: 'Lifetime value', hi: 'आजीवन मूल्य' },
      formula: `ARPA at the end of the period / mean customer churn of the ${churnMonths} calendar months before its last one; without a value while nobody churned`,
      source: 'ChartMogul, help 203359061',
      unit: 'paise',
      polarity: 'up',
      value: over(over(mrr, paying), { kind: 'read', read: ledger.meanChurnBefore(churnMonths) }),
    }),
  ];
}
