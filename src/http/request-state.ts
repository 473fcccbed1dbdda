// What is known of a request beyond what it says of itself: its id, its caller, the operation it ran.
import type { IncomingMessage } from 'node:http';
import type { Principal } from '../core/actor.ts';
import { AppError } from '../core/errors.ts';

export interface RequestState {
  readonly requestId: string;
  readonly startedMs: number;
  principal: Principal | null;
  /** The operation, when one was found. */
  operation: string | null;
  /** The id of the sign-in behind a session. */
  signInId: string | null;
}

const states = new WeakMap<IncomingMessage, RequestState>();

export function beginState(req: IncomingMessage, requestId: string, startedMs: number): RequestState {
  const state = { requestId, startedMs, principal: null, operation: null, signInId: null };
  states.set(req, state);
  return state;
}

/** @throws Error when the request did not come through the server's first step. */
export function stateOf(req: IncomingMessage): RequestState {
  const state = states.get(req);
  if (!state) throw new Error('a request without a state: the first step of the server was left out');
  return state;
}

/** The caller. @throws AppError `auth.required` when there is none. */
export function callerOf(req: IncomingMessage): Principal {
  const { principal } = stateOf(req);
  if (principal) return principal;
  throw new AppError(
    'auth.required',
    'This needs a token: send “Authorization: Bearer wr_…”. The operator makes one with: ' +
      'npm run cli -- token create --role viewer',
  );
}
