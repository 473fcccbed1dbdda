// The durable inbox: an update is stored before it is worked on, and its answer leaves in the write that ends it.

import type { ChatUpdate } from '../models/chat-inbox.ts';
import { digestOf } from '../src/core/canonical.ts';
import type { Clock } from '../src/core/clock.ts';
import { AppError, toAppError } from '../src/core/errors.ts';
import { derivedId } from '../src/core/ids.ts';
import type { Logger } from '../src/core/logger.ts';
import type { Reply } from '../src/core/reply.ts';
import type { FactCollection } from '../src/core/store.ts';
import { outsideTenants } from '../src/core/tenant.ts';
import type { Trace } from '../src/core/trace.ts';
import type { Adapter, Incoming, Update } from './adapter.ts';
import { errorReply } from './error-reply.ts';

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
   * Stores the update and works on it; resolves with the row once its answer is written. A repeat of the same key
   * has no second effect and gives the first answer.
   * @throws AppError `key.reused` when the key came before with another content.
   */
  take(incoming: Incoming): Promise<ChatUpdate>;
  /** Takes over rows whose worker is gone; returns how many. */
  recover(): Promise<number>;
  start(): void;
  /** Finishes what is being worked on and takes nothing over any more. */
  stop(): Promise<void>;
}

export function createInbox(options: {
  readonly updates: FactCollection<ChatUpdate>;
  readonly adapters: readonly Adapter[];
  readonly answer: (update: Update) => Promise<Reply>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this process in leases. */
  readonly worker: string;
  /** Called when an answer waits in the outbox. */
  readonly nudge: () => void;
}): Inbox {
  const { updates, answer, clock, logger, worker, nudge } = options;
  const adapters = new Map(options.adapters.map((adapter) => [adapter.platform, adapter]));
  const inHand = new Map<string, Promise<ChatUpdate | null>>();
  let stopping = new AbortController();
  let recovering: Promise<void> = Promise.resolve();

  async function take(incoming: Incoming): Promise<ChatUpdate> {
    const { principal, platform, room, content, key } = incoming;
    const id = derivedId('inb', principal.tenant, platform, principal.actor.id, key);
    const digest = digestOf({ room, content });
    for (;;) {
      const row = await (inHand.get(id) ?? hold(id, () => receive(id, digest, incoming)));
      if (row && row.digest !== digest)
        throw new AppError(
          'key.reused',
          `The key “${key}” came before with another message; use a fresh one.`,
        );
      if (row) return row;
    }
  }

  /** One pair of hands in this process for each update: a repeat waits for the first. */
  function hold(id: string, work: () => Promise<ChatUpdate | null>): Promise<ChatUpdate | null> {
    const held = work().finally(() => inHand.delete(id));
    inHand.set(id, held);
    return held;
  }

  async function receive(id: string, digest: string, incoming: Incoming): Promise<ChatUpdate> {
    const { principal, platform, room, content } = incoming;
    const { record, inserted } = await updates.scoped(principal.tenant).insertOnce(
      id,
      {
        platform,
        principal,
        room,
        content,
        digest,
        status: 'working',
        ...lease(),
        attempts: 1,
        reply: null,
        replyItem: null,
      },
      trace(id, 'chat.receive'),
    );
    if (record.digest !== digest) return record;
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
      const reply = await attempt(current);
      const change = reply
        ? {
            status: 'done' as const,
            leaseUntil: null,
            reply,
            replyItem: `${row._id}:${current.version + 1}:0`,
          }
        : { ...lease(), attempts: current.attempts + 1 };
      const written = await facts.compareAndSet(
        current,
        change,
        reply ? answerTrace(current, reply) : trace(row._id, 'chat.retry'),
      );
      if (!written) return settled((await facts.get(row._id)) ?? current);
      if (reply) {
        nudge();
        return written;
      }
      await clock.sleep(RETRY_DELAYS_MS[current.attempts - 1] ?? 0, stopping.signal);
      current = written;
    }
  }

  /** The answer, or null when a passing fault is worth another attempt. */
  async function attempt(row: ChatUpdate): Promise<Reply | null> {
    const adapter = adapters.get(row.platform);
    if (!adapter) throw new Error(`no adapter for the platform “${row.platform}”`);
    const update = updateOf(row, adapter);
    if (row.attempts > MOST_ATTEMPTS) {
      logger.error({ update: row._id, attempts: row.attempts }, 'an update ended its workers; given up');
      return errorReply(givenUp(), update);
    }
    await adapter.noticed(update);
    try {
      return await answer(update);
    } catch (thrown) {
      const error = toAppError(thrown);
      logger.warn({ err: error, update: row._id, attempt: row.attempts }, 'work on an update failed');
      return error.retryable && row.attempts < MOST_ATTEMPTS ? null : errorReply(error, update);
    }
  }

  async function recover(): Promise<number> {
    const abandoned = await updates.acrossTenants('inbox').find({
      where: { status: 'working', leaseUntil: { lte: clock.now() } },
      sort: [['leaseUntil', 1]],
      limit: RECOVERED_AT_ONCE,
    });
    const left = abandoned.filter((row) => !inHand.has(row._id));
    const taken = await Promise.all(left.map((row) => hold(row._id, () => resume(row)).catch(reportFault)));
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

  function answerTrace(row: ChatUpdate, reply: Reply): Trace {
    const body = { kind: 'reply' as const, reply, inReplyTo: row._id };
    return { ...trace(row._id, 'chat.answer'), items: [{ kind: 'send', destination: row.room, body }] };
  }

  return {
    take,
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

function updateOf(row: ChatUpdate, adapter: Adapter): Update {
  const { principal, room, content } = row;
  return { id: row._id, principal, door: adapter.door, room, content, receivedAt: row.createdAt };
}

function givenUp(): AppError {
  return new AppError(
    'internal.bug',
    `This was tried ${MOST_ATTEMPTS} times and each try ended before its answer; it will not be tried again.`,
  );
}
