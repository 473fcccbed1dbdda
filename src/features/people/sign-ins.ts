// Sessions as people see them: begun by a link, recognised at every request, listed and ended.
import type { SignIn } from '../../../models/sign-in.ts';
import type { Principal } from '../../core/actor.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { Body } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import type { Links } from './links.ts';
import { ctxOf, type PeopleParts, principalOfPerson } from './parts.ts';

const SESSION_LASTS_MS = 30 * 24 * 3_600_000;
const MOST_SESSIONS = 100;

/** What the door knows of somebody who opens a link. */
export interface Opening {
  readonly requestId: string;
  readonly browser: string;
  /** How the first owner wants to be called. */
  readonly ownerName?: string;
}

export function createSignIns(parts: PeopleParts, links: Links) {
  const { people, signIns, clock } = parts;

  /** What a link is for, without using it. @throws AppError `auth.link_spent`. */
  async function readLink(code: string): Promise<{ readonly firstOwner: boolean }> {
    const link = await links.linkOf(code, clock.now());
    return { firstOwner: link.purpose === 'first-owner' };
  }

  /** Uses a link up and begins a session. @throws AppError `auth.link_spent`. */
  async function consumeLink(
    code: string,
    opening: Opening,
  ): Promise<{ readonly principal: Principal; readonly signInId: string }> {
    const now = clock.now();
    const link = await links.linkOf(code, now);
    const person = await links.personOf(link, now, opening.ownerName ?? 'Owner');
    const principal = principalOfPerson(person);
    const { requestId } = opening;
    const call = { operation: 'session.start', door: 'page', requestId, effectKey: requestId, now } as const;
    const ctx = ctxOf(principal, call);
    await links.spend(ctx, link);
    const id = derivedId('ses', link.tenant, link._id);
    const browser = opening.browser.slice(0, 120);
    const body = {
      personId: person._id,
      browser,
      expiresAt: new Date(now.getTime() + SESSION_LASTS_MS),
      endedAt: null,
    };
    await signIns
      .scoped(link.tenant)
      .insertOnce(id, body, traceOf(ctx, { target: id, after: { personId: person._id, browser } }));
    return { principal, signInId: id };
  }

  /** The person as they stand now; null when they are not on the team, or no longer. */
  async function principalOf(personId: string): Promise<Principal | null> {
    const [person] = await people.acrossTenants('sign-in').find({ where: { _id: personId }, limit: 1 });
    return person?.status === 'active' ? principalOfPerson(person) : null;
  }

  /** Who is behind a session; null when it was ended, is too old, or its person left. */
  async function principalOfSession(signInId: string): Promise<Principal | null> {
    const [signIn] = await signIns.acrossTenants('sign-in').find({ where: { _id: signInId }, limit: 1 });
    if (!signIn || signIn.endedAt || signIn.expiresAt <= clock.now()) return null;
    return await principalOf(signIn.personId);
  }

  /** The open sessions of the one who asks, the newest first. */
  async function listSessions(ctx: Ctx): Promise<SignIn[]> {
    const where = { personId: ctx.actor.id, endedAt: null, expiresAt: { gt: ctx.now } };
    return await signIns.scoped(ctx.tenant).find({ where, sort: [['expiresAt', -1]], limit: MOST_SESSIONS });
  }

  /** Ends a session of one's own. @throws AppError `record.not_found` for another's. */
  async function endSession(ctx: Ctx, id: string): Promise<SignIn> {
    const sessions = signIns.scoped(ctx.tenant);
    const known = await sessions.get(id);
    if (known?.personId !== ctx.actor.id)
      throw new AppError('record.not_found', `You have no session “${id}”. This names yours: session list`, {
        inHindi: `“${id}” नाम का आपका कोई सत्र नहीं है। अपने सत्र देखने के लिए लिखें: session list`,
      });
    const { record } = await changeOnce(sessions, id, ctx.effectKey, (current) => {
      if (current.endedAt) return null;
      const change: Partial<Body<SignIn>> = { endedAt: ctx.now };
      return { change, trace: traceOf(ctx, { target: id, after: { endedAt: ctx.now } }) };
    });
    return record;
  }

  /** Ends the session that a browser signs out of. */
  async function signOut(principal: Principal, signInId: string, requestId: string): Promise<void> {
    const now = clock.now();
    const call = { operation: 'session.end', door: 'page', requestId, effectKey: requestId, now } as const;
    await endSession(ctxOf(principal, call), signInId);
  }

  return { readLink, consumeLink, principalOf, principalOfSession, listSessions, endSession, signOut };
}
