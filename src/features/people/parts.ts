// What the rules of people are made of: the four collections, time, ids and the key that codes derive from.
import { createHash, createHmac } from 'node:crypto';
import type { ApiToken } from '../../../models/api-token.ts';
import type { Person } from '../../../models/person.ts';
import type { SignIn } from '../../../models/sign-in.ts';
import type { SignInLink } from '../../../models/sign-in-link.ts';
import type { Actor, Principal } from '../../core/actor.ts';
import type { Clock } from '../../core/clock.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import { type Role, roles } from '../../core/permissions.ts';
import type { FactCollection } from '../../core/store.ts';

export interface PeopleParts {
  readonly people: FactCollection<Person>;
  readonly links: FactCollection<SignInLink>;
  readonly tokens: FactCollection<ApiToken>;
  readonly signIns: FactCollection<SignIn>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Codes and tokens derive from it, so that repeating an effect shows the same one and none is stored. */
  readonly secretKey: string;
  /** Where sign-in links lead, without a slash at the end; asked each time, as a free port is known late. */
  readonly publicUrl: () => string;
  /** The zone of new people and of service accounts. */
  readonly zone: string;
}

/** SHA-256 in hex: what is stored of a code or token, and what it is looked up by. */
export function digestOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** 32 bytes in base64url that only a holder of the secret key can compute for this id. */
export function derivedSecret(secretKey: string, purpose: 'link' | 'token', id: string): string {
  return createHmac('sha256', secretKey).update(`${purpose}:${id}`).digest('base64url');
}

export const nameKeyOf = (name: string): string => name.trim().replace(/\s+/g, ' ').toLowerCase();

export const outranks = (one: Role, other: Role): boolean => roles.indexOf(one) > roles.indexOf(other);

/** @throws AppError `permission.denied` when the role is above that of the one who grants it. */
export function assertMayGrant(actor: Actor, role: Role): void {
  if (!outranks(role, actor.role)) return;
  throw new AppError(
    'permission.denied',
    `Your role is ${actor.role}: you cannot grant ${role}, which is above it. An ${role} can.`,
    {
      inHindi: `आपकी भूमिका ${actor.role} है: आप उससे ऊपर की भूमिका ${role} नहीं दे सकते। यह कोई ${role} कर सकता है।`,
    },
  );
}

/** @throws AppError `permission.denied` when the other stands above the one who acts. */
export function assertMayManage(actor: Actor, other: { readonly name: string; readonly role: Role }): void {
  if (!outranks(other.role, actor.role)) return;
  throw new AppError(
    'permission.denied',
    `${other.name} is ${other.role}, which is above your role, ${actor.role}. An ${other.role} can do this.`,
    {
      inHindi: `${other.name} की भूमिका ${other.role} है, जो आपकी भूमिका ${actor.role} से ऊपर है। यह कोई ${other.role} कर सकता है।`,
    },
  );
}

export function principalOfPerson(person: Person): Principal {
  const { _id: id, name, role, tenant, zone, language } = person;
  return { tenant, zone, language, actor: { kind: 'person', id, name, role } };
}

/** The person who calls. @throws AppError `permission.denied` for tokens, the operator and strangers. */
export function personIn({ actor }: Pick<Ctx, 'actor'>): string {
  if (actor.kind === 'person') return actor.id;
  throw new AppError('permission.denied', 'This is for people: sign in as yourself first.', {
    inHindi: 'यह लोगों के लिए है: पहले अपने नाम से साइन इन करें।',
  });
}

/** The context of what people's own machinery does: a sign-in, or the first owner's link. */
export function ctxOf(
  principal: Principal,
  call: Pick<Ctx, 'operation' | 'door' | 'effectKey' | 'requestId' | 'now'>,
): Ctx {
  return { ...principal, ...call };
}
