// Recognises the bearer token of an API request. Cookies count for nothing here.
import type { RequestHandler } from 'express';
import { AppError } from '../core/errors.ts';
import type { PeopleDoor } from './options.ts';
import { stateOf } from './request-state.ts';

const BEARER = /^Bearer +(\S{1,512})$/i;

/**
 * Puts the caller into the request's state; a request without a token goes on without a caller.
 * @throws AppError `auth.required` for a token that does not work, whatever the cause.
 */
export function bearerTokens(people: Pick<PeopleDoor, 'authenticateToken'>): RequestHandler {
  return async (req, _res, next) => {
    const header = req.get('Authorization');
    if (header !== undefined) {
      const text = BEARER.exec(header)?.[1];
      const principal = text ? await people.authenticateToken(text) : null;
      if (!principal)
        throw new AppError('auth.required', 'This token does not work: it is unknown, expired or revoked.');
      stateOf(req).principal = principal;
    }
    next();
  };
}
