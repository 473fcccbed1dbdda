// Keeps the streams of MRR movements and trials true to the facts of subscriptions: by customer, whatever came late.
import { z } from 'zod';
import type { DerivedStatement, SubjectFact, SubjectFacts } from '../../../core/derivation.ts';
import { type Movement, movementsOf } from './movements.ts';
import { billingIntervals, discountDurations, subscriptionStatuses } from './normalise.ts';
import { MOVEMENTS } from './stream.ts';
import { TRIALS } from './trial-stream.ts';
import { type Trial, type TrialFact, trialsOf } from './trials.ts';

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
  trialEndsAt: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .nullable()
    .default(null),
});

interface Wanted {
  readonly at: Date;
  readonly data: NonNullable<DerivedStatement['data']>;
}

/** A derived stream: what it says of one customer, by the ids of its facts. */
interface Derived {
  readonly stream: string;
  readonly of: (customer: string, facts: readonly TrialFact[]) => ReadonlyMap<string, Wanted>;
}

const derived: readonly Derived[] = [
  {
    stream: MOVEMENTS,
    of: (customer, facts) =>
      new Map(
        movementsOf(facts).map((movement) => [
          movementId(customer, movement),
          { at: movement.at, data: dataOf(customer, movement) },
        ]),
      ),
  },
  {
    stream: TRIALS,
    of: (customer, facts) =>
      new Map(
        trialsOf(facts).map((trial) => [
          trialId(customer, trial),
          { at: trial.endedAt, data: trialData(customer, trial) },
        ]),
      ),
  },
];

const MAX_ROUNDS = 20;

/**
 * Makes the movements and trials of these customers what the facts of their subscriptions say, by statements of what differs:
 * new ones, corrected ones, and those that never were. Running it again states nothing. It looks again after each
 * writing, so that whoever wrote last saw all facts there were.
 * @throws Error when the facts go on changing through every round.
 */
export async function deriveRecurring(
  facts: SubjectFacts,
  tenant: string,
  customers: readonly string[],
  superseded: ReadonlySet<string>,
): Promise<void> {
  let open = customers;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const differing: string[] = [];
    for (const customer of open) {
      if (await corrected(facts, tenant, customer, superseded)) differing.push(customer);
    }
    if (differing.length === 0) return;
    open = differing;
  }
  throw new Error(`the subscriptions of ${open.length} customers change faster than they can be derived`);
}

/** States what differs, in each stream; whether anything did. */
async function corrected(
  facts: SubjectFacts,
  tenant: string,
  customer: string,
  superseded: ReadonlySet<string>,
): Promise<boolean> {
  const subscriptions = standing(await facts.of(tenant, 'subscriptions', customer), superseded);
  const told = subscriptions.flatMap(factOf);
  let differs = false;
  for (const { stream, of } of derived) {
    const known = standing(await facts.of(tenant, stream, customer), new Set());
    const statements = differences(customer, of(customer, told), known);
    if (statements.length === 0) continue;
    await facts.state(tenant, stream, statements);
    differs = true;
  }
  return differs;
}

function differences(
  customer: string,
  wanted: ReadonlyMap<string, Wanted>,
  known: readonly SubjectFact[],
): readonly DerivedStatement[] {
  const current = new Map(known.map((fact) => [fact.externalId, fact]));
  const gone = known.filter(({ externalId, data }) => data && !wanted.has(externalId));
  return [
    ...[...wanted]
      .filter(([id, statement]) => !isSame(current.get(id), statement))
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
function factOf({ at, data, externalId }: SubjectFact): readonly TrialFact[] {
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

function trialId(customer: string, { subscription, startedAt }: Trial): string {
  return `${customer}:${subscription}:${startedAt.toISOString()}`;
}

function trialData(customer: string, { subscription, startedAt, tier, outcome }: Trial) {
  return { customer, subscription, startedAt: startedAt.toISOString(), tier, outcome };
}

function isSame(known: SubjectFact | undefined, { at, data }: Wanted): boolean {
  const held = known?.data;
  if (!held || known.at.getTime() !== at.getTime()) return false;
  return Object.entries(data).every(([field, value]) => held[field] === value);
}
