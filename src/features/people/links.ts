// One-time sign-in links: the first owner's, which exists only while there is no owner, and those of people.
import type { Person } from '../../../models/person.ts';
import type { SignInLink } from '../../../models/sign-in-link.ts';
import { systemActor } from '../../core/actor.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { Body } from '../../core/store.ts';
import { DEFAULT_TENANT } from '../../core/tenant.ts';
import { traceOf } from '../../core/trace.ts';
import { createInvitations } from './invitation.ts';
import { ctxOf, derivedSecret, digestOfSecret, nameKeyOf, type PeopleParts } from './parts.ts';

const LINK_LASTS_MS = 24 * 3_600_000;

/** A link as it is handed out; the code is in it and nowhere else. */
export interface IssuedLink {
  readonly url: string;
  readonly expiresAt: Date;
}

export type Links = ReturnType<typeof createLinks>;

export function createLinks(parts: PeopleParts) {
  const { people, links, clock, ids, secretKey, publicUrl, zone } = parts;
  const codeOf = (id: string): string => derivedSecret(secretKey, 'link', id);
  const writeInvitation = createInvitations(parts);
  const shown = (link: Pick<SignInLink, '_id' | 'expiresAt'>): IssuedLink => ({
    url: `${publicUrl()}/login/${codeOf(link._id)}`,
    expiresAt: link.expiresAt,
  });

  function systemCtx(operation: string): Ctx {
    const requestId = ids.fresh('req');
    const principal = { tenant: DEFAULT_TENANT, actor: systemActor, zone, language: 'en' } as const;
    return ctxOf(principal, { operation, door: 'job', requestId, effectKey: requestId, now: clock.now() });
  }

  async function issue(
    ctx: Ctx,
    id: string,
    { purpose, person, mail }: { purpose: SignInLink['purpose']; person?: Person; mail?: string | undefined },
  ) {
    const expiresAt = new Date(ctx.now.getTime() + LINK_LASTS_MS);
    const personId = person?._id ?? null;
    const body = { digest: digestOfSecret(codeOf(id)), purpose, personId, expiresAt, spentAt: null };
    const mails = person && mail ? [writeInvitation(ctx, mail, person, shown({ _id: id, expiresAt }))] : [];
    const trace = traceOf(ctx, { target: id, after: { purpose, personId, expiresAt } }, ...mails);
    const { record } = await links.scoped(ctx.tenant).insertOnce(id, body, trace);
    return shown(record);
  }

  /**
   * A link for somebody on the team, once per effect. Whether it may be made is the caller's to judge.
   * @param mail the address that it is sent to as well.
   */
  function createLink(ctx: Ctx, person: Person, mail?: string): Promise<IssuedLink> {
    const id = derivedId('lnk', ctx.tenant, ctx.effectKey, person._id);
    return issue(ctx, id, { purpose: 'sign-in', person, mail });
  }

  async function owners(tenant: string): Promise<Person[]> {
    return await people.scoped(tenant).find({ where: { role: 'owner', status: 'active' }, limit: 2 });
  }

  /**
   * The first owner's link: the one that still stands, or a new one; null once there is an owner.
   * `renew` makes a new one and ends those before it.
   */
  async function ensureOwnerLink(options: { readonly renew?: boolean } = {}): Promise<IssuedLink | null> {
    const ctx = systemCtx('session.offer');
    if ((await owners(ctx.tenant)).length > 0) return null;
    const where = { purpose: 'first-owner', spentAt: null, expiresAt: { gt: ctx.now } } as const;
    const standing = await links.scoped(ctx.tenant).find({ where, sort: [['expiresAt', -1]], limit: 100 });
    const usable = standing.find((link) => link.digest === digestOfSecret(codeOf(link._id)));
    if (usable && !options.renew) return shown(usable);
    for (const link of standing) await spend(ctx, link);
    return await issue(ctx, ids.fresh('lnk'), { purpose: 'first-owner' });
  }

  /** @throws AppError `auth.link_spent` when somebody was faster. */
  async function spend(ctx: Ctx, link: SignInLink): Promise<void> {
    await changeOnce(links.scoped(link.tenant), link._id, ctx.effectKey, (current) => {
      if (current.spentAt) throw linkSpent();
      const change: Partial<Body<SignInLink>> = { spentAt: ctx.now };
      return { change, trace: traceOf(ctx, { target: link._id, after: { spentAt: ctx.now } }) };
    });
  }

  /** The link of a code while it can be used. @throws AppError `auth.link_spent` otherwise, whatever the cause. */
  async function linkOf(code: string, now: Date): Promise<SignInLink> {
    const digest = digestOfSecret(code);
    const [link] = await links.acrossTenants('sign-in').find({ where: { digest }, limit: 1 });
    if (!link || link.spentAt || link.expiresAt <= now) throw linkSpent();
    return link;
  }

  /** Whom the link lets in. The first owner comes to be here, at most one, before the link is spent. */
  async function personOf(link: SignInLink, now: Date, name: string): Promise<Person> {
    if (link.purpose === 'first-owner') return await firstOwner(link, now, name);
    const person = link.personId ? await people.scoped(link.tenant).get(link.personId) : null;
    if (person?.status !== 'active') throw linkSpent();
    return person;
  }

  async function firstOwner(link: SignInLink, now: Date, name: string): Promise<Person> {
    const id = derivedId('usr', link.tenant, 'first-owner');
    const effectKey = `first-owner:${link._id}`;
    const madeByThis = (person: Person): boolean => person.history[0]?.effectKey === effectKey;
    if ((await owners(link.tenant)).some((owner) => !madeByThis(owner))) throw linkSpent();
    const ctx = { ...systemCtx('session.start'), tenant: link.tenant, effectKey, now };
    const ranks = { role: 'owner', status: 'active', language: 'en' } as const;
    const body = { ...ranks, name, nameKey: nameKeyOf(name), zone, invitedBy: systemActor.id };
    const trace = traceOf(ctx, { target: id, after: { name, role: 'owner' } });
    const { record } = await people.scoped(link.tenant).insertOnce(id, body, trace);
    if (!madeByThis(record)) throw linkSpent();
    return record;
  }

  return { createLink, ensureOwnerLink, linkOf, personOf, spend };
}

function linkSpent(): AppError {
  return new AppError(
    'auth.link_spent',
    'This sign-in link was used before, has expired, or never was. Ask whoever invited you for a new one; ' +
      'the operator makes one with: npm run cli -- user link owner',
  );
}
