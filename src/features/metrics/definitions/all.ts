// Every metric there is, in the order in which pages show them.
import type { RollupReader } from '../../../core/rollups.ts';
import type { Metric } from '../definition.ts';
import type { Movements } from '../recurring/ledger.ts';
import { activeMetrics } from './active.ts';
import { costMetrics } from './cost.ts';
import { type HeldCounts, heldMetrics } from './held.ts';
import { recurringMetrics } from './recurring.ts';
import { revenueMetrics } from './revenue.ts';

/** What metrics with a way of their own read from. */
export interface MetricPorts {
  readonly rollups: RollupReader;
  readonly movements: Movements;
  readonly held: HeldCounts;
}

export function allMetrics({ rollups, movements, held }: MetricPorts): readonly Metric[] {
  return [
    ...revenueMetrics,
    ...activeMetrics,
    ...recurringMetrics(rollups, movements),
    ...costMetrics,
    ...heldMetrics(held),
  ];
}
