// From the facts of one customer's subscriptions to the movements of their MRR: events are the truth, balances folds.
import { monthlyPaise, type Terms } from './normalise.ts';

export const movementKinds = ['new', 'expansion', 'contraction', 'churn', 'reactivation'] as const;
export type MovementKind = (typeof movementKinds)[number];

/** The terms of one subscription from `at` on, until its next fact. */
export interface SubscriptionFact extends Terms {
  readonly subscription: string;
  readonly at: Date;
  /** Puts facts of one subscription and instant in order: the later one holds. */
  readonly order: string;
}

/** A change of one customer's MRR at one instant, in one tier. */
export interface Movement {
  readonly at: Date;
  readonly kind: MovementKind;
  readonly tier: string;
  readonly deltaPaise: number;
  /** +1 when the customer begins to pay, −1 when they stop, on one of the tiers of that instant; else 0. */
  readonly customers: -1 | 0 | 1;
  /** What the customer pays a month in all, right before and right after this instant. */
  readonly beforePaise: number;
  readonly afterPaise: number;
}

/**
 * The movements of one customer, in order of time; facts may come in any order.
 * After ChartMogul (help 203299912): new is the first paid ever, churn the end of the last paid one, so that losing
 * one of two is a contraction; reactivation is paying again after churn. Everything that happens at one instant is
 * one movement, so that changing plans is neither churn nor new. A change of tier has a row for each tier, of one
 * kind, and they add up to the change.
 */
export function movementsOf(facts: readonly SubscriptionFact[]): readonly Movement[] {
  const worth = new Map<string, Worth>();
  const movements: Movement[] = [];
  let hasPaid = false;
  for (const [instant, changes] of byInstant(facts)) {
    const before = tiersOf(worth.values());
    for (const fact of changes) {
      worth.set(fact.subscription, { tier: fact.tier, monthlyPaise: monthlyPaise(fact) });
    }
    const after = tiersOf(worth.values());
    movements.push(...moved(new Date(instant), before, after, hasPaid));
    hasPaid ||= sumOf(after) > 0;
  }
  return movements;
}

interface Worth {
  readonly tier: string;
  readonly monthlyPaise: number;
}

type ByTier = ReadonlyMap<string, number>;

function moved(at: Date, before: ByTier, after: ByTier, hasPaid: boolean): Movement[] {
  const [beforePaise, afterPaise] = [sumOf(before), sumOf(after)];
  const kind = kindOf(beforePaise, afterPaise, hasPaid);
  const changed = [...new Set([...before.keys(), ...after.keys()])]
    .map((tier) => ({ tier, deltaPaise: (after.get(tier) ?? 0) - (before.get(tier) ?? 0) }))
    .filter(({ deltaPaise }) => deltaPaise !== 0)
    .sort((a, b) => Math.abs(b.deltaPaise) - Math.abs(a.deltaPaise) || (a.tier < b.tier ? -1 : 1));
  const customers = Math.sign(afterPaise) - Math.sign(beforePaise) > 0 ? 1 : afterPaise === 0 ? -1 : 0;
  return changed.map(({ tier, deltaPaise }, place) => ({
    at,
    kind,
    tier,
    deltaPaise,
    customers: place === 0 ? customers : 0,
    beforePaise,
    afterPaise,
  }));
}

/** A change between tiers that leaves the sum as it was is an expansion of nothing. */
function kindOf(beforePaise: number, afterPaise: number, hasPaid: boolean): MovementKind {
  if (beforePaise === 0) return hasPaid ? 'reactivation' : 'new';
  if (afterPaise === 0) return 'churn';
  return afterPaise < beforePaise ? 'contraction' : 'expansion';
}

function byInstant(facts: readonly SubscriptionFact[]): Map<number, SubscriptionFact[]> {
  const instants = new Map<number, SubscriptionFact[]>();
  const inOrder = facts.toSorted(
    (a, b) => a.at.getTime() - b.at.getTime() || (a.order < b.order ? -1 : a.order > b.order ? 1 : 0),
  );
  for (const fact of inOrder) {
    const known = instants.get(fact.at.getTime());
    if (known) known.push(fact);
    else instants.set(fact.at.getTime(), [fact]);
  }
  return instants;
}

function tiersOf(worths: Iterable<Worth>): ByTier {
  const tiers = new Map<string, number>();
  for (const worth of worths) tiers.set(worth.tier, (tiers.get(worth.tier) ?? 0) + worth.monthlyPaise);
  return tiers;
}

const sumOf = (tiers: ByTier): number => [...tiers.values()].reduce((sum, paise) => sum + paise, 0);
