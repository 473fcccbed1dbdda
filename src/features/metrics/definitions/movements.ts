// Definitions of what moves MRR: new, expansion, contraction, churn and reactivation, and what they come to.
import { type Expression, type Metric, metric, sum, times } from '../definition.ts';
import type { MovementKind } from '../recurring/movements.ts';
import { MOVEMENTS } from '../recurring/stream.ts';

/** What all numbers of recurring revenue share. */
export const recurring = { section: 'Recurring', owner: 'finance', rows: { stream: MOVEMENTS } } as const;

export const moved = (kind: MovementKind): Expression => sum(MOVEMENTS, 'deltaPaise', { kind });
export const lost = (kind: 'churn' | 'contraction'): Expression => times(-1, moved(kind));

export const movementMetrics: readonly Metric[] = [
  movementMetric(
    'new',
    'New MRR',
    'नई MRR',
    'of customers who pay for the first time ever',
    moved('new'),
    'up',
  ),
  movementMetric(
    'expansion',
    'Expansion MRR',
    'बढ़ी हुई MRR',
    'that customers who paid before pay more',
    moved('expansion'),
    'up',
  ),
  movementMetric(
    'contraction',
    'Contraction MRR',
    'घटी हुई MRR',
    'that customers pay less who go on paying',
    lost('contraction'),
    'down',
  ),
  movementMetric(
    'churn',
    'Churned MRR',
    'खोई हुई MRR',
    'of customers whose last paid subscription ended',
    lost('churn'),
    'down',
  ),
  movementMetric(
    'reactivation',
    'Reactivation MRR',
    'लौटी हुई MRR',
    'of customers who pay again after churn',
    moved('reactivation'),
    'up',
  ),
  metric({
    ...recurring,
    id: 'net-new-mrr',
    name: { en: 'Net new MRR', hi: 'शुद्ध नई MRR' },
    formula: 'New + Reactivation + Expansion − Contraction − Churn = MRR at the end − MRR at the start',
    source: 'Stripe glossary, “MRR growth”',
    unit: 'paise',
    polarity: 'up',
    headline: true,
    dimensions: ['tier', 'kind'],
    value: sum(MOVEMENTS, 'deltaPaise'),
  }),
];

function movementMetric(
  kind: MovementKind,
  en: string,
  hi: string,
  what: string,
  value: Expression,
  polarity: 'up' | 'down',
): Metric {
  return metric({
    ...recurring,
    id: `${kind}-mrr`,
    name: { en, hi },
    formula: `MRR ${what}, in the period`,
    source: 'ChartMogul, help 203299912 and 201244842',
    unit: 'paise',
    polarity,
    headline: kind === 'new' || kind === 'churn',
    dimensions: ['tier'],
    value,
    rows: { stream: MOVEMENTS, where: { kind } },
  });
}
