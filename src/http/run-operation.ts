// Runs an operation for a request: the caller, the effect key and the request id become its context.
import type { Request } from 'express';
import { type Door, mayDo } from '../core/actor.ts';
import type { Outcome } from '../core/operation.ts';
import { problemsOf } from '../core/problems.ts';
import type { WebParts } from './options.ts';
import { bindKey, checkedKey, effectKeyOf } from './request-ledger.ts';
import { callerOf, stateOf } from './request-state.ts';

export interface OperationCall {
  readonly operation: string;
  readonly raw: unknown;
  readonly door: Door;
  /** What the caller calls this effect; undefined gives it a fresh name. */
  readonly key: string | undefined;
}

export type RunOperation = (req: Request, call: OperationCall) => Promise<Outcome>;

type Needs = Pick<WebParts, 'dispatcher' | 'clock' | 'ids' | 'requestKeys'>;

/** A key is bound only when the call would run: a mistake corrected may be sent again under the same key. */
export function createRunOperation({ dispatcher, clock, ids, requestKeys }: Needs): RunOperation {
  return async (req, { operation, raw, door, key }) => {
    const state = stateOf(req);
    const principal = callerOf(req);
    const verb = dispatcher.verbs.get(operation);
    if (verb) state.operation = verb.name;
    const now = clock.now();
    const effectKey = key === undefined ? ids.fresh('req') : effectKeyOf(principal, checkedKey(key));
    const runs = verb && mayDo(principal.actor, verb.permission) && problemsOf(verb.input, raw).length === 0;
    if (runs && verb.effect === 'write' && key !== undefined)
      await bindKey(requestKeys, principal, effectKey, { operation, raw, at: now });
    const { requestId } = state;
    return await dispatcher.run({ operation, raw, ctx: { ...principal, door, effectKey, requestId, now } });
  };
}

/** The caller's key of an API request, when there is one. */
export function idempotencyKeyOf(req: Request): string | undefined {
  return req.get('Idempotency-Key');
}
