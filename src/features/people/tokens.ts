// API tokens: made for oneself or for a service, shown once, recognised by digest, revoked.
import type { ApiToken } from '../../../models/api-token.ts';
import type { Person } from '../../../models/person.ts';
import type { Principal } from '../../core/actor.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { Role } from '../../core/permissions.ts';
import { invalidInput } from '../../core/problems.ts';
import type { Body, Facts } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import { assertMayGrant, assertMayManage, derivedSecret, digestOfSecret, type PeopleParts } from './parts.ts';
import { isSelf, type Team } from './team.ts';

const DAY_MS = 86_400_000;
const MOST_TOKENS = 500;
const TOKEN_FORM = /^wr_[A-Za-z0-9_-]{43}$/;

export interface TokenWish {
  readonly user?: string | undefined;
  readonly role?: Role | undefined;
  readonly name?: string | undefined;
  readonly days: number;
}

export function createTokens(
  parts: PeopleParts,
  team: Team,
  principalOf: (personId: string) => Promise<Principal | null>,
) {
  const { tokens, clock, secretKey, zone } = parts;
  const of = (ctx: Ctx): Facts<ApiToken> => tokens.scoped(ctx.tenant);

  /** Makes a token. The same effect again shows the same one. */
  async function createToken(ctx: Ctx, wish: TokenWish): Promise<{ text: string; token: ApiToken }> {
    const holder = await holderOf(ctx, wish);
    const id = derivedId('tok', ctx.tenant, ctx.effectKey);
    const text = `wr_${derivedSecret(secretKey, 'token', id)}`;
    const expiresAt = new Date(ctx.now.getTime() + wish.days * DAY_MS);
    const body = {
      ...holder,
      digest: digestOfSecret(text),
      createdBy: ctx.actor.id,
      expiresAt,
      revokedAt: null,
    };
    const after = { ...holder, expiresAt };
    const { record } = await of(ctx).insertOnce(id, body, traceOf(ctx, { target: id, after }));
    return { text, token: record };
  }

  async function holderOf(ctx: Ctx, { user, role, name }: TokenWish) {
    if (user && role) throw wrongWish('role', 'cannot be given with user: a person’s token has their role');
    if (role) {
      assertMayGrant(ctx.actor, role);
      return { kind: 'service', personId: null, role, name: name ?? `${role} service` } as const;
    }
    const who = user ?? (ctx.actor.kind === 'person' ? 'me' : undefined);
    if (!who)
      throw wrongWish('user', 'or role is missing: say whose token it is, or which role a service gets');
    const person = await team.locate(ctx, who);
    assertMayActAs(ctx, person);
    return { kind: 'person', personId: person._id, role: null, name: name ?? person.name } as const;
  }

  /** Every token that still works, the one that lasts longest first. */
  async function listTokens(ctx: Ctx): Promise<ApiToken[]> {
    const where = { revokedAt: null, expiresAt: { gt: ctx.now } };
    return await of(ctx).find({ where, sort: [['expiresAt', -1]], limit: MOST_TOKENS });
  }

  /** Ends a token at once. @throws AppError `permission.denied` when its holder stands above the one who asks. */
  async function revokeToken(ctx: Ctx, id: string): Promise<ApiToken> {
    const known = await of(ctx).get(id);
    if (!known)
      throw new AppError('record.not_found', `There is no token “${id}”. This names them: token list`, {
        inHindi: `“${id}” नाम का कोई टोकन नहीं है। सभी टोकन देखने के लिए लिखें: token list`,
      });
    const role = known.role ?? (await principalOf(known.personId ?? ''))?.actor.role;
    if (role) assertMayManage(ctx.actor, { name: known.name, role });
    const { record } = await changeOnce(of(ctx), id, ctx.effectKey, (current) => {
      if (current.revokedAt) return null;
      const change: Partial<Body<ApiToken>> = { revokedAt: ctx.now };
      return { change, trace: traceOf(ctx, { target: id, after: { revokedAt: ctx.now } }) };
    });
    return record;
  }

  /** Who a bearer token stands for; null when it is unknown, expired or revoked, or its person left. */
  async function authenticateToken(text: string): Promise<Principal | null> {
    if (!TOKEN_FORM.test(text)) return null;
    const digest = digestOfSecret(text);
    const [token] = await tokens.acrossTenants('sign-in').find({ where: { digest }, limit: 1 });
    if (!token || token.revokedAt || token.expiresAt <= clock.now()) return null;
    const { _id: id, name, role, tenant } = token;
    if (token.personId) return await principalOf(token.personId);
    return role ? { tenant, zone, language: 'en', actor: { kind: 'service', id, name, role } } : null;
  }

  return { createToken, listTokens, revokeToken, authenticateToken };
}

/**
 * A token or link of somebody else would let its maker act, and approve, in their name: only the operator at
 * the machine may make one.
 */
export function assertMayActAs(ctx: Ctx, person: Person): void {
  if (ctx.actor.kind === 'cli' || isSelf(ctx.actor, person)) return;
  throw new AppError(
    'permission.denied',
    `Only ${person.name} can get this, or the operator at the machine: it acts in their name. ` +
      'For a service, give a role instead of a person.',
  );
}

function wrongWish(field: 'user' | 'role', problem: string): AppError {
  return invalidInput([{ field, problem }], 'token create --role viewer --name dashboards');
}
