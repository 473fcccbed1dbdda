// Signing in by link and signing out: where it is safe, from our own page, with a session id that nobody knew.
import type { Request } from 'express';
import { AppError } from '../core/errors.ts';
import { formLimitOf, readForm } from './body.ts';
import { isLoopbackName, isOnLoopback } from './caller-address.ts';
import type { FormGuard } from './form-guard.ts';
import type { Frames } from './frames.ts';
import { readGuardedForm } from './operation-forms.ts';
import type { WebParts } from './options.ts';
import { sendPage } from './page-host.ts';
import type { RateLimiters } from './rate-limits.ts';
import { callerOf, stateOf } from './request-state.ts';
import type { Routes } from './routes.ts';
import { cookieNames, endSession, newSession, saveSession } from './sessions.ts';
import { linkPage, signInPage } from './sign-in-pages.tsx';

const MAX_NAME_LENGTH = 80;

interface Parts extends Pick<WebParts, 'people' | 'clock'> {
  readonly guard: FormGuard;
  readonly frames: Frames;
  readonly limiters: RateLimiters;
  readonly publicUrl: () => string;
}

export function addSignIn(routes: Routes, parts: Parts): void {
  const { people, clock, guard, frames, limiters, publicUrl } = parts;
  const https = publicUrl().startsWith('https:');

  routes.add('GET', '/admin/login', (req, res) => {
    if (stateOf(req).principal) return res.redirect(303, '/admin');
    sendPage(res, signInPage(frames.plain(req, res)));
  });

  routes.add('GET', '/login/:code', limiters.signIn, async (req, res) => {
    assertSafe(req, publicUrl());
    const code = String(req.params['code']);
    const { firstOwner } = await people.readLink(code);
    sendPage(res, linkPage({ ...frames.plain(req, res), person: null, menu: [] }, code, firstOwner));
  });

  routes.add('POST', '/login/:code', limiters.signIn, async (req, res) => {
    assertSafe(req, publicUrl());
    guard.checkOrigin(req);
    const { name } = await readForm(req, res, formLimitOf(undefined));
    const { principal, signInId } = await people.consumeLink(String(req.params['code']), {
      requestId: stateOf(req).requestId,
      browser: req.get('User-Agent') ?? '',
      ...ownerName(name),
    });
    stateOf(req).principal = principal;
    await newSession(req);
    Object.assign(req.session, { signInId, seenAt: clock.now().getTime() });
    await saveSession(req);
    res.redirect(303, '/admin');
  });

  routes.add('POST', '/admin/logout', async (req, res) => {
    await readGuardedForm(req, res, guard);
    const { requestId, signInId } = stateOf(req);
    if (signInId) await people.signOut(callerOf(req), signInId, requestId);
    await endSession(req);
    for (const cookie of Object.values(cookieNames(https)))
      res.clearCookie(cookie, { path: '/', httpOnly: true, sameSite: 'lax', secure: https });
    res.redirect(303, '/admin/login');
  });
}

function ownerName(name: unknown): { readonly ownerName?: string } {
  const given = typeof name === 'string' ? name.trim().slice(0, MAX_NAME_LENGTH) : '';
  return given === '' ? {} : { ownerName: given };
}

/** @throws AppError `auth.insecure` where a code or cookie would travel in the clear. */
function assertSafe(req: Request, publicUrl: string): void {
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'https:' && !req.secure)
    throw new AppError(
      'auth.insecure',
      `Sign in at ${publicUrl}. If you did, the proxy in front is not trusted: set TRUST_PROXY, such as TRUST_PROXY=1.`,
    );
  if (protocol !== 'https:' && !(isLoopbackName(hostname) && isOnLoopback(req)))
    throw new AppError(
      'auth.insecure',
      'Over plain http one signs in at the machine itself only. Put a proxy with https in front, ' +
        'and set PUBLIC_URL=https://… and TRUST_PROXY.',
    );
}
