// The durable inbox: an update is stored before it is worked on, and its answer leaves in the write that ends it.

import type { ChatUpdate } from '../models/chat-inbox.ts';
import type { Breather } from '../src/core/breather.ts';
import type { Clock } from '../src/core/clock.ts';
import { AppError, toAppError } from '../src/core/errors.ts';
import type { Logger } from '../src/core/logger.ts';
import type { FactCollection } from '../src/core/store.ts';
import { outsideTenants } from '../src/core/tenant.ts';
import type { Trace } from '../src/core/trace.ts';
import {
  type Adapter,
  type Answer,
  type Incoming,
  type RawUpdate,
  type Recognised,
  spotOf,
  type Update,
} from './adapter.ts';
import { errorReply } from './error-reply.ts';
import { type Arrival, type Ending, ended, rawArrival, readArrival } from './inbox-row.ts';
import { createLanes } from './lanes.ts';

const LEASE_MS = 60_000;
const MOST_ATTEMPTS = 5;
/** Waits before work that met a passing fault is begun again. */
const RETRY_DELAYS_MS = [200, 500, 1_000, 2_000];
const RECOVERY_EVERY_MS = 5_000;
const RECOVERED_AT_ONCE = 50;
const WAIT_STEP_MS = 50;
const LONGEST_WAIT_MS = 30_000;

export interface Inbox {
  /**
   * Stores an update that is read already and works on it; resolves with the row once its answer is written. A
   * repeat of the same key has no second effect and gives the first answer.
   * @throws AppError `key.reused` when the key came before with another content.
   */
  take(incoming: Incoming): Promise<ChatUpdate>;
  /**
   * Stores an update as the platform sent it; resolves once it would survive, and works on it after that.
   * @returns the id of the row, and whether the update was known already, in which case nothing happens.
   */
  receive(raw: RawUpdate): Promise<{ readonly id: string; readonly repeated: boolean }>;
  /** Takes over rows whose worker is gone; returns how many. */
  recover(): Promise<number>;
  start(): void;
  /** Finishes what is being worked on and takes nothing over any more. */
  stop(): Promise<void>;
}

export function createInbox(options: {
  readonly updates: FactCollection<ChatUpdate>;
  readonly adapters: readonly Adapter[];
  readonly answer: (update: Update) => Promise<Answer>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this process in leases. */
  readonly worker: string;
  /** Holds work back while the process does not keep up with what comes in; never unless given. */
  readonly breathe?: Breather;
}): Inbox {
  const { updates, answer, clock, logger, worker } = options;
  const adapters = new Map(options.adapters.map((adapter) => [adapter.platform, adapter]));
  const inHand = new Map<string, Promise<ChatUpdate | null>>();
  const lanes = createLanes(options.breathe);
  let stopping = new AbortController();
  let recovering: Promise<void> = Promise.resolve();

  async function take(incoming: Incoming): Promise<ChatUpdate> {
    const arrival = readArrival(incoming);
    const { id, digest } = arrival;
    for (;;) {
      const row = await (inHand.get(id) ?? hold(id, () => store(arrival).then(workOnArrival)));
      if (row && row.digest !== digest)
        throw new AppError(
          'key.reused',
          `The key “${incoming.key}” came before with another message; use a fresh one.`,
        );
      if (row) return row;
    }
  }

  async function receive(raw: RawUpdate): Promise<{ id: string; repeated: boolean }> {
    options.breathe?.arrived();
    const arrival = rawArrival(raw);
    const { record, inserted } = await store(arrival);
    // The row is durable: whatever happens to this process, somebody will work on it.
    if (inserted) void hold(arrival.id, () => lanes(raw.lane, () => workOn(record))).catch(reportFault);
    return { id: arrival.id, repeated: !inserted };
  }

  /** One pair of hands in this process for each update: a repeat waits for the first. */
  function hold(id: string, work: () => Promise<ChatUpdate | null>): Promise<ChatUpdate | null> {
    const held = work().finally(() => inHand.delete(id));
    inHand.set(id, held);
    return held;
  }

  async function store({ id, tenant, digest, body }: Arrival) {
    const row = body(lease());
    const { record, inserted } = await updates.scoped(tenant).insertOnce(id, row, trace(id, 'chat.receive'));
    return { record, inserted, same: record.digest === digest };
  }

  async function workOnArrival(stored: Awaited<ReturnType<typeof store>>): Promise<ChatUpdate> {
    const { record, inserted, same } = stored;
    if (!same) return record;
    return inserted ? workOn(record) : settled(record);
  }

  /** Waits for whoever works on the row; takes it over when nobody does any more. Called with the row in hand. */
  async function settled(row: ChatUpdate): Promise<ChatUpdate> {
    let current = row;
    for (let waitedMs = 0; waitedMs <= LONGEST_WAIT_MS; waitedMs += WAIT_STEP_MS) {
      if (current.status === 'done') return current;
      const taken = await takeOver(current);
      if (taken) return workOn(taken);
      await clock.sleep(WAIT_STEP_MS);
      current = (await updates.scoped(row.tenant).get(row._id)) ?? current;
    }
    const problem = 'This message is still being worked on; ask again with the same key.';
    throw new AppError('record.busy', problem, { retryable: true });
  }

  /** A row leased by this process that is in no other hand was left by a failed write: its lease is no matter. */
  function takeOver(row: ChatUpdate): Promise<ChatUpdate | null> {
    const free = row.leaseUntil !== null && (row.leaseUntil <= clock.now() || row.worker === worker);
    if (row.status === 'done' || !free) return Promise.resolve(null);
    const change = { ...lease(), attempts: row.attempts + 1 };
    return updates.scoped(row.tenant).compareAndSet(row, change, trace(row._id, 'chat.take_over'));
  }

  /** The row's version is the fence: whoever was overtaken cannot end it, and gives the answer of the other. */
  async function workOn(row: ChatUpdate): Promise<ChatUpdate> {
    const facts = updates.scoped(row.tenant);
    let current = row;
    for (;;) {
      const ending = await attempt(current);
      const { change, items } = ending
        ? ended(current, ending, clock.now())
        : { change: { ...lease(), attempts: current.attempts + 1 }, items: [] };
      const operation = ending ? 'chat.answer' : 'chat.retry';
      const written = await facts.compareAndSet(current, change, { ...trace(row._id, operation), items });
      if (!written) return settled((await facts.get(row._id)) ?? current);
      if (ending) return written;
      await clock.sleep(RETRY_DELAYS_MS[current.attempts - 1] ?? 0, stopping.signal);
      current = written;
    }
  }

  /** How the update ends, or null when a passing fault is worth another attempt. */
  async function attempt(row: ChatUpdate): Promise<Ending | null> {
    const adapter = adapters.get(row.platform);
    if (!adapter) throw new Error(`no adapter for the platform “${row.platform}”`);
    let update: Update | undefined;
    try {
      const read = await recognised(row, adapter);
      if ('ignored' in read) return { kind: 'ignored', why: read.ignored };
      update = { ...read, id: row._id, door: adapter.door, receivedAt: row.createdAt };
      return answered(update, await answerOrGiveUp(row, adapter, update));
    } catch (thrown) {
      const error = toAppError(thrown);
      logger.warn({ err: error, update: row._id, attempt: row.attempts }, 'work on an update failed');
      if (error.retryable && row.attempts < MOST_ATTEMPTS) return null;
      if (!update) return { kind: 'ignored', why: `It could not be read: ${error.message}` };
      return answered(update, { ...spotOf(update), reply: errorReply(error, update) });
    }
  }

  async function recognised(row: ChatUpdate, adapter: Adapter): Promise<Recognised | { ignored: string }> {
    const { _id: id, principal, room, content, tenant, body, createdAt: receivedAt } = row;
    if (principal && room && content) return { principal, room, content };
    if (!adapter.read) throw new Error(`“${adapter.platform}” reads nothing that was stored as it came`);
    return await adapter.read({ id, tenant, body, receivedAt });
  }

  async function answerOrGiveUp(row: ChatUpdate, adapter: Adapter, update: Update): Promise<Answer> {
    if (row.attempts > MOST_ATTEMPTS) {
      logger.error({ update: row._id, attempts: row.attempts }, 'an update ended its workers; given up');
      return { ...spotOf(update), reply: errorReply(givenUp(), update) };
    }
    if (update.instead) return { ...spotOf(update), reply: update.instead };
    await adapter.noticed?.(update);
    return await answer(update);
  }

  async function recover(): Promise<number> {
    const abandoned = await updates.acrossTenants('inbox').find({
      where: { status: 'working', leaseUntil: { lte: clock.now() } },
      sort: [['leaseUntil', 1]],
      limit: RECOVERED_AT_ONCE,
    });
    const left = abandoned.filter((row) => !inHand.has(row._id));
    const taken = await Promise.all(
      left.map((row) => hold(row._id, () => lanes(row.lane, () => resume(row))).catch(reportFault)),
    );
    return taken.filter((row) => row !== null).length;
  }

  async function resume(row: ChatUpdate): Promise<ChatUpdate | null> {
    const taken = await takeOver(row);
    return taken && workOn(taken);
  }

  function reportFault(fault: unknown): null {
    logger.error({ err: toAppError(fault) }, 'recovery of the chat inbox failed');
    return null;
  }

  async function recoverForever(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await recover().catch(reportFault);
      await clock.sleep(RECOVERY_EVERY_MS, signal);
    }
  }

  function lease(): Pick<ChatUpdate, 'worker' | 'leaseUntil'> {
    return { worker, leaseUntil: new Date(clock.now().getTime() + LEASE_MS) };
  }

  /** No audit row: the write of the operation itself carries it. */
  function trace(id: string, operation: string): Trace {
    return { history: { effectKey: id, at: clock.now(), by: worker, operation }, items: [] };
  }

  return {
    take,
    receive,
    recover,
    start() {
      stopping = new AbortController();
      recovering = outsideTenants(() => recoverForever(stopping.signal));
    },
    async stop() {
      stopping.abort();
      await recovering;
      await Promise.allSettled([...inHand.values()]);
    },
  };
}

function answered({ principal, content }: Update, answer: Answer): Ending {
  return { kind: 'answered', answer, read: { principal, content } };
}

function givenUp(): AppError {
  return new AppError(
    'internal.bug',
    `This was tried ${MOST_ATTEMPTS} times and each try ended before its answer; it will not be tried again.`,
  );
}
