// Keeps the stream of MRR movements true to the facts of subscriptions: customer by customer, whatever came late.
import { z } from 'zod';
import type { SubjectFact, SubjectFacts } from '../../../core/derivation.ts';
import { type Movement, movementsOf, type SubscriptionFact } from './movements.ts';
import { billingIntervals, discountDurations, subscriptionStatuses } from './normalise.ts';
import { MOVEMENTS } from './stream.ts';

/** What is read of a subscription's fact; the stream checked all of it when it came in. */
const terms = z.object({
  subscription: z.string(),
  status: z.enum(subscriptionStatuses),
  tier: z.string(),
  pricePaise: z.int(),
  quantity: z.int(),
  interval: z.enum(billingIntervals),
  intervalCount: z.int(),
  discountPaise: z.int().default(0),
  discountBasisPoints: z.int().default(0),
  discountDuration: z.enum(discountDurations).default('forever'),
  metered: z.boolean().default(false),
});

const MAX_ROUNDS = 20;

/**
 * Makes the movements of these customers what the facts of their subscriptions say, by statements of what differs:
 * new ones, corrected ones, and those that never were. Running it again states nothing. It looks again after each
 * writing, so that whoever wrote last saw all facts there were.
 * @throws Error when the facts go on changing through every round.
 */
export async function deriveMovements(
  facts: SubjectFacts,
  tenant: string,
  customers: readonly string[],
  superseded: ReadonlySet<string>,
): Promise<void> {
  let open = customers;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const differing: string[] = [];
    for (const customer of open) {
      const statements = await differences(facts, tenant, customer, superseded);
      if (statements.length === 0) continue;
      await facts.state(tenant, MOVEMENTS, statements);
      differing.push(customer);
    }
    if (differing.length === 0) return;
    open = differing;
  }
  throw new Error(`the subscriptions of ${open.length} customers change faster than they can be derived`);
}

async function differences(
  facts: SubjectFacts,
  tenant: string,
  customer: string,
  superseded: ReadonlySet<string>,
) {
  const [subscriptions, known] = await Promise.all([
    facts.of(tenant, 'subscriptions', customer),
    facts.of(tenant, MOVEMENTS, customer),
  ]);
  const wanted = new Map(
    movementsOf(standing(subscriptions, superseded).flatMap(factOf)).map((movement) => [
      movementId(customer, movement),
      { at: movement.at, data: dataOf(customer, movement) },
    ]),
  );
  const current = new Map(standing(known, new Set()).map((fact) => [fact.externalId, fact]));
  const gone = [...current.values()].filter(({ externalId, data }) => data && !wanted.has(externalId));
  return [
    ...[...wanted]
      .filter(([id, { data }]) => !isSame(current.get(id), data))
      .map(([externalId, statement]) => ({ externalId, subject: customer, ...statement })),
    ...gone.map(({ externalId, at }) => ({ externalId, subject: customer, at, data: null })),
  ];
}

/** Facts that nothing replaced: neither one of them, nor one that was told of beside them. */
function standing(facts: readonly SubjectFact[], superseded: ReadonlySet<string>): readonly SubjectFact[] {
  const replaced = new Set(facts.flatMap((fact) => fact.replaces ?? []));
  return facts.filter((fact) => !replaced.has(fact.id) && !superseded.has(fact.id));
}

/** Facts of one instant stand in the order of their own ids, so that every order of arrival derives alike. */
function factOf({ at, data, externalId }: SubjectFact): readonly SubscriptionFact[] {
  return data ? [{ ...terms.parse(data), at, order: externalId }] : [];
}

/** The kind is no part of it: what was new may prove to be a return. */
function movementId(customer: string, { at, tier }: Movement): string {
  return `${customer}:${at.toISOString()}:${tier}`;
}

function dataOf(customer: string, movement: Movement) {
  const { kind, tier, deltaPaise, customers, beforePaise, afterPaise } = movement;
  return { customer, kind, tier, deltaPaise, customers, beforePaise, afterPaise };
}

function isSame(known: SubjectFact | undefined, data: ReturnType<typeof dataOf>): boolean {
  if (!known?.data) return false;
  const held = known.data;
  return Object.entries(data).every(([field, value]) => held[field] === value);
}
