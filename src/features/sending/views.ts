// What staff see of endpoints: how each one stands, and what was last sent there, without anything secret.
import { breakerOf, type EndpointHealth, healthy } from '../../../models/endpoint-health.ts';
import type { OutboxRow, RowStatus } from '../../../models/outbox-row.ts';
import {
  type EndpointKind,
  endpointDestination,
  kindOf,
  type WebhookSubscription,
} from '../../../models/webhook-subscription.ts';
import type { Ctx } from '../../core/context.ts';
import type { RecordCollection } from '../../core/store.ts';

/** An endpoint with its health, and without anything secret. */
export interface EndpointView {
  readonly id: string;
  /** `operator`: its address stands in the environment; it is sent what is meant for it and subscribes to nothing. */
  readonly setBy: 'staff' | 'operator';
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

/** One event on its way to one endpoint. */
export interface DeliveryView {
  /** Of its row in the outbox. */
  readonly id: string;
  readonly endpoint: string;
  readonly event: string;
  readonly status: RowStatus;
  readonly attempts: number;
  readonly at: Date;
  readonly sentAt: Date | null;
  readonly problem: string | null;
}

/** A place that the operator named; see src/operator-hooks.ts. */
export interface OperatorPlace {
  readonly name: string;
  readonly kind: EndpointKind;
  readonly variable: string;
  readonly url: string;
}

export interface ViewParts {
  readonly health: RecordCollection<EndpointHealth>;
  readonly rows: RecordCollection<OutboxRow>;
}

export const operatorDestination = (name: string): string => `hook:${name}`;

export async function viewOf(
  parts: ViewParts,
  ctx: Ctx,
  endpoint: WebhookSubscription & { readonly status: EndpointView['status'] },
): Promise<EndpointView> {
  const { _id: id, kind, host, description, events, status, reason, secrets } = endpoint;
  const state = (await parts.health.scoped(ctx.tenant).get(id)) ?? healthy;
  const previous = secrets.find(({ until }) => until !== null && until > ctx.now);
  return {
    id,
    setBy: 'staff',
    kind: kindOf(kind),
    host,
    description,
    events,
    status,
    reason,
    breaker: breakerOf(state, ctx.now),
    failingSince: state.failingSince,
    problem: state.problem,
    ...(await trafficOf(parts, ctx, endpointDestination(id))),
    rotatingUntil: previous?.until ?? null,
  };
}

/** Its health is that of its last deliveries: the breaker is for addresses that staff set. */
export async function operatorView(parts: ViewParts, ctx: Ctx, place: OperatorPlace): Promise<EndpointView> {
  const { name, kind, variable, url } = place;
  const destination = operatorDestination(name);
  const [waiting] = await parts.rows
    .scoped(ctx.tenant)
    .find({ where: { destination, status: 'waiting' }, sort: [['at', 1]], limit: 1 });
  const failing = waiting && waiting.attempts > 0 ? waiting : null;
  return {
    id: name,
    setBy: 'operator',
    kind,
    host: new URL(url).host,
    description: variable,
    events: [],
    status: 'active',
    reason: null,
    breaker: 'closed',
    failingSince: failing?.at ?? null,
    problem: failing?.problem ?? null,
    ...(await trafficOf(parts, ctx, destination)),
    rotatingUntil: null,
  };
}

async function trafficOf({ rows }: ViewParts, ctx: Ctx, destination: string) {
  const scoped = rows.scoped(ctx.tenant);
  const [last] = await scoped.find({ where: { destination, status: 'sent' }, sort: [['at', -1]], limit: 1 });
  return {
    waiting: await scoped.count({ destination, status: 'waiting' }),
    dead: await scoped.count({ destination, status: 'dead' }),
    lastSentAt: last?.sentAt ?? null,
  };
}

/** The last deliveries to these endpoints, the newest first, of each state at most `limit`. */
export async function deliveriesTo(
  { rows }: ViewParts,
  ctx: Ctx,
  endpoints: readonly Pick<EndpointView, 'id' | 'setBy'>[],
  limit: number,
): Promise<readonly DeliveryView[]> {
  const idOf = new Map(endpoints.map((endpoint) => [destinationOf(endpoint), endpoint.id]));
  const found = await rows.scoped(ctx.tenant).find({
    where: { destination: { in: [...idOf.keys()] } },
    sort: [['at', -1]],
    limit,
  });
  return found.map(({ _id: id, destination, body, status, attempts, at, sentAt, problem }) => ({
    id,
    endpoint: idOf.get(destination) ?? destination,
    event: body.kind === 'event' ? body.event.type : 'message',
    status,
    attempts,
    at,
    sentAt,
    problem,
  }));
}

export const destinationOf = ({ id, setBy }: Pick<EndpointView, 'id' | 'setBy'>): string =>
  setBy === 'operator' ? operatorDestination(id) : endpointDestination(id);
