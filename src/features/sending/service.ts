// Endpoints set by staff: added, tested, rotated, switched off and on, and sent again what they missed.
import { breakerOf, type EndpointHealth, healthy } from '../../../models/endpoint-health.ts';
import type { OutboxRow } from '../../../models/outbox-row.ts';
import {
  type EndpointKind,
  endpointDestination,
  sealingPlace,
  type WebhookSubscription,
} from '../../../models/webhook-subscription.ts';
import { type Change, changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { eventOf } from '../../core/event-catalogue.ts';
import { derivedId, type Ids } from '../../core/ids.ts';
import { hostOf, type OutboundRules } from '../../core/outbound-address.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import type { Sealer } from '../../core/sealed-text.ts';
import type { Body, FactCollection, RecordCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import type { Outbox } from '../../outbox/types.ts';

export interface EndpointWish {
  readonly url: string;
  readonly kind: EndpointKind;
  readonly events: readonly string[];
  readonly description: string;
}

/** What is sent again: one delivery, those of a time, or, when nothing is named, what was given up. */
export interface ReplayWish {
  readonly item?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** An endpoint with its health, and without anything secret. */
export interface EndpointView {
  readonly id: string;
  readonly kind: EndpointKind;
  readonly host: string;
  readonly description: string;
  readonly events: readonly string[];
  readonly status: 'active' | 'disabled' | 'removed';
  readonly reason: string | null;
  readonly breaker: 'closed' | 'open' | 'half open';
  readonly failingSince: Date | null;
  readonly problem: string | null;
  readonly waiting: number;
  readonly dead: number;
  readonly lastSentAt: Date | null;
  /** Until when the previous secret signs as well; null when only one does. */
  readonly rotatingUntil: Date | null;
}

export interface Sending {
  /** Those that are not removed, the newest first. */
  list(ctx: Ctx): Promise<readonly EndpointView[]>;
  /**
   * `secret` is null for chat platforms. The same effect again shows the same one.
   * @throws AppError `input.invalid` for an address that may not be called, `record.conflict` at 200 endpoints.
   */
  add(ctx: Ctx, wish: EndpointWish): Promise<{ endpoint: EndpointView; secret: string | null }>;
  /** Signs with a new secret, and with the present one too for so many hours. @throws AppError `record.conflict` */
  rotate(ctx: Ctx, id: string, hours: number): Promise<{ endpoint: EndpointView; secret: string }>;
  /** Sends it an event of its own. @throws AppError `record.conflict` when it is disabled */
  test(ctx: Ctx, id: string): Promise<EndpointView>;
  enable(ctx: Ctx, id: string): Promise<EndpointView>;
  disable(ctx: Ctx, id: string): Promise<EndpointView>;
  /** Wipes address and secrets; what waits becomes dead letters. */
  remove(ctx: Ctx, id: string): Promise<EndpointView>;
  /** How many are sent again. @throws AppError `record.not_found`, `record.conflict`, `input.invalid` */
  replay(ctx: Ctx, id: string, wish: ReplayWish): Promise<number>;
}

export interface SendingParts {
  readonly subscriptions: FactCollection<WebhookSubscription>;
  readonly health: RecordCollection<EndpointHealth>;
  readonly rows: RecordCollection<OutboxRow>;
  readonly sealer: Sealer;
  readonly rules: OutboundRules;
  readonly ids: Pick<Ids, 'secret'>;
  readonly outbox: Pick<Outbox, 'replay' | 'nudge'>;
}

type EndpointChange = Partial<Body<WebhookSubscription>>;

const MOST_ENDPOINTS = 200;
const HOUR_MS = 3_600_000;
const SECRET_BYTES = 32;
/** What cannot check a signature needs no secret. */
const unsigned: readonly EndpointKind[] = ['slack', 'discord', 'teams'];

export function createSending(parts: SendingParts): Sending {
  const { subscriptions, sealer, rules, ids, outbox } = parts;
  const of = (ctx: Ctx) => subscriptions.scoped(ctx.tenant);
  const view = (ctx: Ctx, endpoint: WebhookSubscription) => viewOf(parts, ctx, endpoint);
  const freshSecret = (): string =>
    `whsec_${Buffer.from(ids.secret(SECRET_BYTES), 'base64url').toString('base64')}`;
  const currentSecret = (ctx: Ctx, { _id, secrets }: WebhookSubscription): string | null => {
    const sealed = secrets[0]?.sealed;
    return sealed === undefined ? null : sealer.open(sealed, sealingPlace(ctx.tenant, _id));
  };

  async function add(ctx: Ctx, wish: EndpointWish) {
    const url = rules.judge(wish.url);
    const id = derivedId('whs', ctx.tenant, ctx.effectKey);
    const standing = await of(ctx).count({ status: { in: ['active', 'disabled'] } });
    if (standing >= MOST_ENDPOINTS) throw conflict(`There are ${standing} endpoints; remove one first.`);
    const { kind, description } = wish;
    const place = sealingPlace(ctx.tenant, id);
    const shown = { kind, description, events: [...new Set(wish.events)], host: url.host || hostOf(url) };
    const body: Body<WebhookSubscription> = {
      ...shown,
      address: sealer.seal(url.href, place),
      secrets: unsigned.includes(kind) ? [] : [{ sealed: sealer.seal(freshSecret(), place), until: null }],
      status: 'active',
      reason: null,
    };
    const { record } = await of(ctx).insertOnce(id, body, traceOf(ctx, { target: id, after: shown }));
    return { endpoint: await view(ctx, record), secret: currentSecret(ctx, record) };
  }

  async function rotate(ctx: Ctx, id: string, hours: number) {
    const until = new Date(ctx.now.getTime() + hours * HOUR_MS);
    const sealed = sealer.seal(freshSecret(), sealingPlace(ctx.tenant, id));
    const record = await change(ctx, id, (current) => {
      const [present] = current.secrets;
      if (!present) throw conflict(`“${current.host}” is a chat platform; nothing sent there is signed.`);
      return {
        secrets: [
          { sealed, until: null },
          { ...present, until },
        ],
      };
    });
    return { endpoint: await view(ctx, record), secret: currentSecret(ctx, record) ?? '' };
  }

  async function test(ctx: Ctx, id: string) {
    const event = eventOf('endpoint.tested', {
      endpoint: id,
      askedBy: ctx.actor.name,
      message: 'This is a test: events will arrive like this one.',
    });
    const record = await change(
      ctx,
      id,
      (current) => {
        if (current.status !== 'active') throw conflict(`“${current.host}” is disabled; enable it first.`);
        return {};
      },
      [{ kind: 'send', destination: endpointDestination(id), body: { kind: 'event', event } }],
    );
    outbox.nudge();
    return view(ctx, record);
  }

  async function enable(ctx: Ctx, id: string) {
    const { health } = parts;
    const known = await health.scoped(ctx.tenant).get(id);
    if (known) await health.scoped(ctx.tenant).compareAndSet(known, healthy);
    const record = await change(ctx, id, ({ status }) =>
      status === 'active' ? null : { status: 'active', reason: null },
    );
    return view(ctx, record);
  }

  async function disable(ctx: Ctx, id: string) {
    const reason = `${ctx.actor.name} switched it off`;
    const record = await change(ctx, id, ({ status }) =>
      status === 'disabled' ? null : { status: 'disabled', reason },
    );
    return view(ctx, record);
  }

  async function remove(ctx: Ctx, id: string) {
    const gone = { status: 'removed', reason: null, address: '', secrets: [] } as const;
    return view(ctx, await change(ctx, id, () => gone));
  }

  /** A change of one that is not removed; the audit row names what changed, and nothing sealed. */
  async function change(
    ctx: Ctx,
    id: string,
    decide: (current: WebhookSubscription) => EndpointChange | null,
    items: readonly OutboxContent[] = [],
  ): Promise<WebhookSubscription> {
    const { record } = await changeOnce(of(ctx), id, ctx.effectKey, (current) => {
      if (current.status === 'removed') throw new AppError('record.not_found', `“${id}” was removed.`);
      const wanted = decide(current);
      if (!wanted) return null;
      const { address: _address, secrets, ...after } = wanted;
      const facts = { target: id, after: secrets ? { ...after, secrets: secrets.length } : after };
      return { change: wanted, trace: traceOf(ctx, facts, ...items) } satisfies Change<WebhookSubscription>;
    });
    return record;
  }

  return {
    list: async (ctx) => {
      const where = { status: { in: ['active', 'disabled'] } } as const;
      const found = await of(ctx).find({ where, sort: [['createdAt', -1]], limit: MOST_ENDPOINTS });
      return await Promise.all(found.map((endpoint) => view(ctx, endpoint)));
    },
    add,
    rotate,
    test,
    enable,
    disable,
    remove,
    replay: async (ctx, id, { item, since: from, until: to }) => {
      const known = await of(ctx).get(id);
      if (!known || known.status === 'removed')
        throw new AppError(
          'record.not_found',
          `There is no endpoint “${id}”. This names them: endpoint list`,
        );
      if (known.status === 'disabled') throw conflict(`“${known.host}” is disabled; enable it first.`);
      const destination = endpointDestination(id);
      if (item !== undefined) return await outbox.replay(ctx, { item, destination });
      return await outbox.replay(ctx, { destination, ...(from ? { from } : {}), ...(to ? { to } : {}) });
    },
  };
}

async function viewOf(
  { health, rows }: SendingParts,
  ctx: Ctx,
  { _id: id, ...endpoint }: WebhookSubscription,
): Promise<EndpointView> {
  const { kind, host, description, events, status, reason, secrets } = endpoint;
  const destination = endpointDestination(id);
  const scoped = rows.scoped(ctx.tenant);
  const state = (await health.scoped(ctx.tenant).get(id)) ?? healthy;
  const [last] = await scoped.find({ where: { destination, status: 'sent' }, sort: [['at', -1]], limit: 1 });
  const previous = secrets.find(({ until }) => until !== null && until > ctx.now);
  return {
    id,
    kind,
    host,
    description,
    events,
    status,
    reason,
    breaker: breakerOf(state, ctx.now),
    failingSince: state.failingSince,
    problem: state.problem,
    waiting: await scoped.count({ destination, status: 'waiting' }),
    dead: await scoped.count({ destination, status: 'dead' }),
    lastSentAt: last?.sentAt ?? null,
    rotatingUntil: previous?.until ?? null,
  };
}

function conflict(text: string): AppError {
  return new AppError('record.conflict', text);
}
