// Sessions of pages: a cookie named by how people reach us, an idle limit, and the person behind it at every request.
import { createHmac } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { Flash } from '../ui/frame.ts';
import type { WebParts } from './options.ts';
import { stateOf } from './request-state.ts';

const IDLE_MS = 7 * 24 * 3_600_000;
/** How stale the note of the last visit may be: it spares a write with every request. */
const SEEN_EVERY_MS = 60_000;

declare module 'express-session' {
  interface SessionData {
    signInId: string;
    /** Epoch milliseconds of the last visit. */
    seenAt: number;
    /** Shown with the next page. */
    flash: Flash;
  }
}

/** `__Host-` names and Secure need https; plain names without Secure work on loopback in every browser. */
export function cookieNames(https: boolean): { readonly session: string; readonly csrf: string } {
  return https ? { session: '__Host-sid', csrf: '__Host-csrf' } : { session: 'sid', csrf: 'csrf' };
}

/** A key of its own for each use, so that what one signs means nothing to another. */
export function keyFor(secretKey: string, use: 'session' | 'csrf'): string {
  return createHmac('sha256', secretKey).update(`web:${use}`).digest('base64url');
}

type Needs = Pick<WebParts, 'secretKey' | 'sessionStore' | 'ids'>;

export function sessionCookies({ secretKey, sessionStore, ids }: Needs, https: boolean): RequestHandler {
  return session({
    name: cookieNames(https).session,
    secret: keyFor(secretKey, 'session'),
    store: sessionStore,
    genid: () => ids.secret(),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: https, path: '/', maxAge: IDLE_MS },
  });
}

/** Puts the person behind the session into the request's state; a session that no longer holds is dropped. */
export function recogniseSession({ people, clock }: Pick<WebParts, 'people' | 'clock'>): RequestHandler {
  return async (req, _res, next) => {
    const { signInId, seenAt = 0 } = req.session;
    if (signInId === undefined) return next();
    const nowMs = clock.now().getTime();
    const principal = nowMs - seenAt > IDLE_MS ? null : await people.principalOfSession(signInId);
    if (principal) {
      Object.assign(stateOf(req), { principal, signInId });
      if (nowMs - seenAt > SEEN_EVERY_MS) req.session.seenAt = nowMs;
    } else await newSession(req);
    next();
  };
}

/** A session id that nobody knew before, with nothing in it. */
export function newSession(req: Request): Promise<void> {
  return settled((done) => req.session.regenerate(done));
}

export function saveSession(req: Request): Promise<void> {
  return settled((done) => req.session.save(done));
}

export function endSession(req: Request): Promise<void> {
  return settled((done) => req.session.destroy(done));
}

function settled(start: (done: (error: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}
