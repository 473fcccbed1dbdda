// What keeps other sites from posting in a person's name: the origin of the request, and a token of the session.
import { doubleCsrf } from 'csrf-csrf';
import type { Request, Response } from 'express';
import { AppError } from '../core/errors.ts';
import { isRecord } from './body.ts';
import type { WebParts } from './options.ts';
import { cookieNames, keyFor } from './sessions.ts';

export interface FormGuard {
  /** The token for the forms of a page; only for somebody signed in. */
  tokenFor(req: Request, res: Response): string;
  /** @throws AppError `auth.csrf` when the form is from elsewhere, or has no token or a wrong one. */
  check(req: Request): void;
  /** The origin alone, for the one form that exists before a session. @throws AppError `auth.csrf` */
  checkOrigin(req: Request): void;
}

/** The body must have been read before `check`; a script sends the token as `x-csrf-token`. */
export function createFormGuard(
  { secretKey }: Pick<WebParts, 'secretKey'>,
  https: boolean,
  publicUrl: () => string,
): FormGuard {
  const tokens = doubleCsrf({
    getSecret: () => keyFor(secretKey, 'csrf'),
    getSessionIdentifier: (req) => req.session.id,
    cookieName: cookieNames(https).csrf,
    cookieOptions: { sameSite: 'lax', secure: https, httpOnly: true, path: '/' },
    getCsrfTokenFromRequest: tokenSent,
  });
  const checkOrigin = (req: Request): void => {
    if (!isFromHere(req, publicUrl()))
      throw new AppError('auth.csrf', 'This form came from another site, so nothing was done.');
  };
  return {
    tokenFor: (req, res) => tokens.generateCsrfToken(req, res),
    check: (req) => {
      checkOrigin(req);
      if (!tokens.validateRequest(req))
        throw new AppError(
          'auth.csrf',
          'This form has no valid token, so nothing was done. Load its page again and send it once more.',
        );
    },
    checkOrigin,
  };
}

function tokenSent(req: Request): string | undefined {
  const header = req.headers['x-csrf-token'];
  if (typeof header === 'string') return header;
  const body: unknown = req.body;
  const field = isRecord(body) ? body['_csrf'] : undefined;
  return typeof field === 'string' ? field : undefined;
}

/** Browsers say where a request comes from; what is no browser says nothing, and has no cookies to abuse. */
function isFromHere(req: Request, publicUrl: string): boolean {
  const site = req.get('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = req.get('Origin');
  if (origin === undefined) return true;
  return origin === new URL(publicUrl).origin || origin === `${req.protocol}://${req.host}`;
}
