// Sources that staff set up: adding one, and giving it a new secret while the old one still counts for a while.
import type { WebhookEndpoint } from '../../../models/webhook-endpoint.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { invalidInput } from '../../core/problems.ts';
import { DEFAULT_TENANT } from '../../core/tenant.ts';
import { traceOf } from '../../core/trace.ts';
import type { WebhookScheme } from '../../core/webhook-source.ts';
import { endpointId, SOURCE_NAME, type WebhookParts } from './parts.ts';
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
}

/** Where a sender posts to. */
export function pathOf(tenant: string, name: string): string {
  return tenant === DEFAULT_TENANT ? `/webhooks/${name}` : `/webhooks/${name}/${endpointId(tenant, name)}`;
}

export function createSetup<S>(parts: WebhookParts<S>, sealer: Sealer): Setup {
  const { endpoints, sources, secretKey } = parts;

  async function add(ctx: Ctx, wish: Parameters<Setup['add']>[1]): Promise<SetUp> {
    const { name, scheme } = wish;
    judgeName(name, scheme);
    const id = endpointId(ctx.tenant, name);
    const secret = secretFor(ctx, id, scheme, wish.secret);
    const sealed = sealer.seal(secret, id);
    const { record } = await endpoints
      .scoped(ctx.tenant)
      .insertOnce(
        id,
        { name, scheme, secrets: [{ sealed, endsAt: null }], createdBy: ctx.actor.id },
        traceOf(ctx, { target: id, after: { name, scheme } }),
      );
    if (record.history[0]?.effectKey === ctx.effectKey) return shown(record, wish.secret, secret);
    const problem = `There is a source “${name}” already. This gives it another secret: webhook rotate ${name}`;
    throw new AppError('record.conflict', problem);
  }

  async function rotate(ctx: Ctx, wish: Parameters<Setup['rotate']>[1]): Promise<SetUp> {
    const { name, hours } = wish;
    const id = endpointId(ctx.tenant, name);
    const scoped = endpoints.scoped(ctx.tenant);
    const known = await scoped.get(id);
    if (!known) throw notSetUp(name);
    const secret = secretFor(ctx, id, known.scheme, wish.secret);
    const sealed = sealer.seal(secret, id);
    const endsAt = new Date(ctx.now.getTime() + hours * HOUR_MS);
    const { record } = await changeOnce(scoped, id, ctx.effectKey, ({ secrets: [newest] }) => {
      const old = newest && hours > 0 ? [{ sealed: newest.sealed, endsAt }] : [];
      const after = { oldSecretEndsAt: hours > 0 ? endsAt : ctx.now };
      const change = { secrets: [{ sealed, endsAt: null }, ...old] };
      return { change, trace: traceOf(ctx, { target: id, after }) };
    });
    return shown(record, wish.secret, secret);
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
    if (!source)
      return new AppError('record.not_found', `There is no source “${name}”. This lists them: webhook list`);
    const { scheme, secretVariable } = source;
    return new AppError(
      'record.conflict',
      `The secret of “${name}” is in ${secretVariable}, which may hold two, the newer first. ` +
        `This sets one here, where it wins: webhook add ${name} --scheme ${scheme}`,
    );
  }

  return { add, rotate };
}
