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
  /** Who acts on the events of that name. */
  sourceOf(name: string): WebhookSource<S>;
  /** Of an event that is in the inbox, also when its source was removed since. */
  senderOf(tenant: string, name: string): Promise<Sender<S>>;
}

export function createEndpoints<S>(parts: WebhookParts<S>, sealer: Sealer): Endpoints<S> {
  const { endpoints, added, environmentSecrets } = parts;
  const sources = new Map(parts.sources.map((source) => [source.name, source]));
  const sourceOf = (name: string): WebhookSource<S> => sources.get(name) ?? added;

  function targetOf(row: WebhookEndpoint, now: Date): Target<S> {
    const { _id: id, tenant, name, scheme, mapping = null } = row;
    const live = row.secrets.filter(({ endsAt }) => endsAt === null || endsAt > now);
    const secrets = live.flatMap(({ sealed }) => sealer.open(sealed, id) ?? []);
    return { tenant, name, scheme, secrets, mapping, source: sourceOf(name) };
  }

  async function find(name: string, id: string | undefined, now: Date): Promise<Target<S> | null> {
    if (!SOURCE_NAME.test(name)) return null;
    if (id !== undefined) {
      const [row] = await endpoints.acrossTenants('inbox').find({ where: { _id: id }, limit: 1 });
      return row?.name === name && !row.removedAt ? targetOf(row, now) : null;
    }
    const row = await endpoints.scoped(DEFAULT_TENANT).get(endpointId(DEFAULT_TENANT, name));
    if (row && !row.removedAt) return targetOf(row, now);
    const source = sources.get(name);
    if (!source) return null;
    const { scheme, secretVariable } = source;
    const secrets = environmentSecrets(secretVariable);
    return { tenant: DEFAULT_TENANT, name, scheme, source, secrets, mapping: null };
  }

  async function senderOf(tenant: string, name: string): Promise<Sender<S>> {
    const row = await endpoints.scoped(tenant).get(endpointId(tenant, name));
    const perMinute = row?.perMinute ?? PRESET_PER_MINUTE;
    return { source: sourceOf(name), mapping: row?.mapping ?? null, perMinute };
  }

  return { find, sourceOf, senderOf };
}
