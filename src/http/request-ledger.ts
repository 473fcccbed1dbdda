// Remembers which request an idempotency key named, so that the same key cannot stand for two.
import type { Principal } from '../core/actor.ts';
import { digestOf } from '../core/canonical.ts';
import { AppError } from '../core/errors.ts';
import { derivedId } from '../core/ids.ts';
import type { RecordCollection } from '../core/store.ts';
import type { RequestKey } from './options.ts';

const MAX_KEY_LENGTH = 255;

/** The effect that a caller's key names: the same for a person's token and pages, another for another caller. */
export function effectKeyOf(principal: Principal, key: string): string {
  return `${principal.actor.id}:${key}`;
}

/** @throws AppError `input.invalid` for a key that is empty, too long, or not of visible characters. */
export function checkedKey(key: string): string {
  if (key.length > 0 && key.length <= MAX_KEY_LENGTH && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new AppError(
    'input.invalid',
    `Idempotency-Key is 1 to ${MAX_KEY_LENGTH} visible ASCII characters, such as 7f0c2a1e-order-42.`,
  );
}

/**
 * Binds the key to this request for 30 days.
 * @throws AppError `key.reused` when it named another operation or input before.
 */
export async function bindKey(
  keys: RecordCollection<RequestKey>,
  principal: Principal,
  effectKey: string,
  request: { readonly operation: string; readonly raw: unknown; readonly at: Date },
): Promise<void> {
  const { operation, raw, at } = request;
  const digest = digestOf([operation, raw]);
  const id = derivedId('req', principal.tenant, effectKey);
  const { record } = await keys.scoped(principal.tenant).insertOnce(id, { digest, at });
  if (record.digest === digest) return;
  throw new AppError(
    'key.reused',
    'This key was used before for another request, so nothing was done. Use a new key for a new request.',
  );
}
