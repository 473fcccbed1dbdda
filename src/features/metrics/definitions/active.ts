// Definitions of active customers: by day, week and month, and how often who comes within a month comes.
import { distinct, type Metric, metric, over, times } from '../definition.ts';

/** What an act is that counts: a new one is a new version of every definition here. */
const ACTIVE = 'customers with a sale (the one act that counts; opening the app or signing in does not)';

const active = {
  unit: 'count',
  polarity: 'up',
  section: 'Customers',
  owner: 'growth',
  source: 'our choice: which acts count is a list with a version, and logins alone are not on it',
} as const;

const within = (days: number) => distinct('transactions', 'customer', { days });
const sales = (days: number) => ({ stream: 'transactions', where: { kind: 'sale' }, days });

const MONTH_DAYS = 30;

export const activeMetrics: readonly Metric[] = [
  metric({
    ...active,
    id: 'dau',
    aliases: ['daily-active', 'daily-active-users'],
    name: { en: 'Daily active customers', hi: 'दैनिक सक्रिय ग्राहक' },
    formula: `different ${ACTIVE} on the last day of the period, in the zone of the reader`,
    value: within(1),
    rows: sales(1),
  }),
  metric({
    ...active,
    id: 'wau',
    aliases: ['weekly-active', 'weekly-active-users'],
    name: { en: 'Weekly active customers', hi: 'साप्ताहिक सक्रिय ग्राहक' },
    formula: `different ${ACTIVE} in the 7 days that end with the last day of the period`,
    value: within(7),
    rows: sales(7),
  }),
  metric({
    ...active,
    id: 'mau',
    aliases: ['monthly-active', 'monthly-active-users', 'active-users'],
    name: { en: 'Monthly active customers', hi: 'मासिक सक्रिय ग्राहक' },
    formula: `different ${ACTIVE} in the ${MONTH_DAYS} days that end with the last day of the period`,
    value: within(MONTH_DAYS),
    rows: sales(MONTH_DAYS),
  }),
  metric({
    ...active,
    id: 'stickiness',
    aliases: ['dau-mau'],
    name: { en: 'Stickiness', hi: 'ग्राहक कितनी बार लौटते हैं' },
    formula: `mean of the daily active customers over the ${MONTH_DAYS} days that end with the last day of the period / monthly active customers of that day`,
    source: 'webmasterid, DAU/MAU: the mean is over the same 30 days, not over the days of the period',
    unit: 'ratio',
    value: over(
      distinct('transactions', 'customer', { days: MONTH_DAYS, daily: true }),
      times(MONTH_DAYS, within(MONTH_DAYS)),
    ),
    rows: sales(MONTH_DAYS),
  }),
];
