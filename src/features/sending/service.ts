// Endpoints set by staff: added, tested, rotated, switched off and on, and sent again what they missed.
import { healthy } from '../../../models/endpoint-health.ts';
import {
  type EndpointKind,
  endpointDestination,
  sealingPlace,
  type WebhookSubscription,
} from '../../../models/webhook-subscription.ts';
import { type Change, changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { eventOf } from '../../core/event-catalogue.ts';
import { derivedId, type Ids } from '../../core/ids.ts';
import { hostOf, type OutboundRules } from '../../core/outbound-address.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import type { Sealer } from '../../core/sealed-text.ts';
import type { Body, FactCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import type { Outbox } from '../../outbox/types.ts';
import { testOperatorPlace } from './operator-test.ts';
import {
  disabledEndpoint,
  removedEndpoint,
  setByOperator,
  tooManyEndpoints,
  unknownEndpoint,
  unsignedEndpoint,
} from './refusals.ts';
import {
  type DeliveryView,
  deliveriesTo,
  destinationOf,
  type EndpointView,
  type OperatorPlace,
  operatorDestination,
  operatorView,
  type ViewParts,
  viewOf,
} from './views.ts';

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

export interface Sending {
  /** Those that are not removed, the newest first, and after them what the operator named. */
  list(ctx: Ctx): Promise<readonly EndpointView[]>;
  /** One with its last deliveries. @throws AppError `record.not_found` */
  show(ctx: Ctx, id: string): Promise<{ endpoint: EndpointView; deliveries: readonly DeliveryView[] }>;
  /** The last deliveries to these endpoints, the newest first. */
  deliveries(ctx: Ctx, to: readonly EndpointView[], limit: number): Promise<readonly DeliveryView[]>;
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

export interface SendingParts extends ViewParts {
  readonly subscriptions: FactCollection<WebhookSubscription>;
  /** What the operator named in the environment. */
  readonly places: readonly OperatorPlace[];
  readonly sealer: Sealer;
  readonly rules: OutboundRules;
  readonly ids: Pick<Ids, 'secret'>;
  readonly outbox: Pick<Outbox, 'replay' | 'nudge'>;
}

type EndpointChange = Partial<Body<WebhookSubscription>>;

const MOST_ENDPOINTS = 200;
const SHOWN_DELIVERIES = 20;
const HOUR_MS = 3_600_000;
const SECRET_BYTES = 32;
/** What cannot check a signature needs no secret. */
const unsigned: readonly EndpointKind[] = ['slack', 'discord', 'teams'];

export function createSending(parts: SendingParts): Sending {
  const { subscriptions, places, sealer, rules, ids, outbox } = parts;
  const of = (ctx: Ctx) => subscriptions.scoped(ctx.tenant);
  const placeOf = (id: string) => places.find(({ name }) => name === id);
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
    if (standing >= MOST_ENDPOINTS) throw tooManyEndpoints(standing);
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
      if (!present) throw unsignedEndpoint(current.host);
      return {
        secrets: [
          { sealed, until: null },
          { ...present, until },
        ],
      };
    });
    return { endpoint: await view(ctx, record), secret: currentSecret(ctx, record) ?? '' };
  }

  async function view(ctx: Ctx, { status, ...endpoint }: WebhookSubscription): Promise<EndpointView> {
    if (status === 'operator') throw unknownEndpoint(endpoint._id);
    return await viewOf(parts, ctx, { ...endpoint, status });
  }

  async function test(ctx: Ctx, id: string) {
    const place = placeOf(id);
    const event = eventOf('endpoint.tested', {
      endpoint: id,
      askedBy: ctx.actor.name,
      message: 'This is a test: events will arrive like this one.',
    });
    const destination = place ? operatorDestination(place.name) : endpointDestination(id);
    const item = { kind: 'send', destination, body: { kind: 'event', event } } as const;
    const decide = (current: WebhookSubscription): EndpointChange => {
      if (current.status !== 'active') throw disabledEndpoint(current.host);
      return {};
    };
    const tested = place
      ? testOperatorPlace(parts, ctx, place, item)
      : view(ctx, await change(ctx, id, decide, [item]));
    const shown = await tested;
    outbox.nudge();
    return shown;
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
    if (placeOf(id)) throw setByOperator(id);
    const { record } = await changeOnce(of(ctx), id, ctx.effectKey, (current) => {
      if (current.status === 'removed') throw removedEndpoint(id);
      if (current.status === 'operator') throw unknownEndpoint(id);
      const wanted = decide(current);
      if (!wanted) return null;
      const { address: _address, secrets, ...after } = wanted;
      const facts = { target: id, after: secrets ? { ...after, secrets: secrets.length } : after };
      return { change: wanted, trace: traceOf(ctx, facts, ...items) } satisfies Change<WebhookSubscription>;
    });
    return record;
  }

  async function find(ctx: Ctx, id: string): Promise<EndpointView> {
    const place = placeOf(id);
    if (place) return await operatorView(parts, ctx, place);
    const found = await of(ctx).get(id);
    if (!found || found.status === 'removed') throw unknownEndpoint(id);
    return await view(ctx, found);
  }

  return {
    list: async (ctx) => {
      const where = { status: { in: ['active', 'disabled'] } } as const;
      const found = await of(ctx).find({ where, sort: [['createdAt', -1]], limit: MOST_ENDPOINTS });
      return await Promise.all([
        ...found.map((endpoint) => view(ctx, endpoint)),
        ...places.map((place) => operatorView(parts, ctx, place)),
      ]);
    },
    show: async (ctx, id) => {
      const endpoint = await find(ctx, id);
      return { endpoint, deliveries: await deliveriesTo(parts, ctx, [endpoint], SHOWN_DELIVERIES) };
    },
    deliveries: (ctx, to, limit) => deliveriesTo(parts, ctx, to, limit),
    add,
    rotate,
    test,
    enable,
    disable,
    remove,
    replay: async (ctx, id, { item, since: from, until: to }) => {
      const known = await find(ctx, id);
      if (known.status === 'disabled') throw disabledEndpoint(known.host);
      const destination = destinationOf(known);
      if (item !== undefined) return await outbox.replay(ctx, { item, destination });
      return await outbox.replay(ctx, { destination, ...(from ? { from } : {}), ...(to ? { to } : {}) });
    },
  };
}
