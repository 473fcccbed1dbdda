// Acts on what the inbox holds, after the answer: leased, at least once, given up after ten attempts.
import type { WebhookMapping } from '../../../models/webhook-endpoint.ts';
import type { WebhookEvent } from '../../../models/webhook-inbox.ts';
import type { Actor } from '../../core/actor.ts';
import type { Ctx } from '../../core/context.ts';
import { type AppError, toAppError } from '../../core/errors.ts';
import { fieldsOf } from '../../core/fields.ts';
import type { Body } from '../../core/store.ts';
import { withTenant } from '../../core/tenant.ts';
import type { WebhookSource } from '../../core/webhook-source.ts';
import type { Ended } from './counts.ts';
import type { Endpoints, Sender } from './endpoints.ts';
import { rowsIn } from './mapping.ts';
import { createPace } from './pace.ts';
import type { WebhookParts } from './parts.ts';
import { shapeProblems } from './payload-problems.ts';
import { payloadOf } from './schemes/payload.ts';
import { words } from './words.ts';

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

export function createWorker<S>(
  parts: WebhookParts<S>,
  endpoints: Endpoints<S>,
  ended: (source: string, outcome: Ended) => void,
): WebhookWorker {
  const { inbox, targets, clock, logger, worker, random } = parts;
  const pace = createPace();

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
    const senders = new Map<string, Promise<Sender<S>>>();
    const senderOf = ({ tenant, source }: WebhookEvent): Promise<Sender<S>> => {
      const sender = senders.get(tenant) ?? endpoints.senderOf(tenant, source);
      senders.set(tenant, sender);
      return sender;
    };
    const hand = async (): Promise<void> => {
      for (const row of left) {
        const sender = await senderOf(row);
        const place = JSON.stringify([row.tenant, row.source]);
        const later = pace.waitFor(place, row._id, sender.perMinute, clock.now());
        if (later) await change(row, { nextAt: later }, 'webhook.wait');
        else await takeAndEnd(row, sender);
      }
    };
    await Promise.all(Array.from({ length: HANDS_PER_SOURCE }, hand));
  }

  async function takeAndEnd(row: WebhookEvent, sender: Sender<S>): Promise<void> {
    const leased = { worker, attempts: row.attempts + 1, nextAt: after(LEASE_MS) };
    const taken = await change(row, leased, 'webhook.take');
    if (!taken) return;
    const ending = await attempt(taken, sender);
    if (ending.status === 'dead')
      logger.warn(
        { event: row._id, source: row.source, problem: ending.problem },
        'a webhook event was given up',
      );
    if (await change(taken, ending, 'webhook.end')) ended(row.source, endOf(ending));
  }

  const endOf = ({ status }: Ending): Ended => (status === 'done' || status === 'dead' ? status : 'failed');

  async function attempt(row: WebhookEvent, sender: Sender<S>): Promise<Ending> {
    if (row.attempts > MOST_ATTEMPTS)
      return dead(`${MOST_ATTEMPTS} attempts were begun and none of them ended.`);
    if (row.body === null) return dead('Its body was forgotten.');
    try {
      const payload: unknown = payloadOf(row.scheme, row.body);
      return sender.mapping
        ? await mapped(row, sender.mapping, payload)
        : await handled(row, sender.source, payload);
    } catch (thrown) {
      return failed(row, toAppError(thrown));
    }
  }

  async function handled(row: WebhookEvent, source: WebhookSource<S>, payload: unknown): Promise<Ending> {
    const problems = shapeProblems(source.payload, payload);
    if (problems.length > 0)
      return dead(`Of an unknown shape. ${problems.map((p) => `${p.field}: ${p.problem}`).join('; ')}`);
    if (row.test) return done(words.en.tested);
    return done(await withTenant(row.tenant, () => source.execute(contextOf(row), payload, receivedOf(row))));
  }

  async function mapped(row: WebhookEvent, mapping: WebhookMapping, payload: unknown): Promise<Ending> {
    const target = targets.find(({ name }) => name === mapping.to);
    if (!target) return dead(`There is nothing called “${mapping.to}” to map to.`);
    const rows = rowsIn(mapping, fieldsOf(target.fields), payload, row.createdAt);
    if (!row.test)
      return done(await withTenant(row.tenant, () => target.take(contextOf(row), rows, receivedOf(row))));
    const [problem] = rows.flatMap((one) => shapeProblems(target.fields, one));
    return problem ? dead(`Mapped wrongly. ${problem.field}: ${problem.problem}`) : done(words.en.tested);
  }

  const receivedOf = ({ _id: id, source, createdAt: receivedAt }: WebhookEvent) => ({
    id,
    source,
    receivedAt,
  });

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

  function contextOf({ _id: id, tenant, source }: WebhookEvent): Ctx & { readonly services: S } {
    const actor: Actor = {
      kind: 'service',
      id: `webhook:${source}`,
      name: `${source} webhook`,
      role: 'viewer',
    };
    const call = { operation: 'webhook.receive', effectKey: id, requestId: id, now: clock.now() };
    const place = { tenant, actor, door: 'webhook', zone: parts.zone, language: 'en' } as const;
    return { ...place, ...call, services: parts.services };
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
