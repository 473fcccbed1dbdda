// What became of trials: from the facts of a customer's subscriptions to the end of each trial and its outcome.
import type { SubscriptionFact } from './movements.ts';

/** The terms of a subscription, and of a trial when it ends, where that is known. */
export interface TrialFact extends SubscriptionFact {
  readonly trialEndsAt: Date | null;
}

/** A trial with its end; that may lie ahead, where only the day is known on which it will end. */
export interface Trial {
  readonly subscription: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly tier: string;
  /** What the first state after it was: active or past due above a price of 0, or anything else. */
  readonly outcome: 'paid' | 'unpaid';
}

/**
 * The trials of one customer; facts may come in any order. A trial that is extended stays one trial. It ends when the
 * next state begins; until that is told, when its own time is over; one without either has not ended and is left out.
 */
export function trialsOf(facts: readonly TrialFact[]): readonly Trial[] {
  return [...bySubscription(facts)].flatMap(([subscription, states]) => trialsIn(subscription, states));
}

function trialsIn(subscription: string, states: readonly TrialFact[]): readonly Trial[] {
  return states.flatMap((last, place) => {
    const next = states[place + 1];
    if (last.status !== 'trialing' || next?.status === 'trialing') return [];
    const startedAt = startOf(states, place);
    const endedAt = next?.at ?? last.trialEndsAt;
    if (!endedAt) return [];
    const outcome = next ? outcomeOf(next) : 'unpaid';
    return [{ subscription, startedAt, endedAt: later(endedAt, startedAt), tier: last.tier, outcome }];
  });
}

/** Where the run of trialing states begins that goes on until this place. */
function startOf(states: readonly TrialFact[], place: number): Date {
  const before = states.slice(0, place + 1);
  const first = before.findLastIndex(({ status }) => status !== 'trialing') + 1;
  return before[first]?.at ?? new Date(0);
}

const later = (one: Date, other: Date): Date => (one > other ? one : other);

function outcomeOf({ status, pricePaise, quantity }: TrialFact): Trial['outcome'] {
  const isLive = status === 'active' || status === 'past_due';
  return isLive && pricePaise * quantity > 0 ? 'paid' : 'unpaid';
}

/** The states of each subscription in order of time; of those of one instant the last one holds. */
function bySubscription(facts: readonly TrialFact[]): ReadonlyMap<string, readonly TrialFact[]> {
  const inOrder = facts.toSorted(
    (a, b) => a.at.getTime() - b.at.getTime() || (a.order < b.order ? -1 : a.order > b.order ? 1 : 0),
  );
  const states = new Map<string, TrialFact[]>();
  for (const fact of inOrder) {
    const known = states.get(fact.subscription) ?? [];
    if (known.at(-1)?.at.getTime() === fact.at.getTime()) known.pop();
    known.push(fact);
    states.set(fact.subscription, known);
  }
  return states;
}
