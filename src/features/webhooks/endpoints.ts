// Finds who may deliver at an address: tenant, scheme and live secrets, from the database first, then the environment.
import type { WebhookEndpoint, WebhookMapping } from '../../../models/webhook-endpoint.ts';
import { DEFAULT_TENANT } from '../../core/tenant.ts';
import type { WebhookScheme, WebhookSource } from '../../core/webhook-source.ts';
import { PRESET_PER_MINUTE } from './pace.ts';
import { endpointId, SOURCE_NAME, type WebhookParts } from './parts.ts';
import type { Sealer } from './sealing.ts';

/** One address, as it stands at this moment. */
export interface Target<S> {
  readonly tenant: string;
  readonly name: string;
  readonly scheme: WebhookScheme;
  /** Those that are live, the newest first; none means that nothing is taken. */
  readonly secrets: readonly string[];
  readonly source: WebhookSource<S>;
  /** How its bodies are read, where they are of a foreign shape. */
  readonly mapping: WebhookMapping | null;
}

/** What the worker must know of whoever sent an event. */
export interface Sender<S> {
  readonly source: WebhookSource<S>;
  readonly mapping: WebhookMapping | null;
  readonly perMinute: number;
}

export interface Endpoints<S> {
  /** What answers at `/webhooks/<name>` or `/webhooks/<name>/<id>`; null when nothing does. */
  find(name: string, id: string | undefined, now: Date): Promise<Target<S> | null>;
  /** The same as it was found within the last second; null when it was not. Ask `find` before refusing by it. */
  recent(name: string, id: string | undefined, now: Date): Target<S> | null;
  /** What was found lately no longer holds: staff changed something. */
  forgetRecent(): void;
  /** Who acts on the events of that name. */
  sourceOf(name: string): WebhookSource<S>;
  /** Of an event that is in the inbox, also when its source was removed since. */
  senderOf(tenant: string, name: string): Promise<Sender<S>>;
}

/**
 * How long an address is remembered: a read for every delivery would double its cost. What another process adds or
 * rotates counts at once all the same, since nothing is refused by memory; a secret it ends is taken that much longer.
 */
const RECENT_MS = 1_000;
const MOST_RECENT = 1_000;

export function createEndpoints<S>(parts: WebhookParts<S>, sealer: Sealer): Endpoints<S> {
  const { endpoints, added, environmentSecrets, clock } = parts;
  const sources = new Map(parts.sources.map((source) => [source.name, source]));
  const sourceOf = (name: string): WebhookSource<S> => sources.get(name) ?? added;

  function targetOf(row: WebhookEndpoint, now: Date): Target<S> {
    const { _id: id, tenant, name, scheme, mapping = null } = row;
    const live = row.secrets.filter(({ endsAt }) => endsAt === null || endsAt > now);
    const secrets = live.flatMap(({ sealed }) => sealer.open(sealed, id) ?? []);
    return { tenant, name, scheme, secrets, mapping, source: sourceOf(name) };
  }

  const found = new Map<string, { readonly row: WebhookEndpoint | null; readonly untilMs: number }>();
  const keyOf = (name: string, id: string | undefined): string => `${name}/${id ?? ''}`;

  async function find(name: string, id: string | undefined, now: Date): Promise<Target<S> | null> {
    if (!SOURCE_NAME.test(name)) return null;
    const row = await rowOf(name, id);
    if (found.size >= MOST_RECENT) found.clear();
    found.set(keyOf(name, id), { row, untilMs: clock.monotonicMs() + RECENT_MS });
    return answering(name, id, row, now);
  }

  function recent(name: string, id: string | undefined, now: Date): Target<S> | null {
    const known = found.get(keyOf(name, id));
    return known && known.untilMs > clock.monotonicMs() ? answering(name, id, known.row, now) : null;
  }

  async function rowOf(name: string, id: string | undefined): Promise<WebhookEndpoint | null> {
    if (id === undefined) return await endpoints.scoped(DEFAULT_TENANT).get(endpointId(DEFAULT_TENANT, name));
    const [row] = await endpoints.acrossTenants('inbox').find({ where: { _id: id }, limit: 1 });
    return row ?? null;
  }

  function answering(
    name: string,
    id: string | undefined,
    row: WebhookEndpoint | null,
    now: Date,
  ): Target<S> | null {
    if (row?.name === name && !row.removedAt) return targetOf(row, now);
    const source = sources.get(name);
    if (id !== undefined || !source) return null;
    const { scheme, secretVariable } = source;
    const secrets = environmentSecrets(secretVariable);
    return { tenant: DEFAULT_TENANT, name, scheme, source, secrets, mapping: null };
  }

  async function senderOf(tenant: string, name: string): Promise<Sender<S>> {
    const row = await endpoints.scoped(tenant).get(endpointId(tenant, name));
    const perMinute = row?.perMinute ?? PRESET_PER_MINUTE;
    return { source: sourceOf(name), mapping: row?.mapping ?? null, perMinute };
  }

  return { find, recent, forgetRecent: () => found.clear(), sourceOf, senderOf };
}
