// What became of the customers who paid at the start of a period: retention and churn by cohort, not by movements.
import type { Movement } from './movements.ts';

/** A movement with the customer it is of. */
export interface CustomerMovement extends Movement {
  readonly customer: string;
}

/** Sums over the customers who paid at the start of the period, from the movements in it alone. */
export interface CohortChange {
  /** MRR at the end less MRR at the start, of these customers; what they came back with counts. */
  readonly deltaPaise: number;
  /** How many of them pay nothing at the end. */
  readonly lostCustomers: number;
}

/**
 * What the cohort of the start lost or won until the end. Who joined inside the period is no part of it, whether
 * they stayed or left; who left and came back inside it is not lost (ChartMogul 207340419). Movements need no order.
 */
export function cohortChange(movements: readonly CustomerMovement[]): CohortChange {
  const customers = new Map<string, { first: Movement; last: Movement }>();
  for (const movement of movements) {
    const known = customers.get(movement.customer);
    if (!known) customers.set(movement.customer, { first: movement, last: movement });
    else if (movement.at < known.first.at) known.first = movement;
    else if (movement.at > known.last.at) known.last = movement;
  }
  let [deltaPaise, lostCustomers] = [0, 0];
  for (const { first, last } of customers.values()) {
    if (first.beforePaise === 0) continue;
    deltaPaise += last.afterPaise - first.beforePaise;
    if (last.afterPaise === 0) lostCustomers += 1;
  }
  return { deltaPaise, lostCustomers };
}
