// Acts on what the inbox holds, after the answer: leased, at least once, given up after ten attempts.
import type { WebhookEvent } from '../../../models/webhook-inbox.ts';
import type { Actor } from '../../core/actor.ts';
import type { Ctx } from '../../core/context.ts';
import { type AppError, toAppError } from '../../core/errors.ts';
import type { Body } from '../../core/store.ts';
import { withTenant } from '../../core/tenant.ts';
import type { Endpoints } from './endpoints.ts';
import type { WebhookParts } from './parts.ts';
import { shapeProblems } from './payload-problems.ts';

const LEASE_MS = 60_000;
const MOST_ATTEMPTS = 10;
/** Waits before the second attempt and each further one. */
const RETRY_DELAYS_MS = [
  1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000,
] as const;
const JITTER = 0.1;
/** Rows read at once: each may carry a body of 1 MiB. */
const ROWS_AT_ONCE = 50;
/** How many events of one source are worked on at the same time: a flood of one does not hold up the others. */
const HANDS_PER_SOURCE = 4;

type Ending = Partial<Body<WebhookEvent>>;

export interface WebhookWorker {
  /** Works on what is due, one load; true when there may be more. */
  work(): Promise<boolean>;
  /** Forgets bodies whose time is over; returns how many. */
  forget(): Promise<number>;
}

export function createWorker<S>(parts: WebhookParts<S>, endpoints: Endpoints<S>): WebhookWorker {
  const { inbox, clock, logger, worker, random } = parts;

  async function work(): Promise<boolean> {
    const due = await inbox.acrossTenants('inbox').find({
      where: { status: 'received', nextAt: { lte: clock.now() } },
      sort: [['nextAt', 1]],
      limit: ROWS_AT_ONCE,
    });
    const bySource = new Map<string, WebhookEvent[]>();
    for (const row of due) bySource.set(row.source, [...(bySource.get(row.source) ?? []), row]);
    await Promise.all([...bySource.values()].map(workOnSource));
    return due.length === ROWS_AT_ONCE;
  }

  async function workOnSource(rows: readonly WebhookEvent[]): Promise<void> {
    const left = rows.values();
    const hand = async (): Promise<void> => {
      for (const row of left) await takeAndEnd(row);
    };
    await Promise.all(Array.from({ length: HANDS_PER_SOURCE }, hand));
  }

  async function takeAndEnd(row: WebhookEvent): Promise<void> {
    const leased = { worker, attempts: row.attempts + 1, nextAt: after(LEASE_MS) };
    const taken = await change(row, leased, 'webhook.take');
    if (!taken) return;
    const ending = await attempt(taken);
    if (ending.status === 'dead')
      logger.warn(
        { event: row._id, source: row.source, problem: ending.problem },
        'a webhook event was given up',
      );
    await change(taken, ending, 'webhook.end');
  }

  async function attempt(row: WebhookEvent): Promise<Ending> {
    if (row.attempts > MOST_ATTEMPTS)
      return dead(`${MOST_ATTEMPTS} attempts were begun and none of them ended.`);
    if (row.body === null) return dead('Its body was forgotten.');
    const source = endpoints.sourceOf(row.source);
    try {
      const payload: unknown = JSON.parse(row.body);
      const problems = shapeProblems(source.payload, payload);
      if (problems.length > 0)
        return dead(`Of an unknown shape. ${problems.map((p) => `${p.field}: ${p.problem}`).join('; ')}`);
      if (row.test) return done('A test: its signature, its shape and its way to here are right.');
      const event = { id: row._id, source: row.source, receivedAt: row.createdAt };
      const ctx = { ...contextOf(row), services: parts.services };
      return done(await withTenant(row.tenant, () => source.execute(ctx, payload, event)));
    } catch (thrown) {
      return failed(row, toAppError(thrown));
    }
  }

  function failed(row: WebhookEvent, error: AppError): Ending {
    logger.warn({ err: error, event: row._id, attempt: row.attempts }, 'work on a webhook event failed');
    const mayPass = error.retryable || error.kind === 'bug';
    const delayMs = RETRY_DELAYS_MS[row.attempts - 1];
    if (!mayPass || delayMs === undefined) return dead(error.publicMessage);
    const waitMs = Math.round(delayMs * (1 - JITTER + 2 * JITTER * random()));
    return { nextAt: after(waitMs), problem: error.publicMessage };
  }

  const done = (note: string): Ending => ({
    status: 'done',
    doneAt: clock.now(),
    nextAt: null,
    problem: null,
    note,
  });

  const dead = (problem: string): Ending => ({ status: 'dead', diedAt: clock.now(), nextAt: null, problem });

  const after = (durationMs: number): Date => new Date(clock.now().getTime() + durationMs);

  /** Null when somebody else has the row. */
  function change(row: WebhookEvent, wanted: Ending, operation: string): Promise<WebhookEvent | null> {
    const history = { effectKey: `${row._id}:${row.version}`, at: clock.now(), by: worker, operation };
    return inbox.scoped(row.tenant).compareAndSet(row, wanted, { history, items: [] });
  }

  function contextOf({ _id: id, tenant, source }: WebhookEvent): Ctx {
    const actor: Actor = {
      kind: 'service',
      id: `webhook:${source}`,
      name: `${source} webhook`,
      role: 'viewer',
    };
    const call = { operation: 'webhook.receive', effectKey: id, requestId: id, now: clock.now() };
    return { tenant, actor, door: 'webhook', zone: parts.zone, language: 'en', ...call };
  }

  async function forget(): Promise<number> {
    const old = await inbox.acrossTenants('inbox').find({
      where: { forgetAt: { lte: clock.now() } },
      sort: [['forgetAt', 1]],
      limit: ROWS_AT_ONCE,
    });
    for (const row of old) await change(row, { body: null, forgetAt: null }, 'webhook.forget');
    return old.length;
  }

  return { work, forget };
}
