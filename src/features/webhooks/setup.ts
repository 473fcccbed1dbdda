// Sources that staff set up: adding one, and giving it a new secret while the old one still counts for a while.
import type { WebhookEndpoint } from '../../../models/webhook-endpoint.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { fieldsOf } from '../../core/fields.ts';
import { invalidInput } from '../../core/problems.ts';
import type { Body } from '../../core/store.ts';
import { DEFAULT_TENANT } from '../../core/tenant.ts';
import { traceOf } from '../../core/trace.ts';
import type { WebhookScheme } from '../../core/webhook-source.ts';
import { readMapping } from './mapping.ts';
import { endpointId, SOURCE_NAME, type WebhookParts } from './parts.ts';
import { sourceOfOwnShape, sourceTaken, unknownSource } from './refusals.ts';
import type { Sealer } from './sealing.ts';
import { judgeSecret, madeSecret } from './secrets.ts';

const HOUR_MS = 3_600_000;
const RESERVED = ['generic', 'unknown'];

export interface SetUp {
  readonly endpoint: WebhookEndpoint;
  /** Shown this once; null when the sender gave it. */
  readonly secret: string | null;
}

export interface Setup {
  /** @throws AppError `record.conflict` when the name is taken, `input.invalid`. */
  add(
    ctx: Ctx,
    wish: { readonly name: string; readonly scheme: WebhookScheme; readonly secret?: string | undefined },
  ): Promise<SetUp>;
  /** @param wish.hours how long the old secret is still taken; 0 ends it at once. */
  rotate(
    ctx: Ctx,
    wish: { readonly name: string; readonly secret?: string | undefined; readonly hours: number },
  ): Promise<SetUp>;
  /** Says how bodies of a foreign shape are read. @throws AppError `input.invalid`, `record.not_found` */
  map(ctx: Ctx, name: string, wish: MappingWish): Promise<WebhookEndpoint>;
  /** Takes the mapping away: events are of our own shape again. */
  unmap(ctx: Ctx, name: string): Promise<WebhookEndpoint>;
  /** Sets how many of its events are worked on in a minute. */
  limit(ctx: Ctx, name: string, perMinute: number): Promise<WebhookEndpoint>;
  /** Takes nothing from it any more and forgets its secrets; what it brought stays. */
  remove(ctx: Ctx, name: string): Promise<WebhookEndpoint>;
}

export type MappingWish = Parameters<typeof readMapping>[0];

/** Where a sender posts to. */
export function pathOf(tenant: string, name: string): string {
  return tenant === DEFAULT_TENANT ? `/webhooks/${name}` : `/webhooks/${name}/${endpointId(tenant, name)}`;
}

const MAPPING_EXAMPLE =
  'webhook map status-page events --field key=incident.id --field title=incident.name --field type=status ' +
  '--word investigating=incident.opened --word resolved=incident.resolved';

const wasDoneBy = ({ effectKey }: Ctx, { history }: WebhookEndpoint): boolean =>
  history.some((entry) => entry.effectKey === effectKey);

/** @param changed called after every change, so that nothing is taken by what was before it. */
export function createSetup<S>(parts: WebhookParts<S>, sealer: Sealer, changed: () => void): Setup {
  const { endpoints, sources, targets, secretKey } = parts;

  async function add(ctx: Ctx, wish: Parameters<Setup['add']>[1]): Promise<SetUp> {
    const { name, scheme } = wish;
    judgeName(name, scheme);
    const id = endpointId(ctx.tenant, name);
    const secret = secretFor(ctx, id, scheme, wish.secret);
    const sealed = sealer.seal(secret, id);
    const scoped = endpoints.scoped(ctx.tenant);
    const fresh = { name, scheme, secrets: [{ sealed, endsAt: null }], createdBy: ctx.actor.id };
    const body = { ...fresh, mapping: null, perMinute: null, removedAt: null };
    const trace = traceOf(ctx, { target: id, after: { name, scheme } });
    const { record } = await scoped.insertOnce(id, body, trace);
    if (wasDoneBy(ctx, record)) return shown(record, wish.secret, secret);
    if (record.removedAt) {
      const again = await changeOnce(scoped, id, ctx.effectKey, (known) =>
        known.removedAt ? { change: body, trace } : null,
      );
      if (wasDoneBy(ctx, again.record)) return shown(again.record, wish.secret, secret);
    }
    throw sourceTaken(name);
  }

  async function rotate(ctx: Ctx, wish: Parameters<Setup['rotate']>[1]): Promise<SetUp> {
    const { name, hours } = wish;
    const id = endpointId(ctx.tenant, name);
    const scoped = endpoints.scoped(ctx.tenant);
    const known = await scoped.get(id);
    if (!known || known.removedAt) throw notSetUp(name);
    const secret = secretFor(ctx, id, known.scheme, wish.secret);
    const sealed = sealer.seal(secret, id);
    const endsAt = new Date(ctx.now.getTime() + hours * HOUR_MS);
    const { record } = await changeOnce(scoped, id, ctx.effectKey, ({ removedAt, secrets: [newest] }) => {
      if (removedAt) throw notSetUp(name);
      const old = newest && hours > 0 ? [{ sealed: newest.sealed, endsAt }] : [];
      const after = { oldSecretEndsAt: hours > 0 ? endsAt : ctx.now };
      const change = { secrets: [{ sealed, endsAt: null }, ...old] };
      return { change, trace: traceOf(ctx, { target: id, after }) };
    });
    return shown(record, wish.secret, secret);
  }

  async function change(
    ctx: Ctx,
    name: string,
    wanted: Partial<Body<WebhookEndpoint>>,
    after: Readonly<Record<string, unknown>>,
  ): Promise<WebhookEndpoint> {
    const id = endpointId(ctx.tenant, name);
    const scoped = endpoints.scoped(ctx.tenant);
    if (!(await scoped.get(id))) throw notSetUp(name);
    const { record } = await changeOnce(scoped, id, ctx.effectKey, ({ removedAt }) => {
      if (removedAt) throw notSetUp(name);
      return { change: wanted, trace: traceOf(ctx, { target: id, after }) };
    });
    return record;
  }

  async function map(ctx: Ctx, name: string, wish: MappingWish): Promise<WebhookEndpoint> {
    if (sources.some((source) => source.name === name)) throw sourceOfOwnShape(name);
    const target = targets.find(({ name: known }) => known === wish.to);
    if (!target) {
      const problem = `“${wish.to}” is none of ${targets.map(({ name: known }) => known).join(', ')}`;
      throw invalidInput([{ field: 'to', problem, example: 'events' }]);
    }
    const read = readMapping(wish, fieldsOf(target.fields));
    if (!('to' in read)) throw invalidInput(read, MAPPING_EXAMPLE);
    return await change(ctx, name, { mapping: read }, { mapping: read });
  }

  function secretFor(ctx: Ctx, id: string, scheme: WebhookScheme, given: string | undefined): string {
    if (given === undefined) return madeSecret(secretKey, scheme, id, ctx.effectKey);
    judgeSecret(scheme, given);
    return given;
  }

  const shown = (endpoint: WebhookEndpoint, given: string | undefined, secret: string): SetUp => ({
    endpoint,
    secret: given === undefined ? secret : null,
  });

  /** @throws AppError `input.invalid` */
  function judgeName(name: string, scheme: WebhookScheme): void {
    const source = sources.find((known) => known.name === name);
    if (!SOURCE_NAME.test(name) || RESERVED.includes(name)) {
      const problem = `“${name}” is no name: 2 to 40 of a–z, 0–9 and -, beginning with a letter`;
      throw invalidInput([{ field: 'name', problem, example: 'status-page' }]);
    }
    if (source && source.scheme !== scheme) {
      const problem = `“${scheme}” is not how ${name} signs; that is ${source.scheme}`;
      throw invalidInput([{ field: 'scheme', problem, example: source.scheme }]);
    }
  }

  function notSetUp(name: string): AppError {
    const source = sources.find((known) => known.name === name);
    if (!source) return unknownSource(name);
    const { scheme, secretVariable } = source;
    return new AppError(
      'record.conflict',
      `The secret of “${name}” is in ${secretVariable}, which may hold two, the newer first. ` +
        `This sets one here, where it wins: webhook add ${name} --scheme ${scheme}`,
    );
  }

  const unmap = (ctx: Ctx, name: string) => change(ctx, name, { mapping: null }, { mapping: null });
  const limit = (ctx: Ctx, name: string, perMinute: number) =>
    change(ctx, name, { perMinute }, { perMinute });
  const remove = (ctx: Ctx, name: string) =>
    change(
      ctx,
      name,
      { removedAt: ctx.now, secrets: [], mapping: null, perMinute: null },
      { removedAt: ctx.now },
    );

  function noticed<A extends readonly unknown[], R>(work: (...given: A) => Promise<R>) {
    return (...given: A): Promise<R> => work(...given).finally(changed);
  }

  return {
    add: noticed(add),
    rotate: noticed(rotate),
    map: noticed(map),
    unmap: noticed(unmap),
    limit: noticed(limit),
    remove: noticed(remove),
  };
}
