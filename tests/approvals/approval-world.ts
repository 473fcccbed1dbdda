// A small business where prices are set by approval: every service real, on the store in memory or on one under test.
import { pino } from 'pino';
import { z } from 'zod';
import { approvals as approvalDefinition } from '../../models/approval.ts';
import { defineFacts } from '../../models/define.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { Store } from '../../models/store.ts';
import { createApprovalWork } from '../../src/approval-work.ts';
import type { Actor, Door } from '../../src/core/actor.ts';
import { createApprovable } from '../../src/core/approvable.ts';
import type { ApprovalEnd } from '../../src/core/approval.ts';
import { changeOnce } from '../../src/core/change-once.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Ctx } from '../../src/core/context.ts';
import { createDispatcher } from '../../src/core/dispatcher.ts';
import { AppError } from '../../src/core/errors.ts';
import { operationsOf } from '../../src/core/operation.ts';
import type { AuditEntry, OutboxContent } from '../../src/core/outbox-item.ts';
import { reply } from '../../src/core/reply.ts';
import type { Fact, FactCollection } from '../../src/core/store.ts';
import { traceOf } from '../../src/core/trace.ts';
import { approvalOperations } from '../../src/features/approvals/operations.ts';
import type { Approvals } from '../../src/features/approvals/service.ts';
import { TestClock, testCtx } from '../support/context.ts';
import { addMembers } from '../support/members.ts';

export interface Price extends Fact {
  readonly paise: number;
  /** Stands in for whatever may forbid the change meanwhile. */
  readonly frozen: boolean;
}

export const prices = defineFacts<Price>({
  name: 'test_prices',
  fields: { paise: Number, frozen: Boolean },
  about: { holds: 'a price', writer: 'tests', retention: 'none' },
});

export const ROOMS = ['console:room:ops', 'slack:T1/C1', 'telegram:7/-100'];
export const TEA = 'tea';

export const person = (name: string, role: Actor['role'] = 'manager'): Actor => ({
  kind: 'person',
  id: `usr_${name.toLowerCase()}`,
  name,
  role,
});

export const asha = person('Asha');
export const ravi = person('Ravi');
export const meera = person('Meera');
export const clerk = person('Clerk', 'user');

/** What went wrong inside the deed, and how often; the ends that it was told of. */
export interface Deeds {
  failWith: AppError | null;
  /** What it meets right after its effect, such as an answer that was lost. */
  failAfterWith: Error | null;
  /** What describing it meets, such as a database that is away. */
  describeFailsWith: AppError | null;
  readonly ends: ApprovalEnd[];
}

interface Needs {
  readonly approvals: Approvals;
  readonly prices: FactCollection<Price>;
  readonly deeds: Deeds;
}

const operation = operationsOf<Needs>();

async function priceOf(facts: FactCollection<Price>, ctx: Ctx, item: string): Promise<Price> {
  const price = await facts.scoped(ctx.tenant).get(item);
  if (!price) throw new AppError('record.not_found', `There is no price of ${item}.`);
  return price;
}

/** @param expiresAfterMs how long a request may wait. */
export const priceOperation = (expiresAfterMs: number) =>
  operation({
    name: 'price.set',
    summary: { en: 'Set a price', hi: 'दाम तय करें' },
    permission: 'task.write',
    effect: 'write',
    danger: 'approve',
    approval: {
      permission: 'experiment.approve',
      needed: ({ people }) => people,
      expiresAfterMs,
      describe: async ({ services, ...ctx }, { item, paise, from }) => {
        if (services.deeds.describeFailsWith) throw services.deeds.describeFailsWith;
        const price = await priceOf(services.prices, ctx, item);
        if (price.frozen) throw new AppError('record.conflict', `${item} is frozen.`);
        if (from !== undefined && price.paise !== from) throw moved(item, price.paise);
        return {
          title: `Set ${item} to ${paise}`,
          summary: 'The supplier asks for more.',
          changes: [{ what: item, before: String(price.paise), after: String(paise) }],
          evidence: [],
          subject: `price:${item}`,
          state: { paise: price.paise },
          approve: 'Approve price',
        };
      },
      ended: async ({ services, ...ctx }, { item }, end) => {
        services.deeds.ends.push(end);
        await changeOnce(services.prices.scoped(ctx.tenant), item, ctx.effectKey, () => ({
          change: {},
          trace: traceOf(ctx, { target: item }),
        }));
      },
    },
    input: z.strictObject({
      item: z.string(),
      paise: z.int(),
      people: z.int().min(1).default(1),
      from: z.int().exactOptional().describe('the price that is to be replaced, and no other'),
    }),
    output: z.object({ item: z.string(), paise: z.int() }),
    chat: { positional: ['item', 'paise'], examples: ['price set tea 900'] },
    run: async ({ services, ...ctx }, { item, paise, from }) => {
      if (services.deeds.failWith) throw services.deeds.failWith;
      const facts = services.prices.scoped(ctx.tenant);
      await changeOnce(facts, item, ctx.effectKey, (current) => {
        if (from !== undefined && current.paise !== from) throw moved(item, current.paise);
        return { change: { paise }, trace: traceOf(ctx, { target: item, after: { paise } }) };
      });
      if (services.deeds.failAfterWith) throw services.deeds.failAfterWith;
      return { item, paise };
    },
    reply: ({ item, paise }) => reply(`${item} costs ${paise} now`),
  });

const moved = (item: string, paise: number): AppError =>
  new AppError('record.conflict', `${item} costs ${paise} by now.`);

export const DAY_MS = 24 * 3_600_000;

export interface WorldOptions {
  readonly store?: Store;
  readonly members?: readonly Actor[];
}

/** One process; several of them may share a store. */
export function approvalProcess(given: {
  readonly store: Store;
  readonly clock: Clock;
  readonly worker: string;
  readonly expiresAfterMs?: number;
}) {
  const { store, expiresAfterMs = DAY_MS } = given;
  const denials: AuditEntry[] = [];
  const deeds: Deeds = { failWith: null, failAfterWith: null, describeFailsWith: null, ends: [] };
  const operations = [priceOperation(expiresAfterMs), ...approvalOperations];
  const auditDirectly = async (_tenant: string, _at: Date, entry: AuditEntry): Promise<void> =>
    void denials.push(entry);
  const approvals = createApprovalWork({
    ...given,
    operations: createApprovable(operations, () => services),
    auditDirectly,
    rooms: ROOMS,
    logger: pino({ level: 'silent' }),
  });
  const services: Needs = { approvals, prices: store.facts(prices), deeds };
  const dispatcher = createDispatcher({ operations, services, auditDirectly, desk: approvals.desk });
  return { approvals, dispatcher, services, deeds, denials };
}

export async function approvalWorld({
  store = createMemoryStore(),
  members = [asha, ravi, meera, clerk],
}: WorldOptions = {}) {
  const clock = new TestClock();
  const process = approvalProcess({ store, clock, worker: 'one' });
  await addMembers(store, ...members);
  await store
    .facts(prices)
    .scoped('default')
    .insertOnce(TEA, { paise: 500, frozen: false }, traceOf(testCtx(), { target: TEA }));
  const ctxOf = (actor: Actor, given: Partial<Ctx> = {}): Ctx =>
    testCtx({ actor, now: clock.now(), ...given });

  /** Runs a verb as a door does. */
  const run = (actor: Actor, name: string, raw: unknown, door: Door = 'console', given: Partial<Ctx> = {}) =>
    process.dispatcher.run({ operation: name, raw, ctx: ctxOf(actor, { door, ...given }) });

  /** Asks for a price and gives the id of the request. */
  async function ask(actor: Actor, paise = 900, people = 1): Promise<string> {
    return (await run(actor, 'price.set', { item: TEA, paise, people })).approval ?? '';
  }

  const get = async (id: string) => {
    const found = await store.facts(approvalDefinition).scoped('default').get(id);
    if (!found) throw new Error(`there is no request ${id}`);
    return found;
  };
  const price = () => priceOf(process.services.prices, testCtx(), TEA);

  /** Changes what the request rests on, behind its back. */
  async function alter(change: Partial<Pick<Price, 'paise' | 'frozen'>>): Promise<void> {
    const facts = process.services.prices.scoped('default');
    await facts.compareAndSet(await price(), change, traceOf(testCtx(), { target: TEA }));
  }

  /** Everything a request left to be delivered, in order. */
  const itemsOf = async (id: string): Promise<OutboxContent[]> =>
    (await get(id)).outbox.map(({ content }) => content);

  return { ...process, store, clock, ctxOf, run, ask, get, price, alter, itemsOf };
}
