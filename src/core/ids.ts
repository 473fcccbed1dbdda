// Ids: prefixed and sortable when fresh, derived from the effect key when a write must happen once.
import { createHash, randomBytes, randomFillSync, randomInt } from 'node:crypto';
import { monotonicFactory } from 'ulid';

/** What a prefix says of an id: `tsk_…` is a task wherever it is met. */
export type IdPrefix =
  | 'apr'
  | 'agr'
  | 'alt'
  | 'apl'
  | 'aud'
  | 'btn'
  | 'cnv'
  | 'crd'
  | 'dst'
  | 'eml'
  | 'evt'
  | 'exp'
  | 'gss'
  | 'idn'
  | 'inb'
  | 'lkc'
  | 'lnk'
  | 'lse'
  | 'msg'
  | 'obx'
  | 'pul'
  | 'rcp'
  | 'rej'
  | 'req'
  | 'rom'
  | 'run'
  | 'ses'
  | 'sup'
  | 'tgc'
  | 'tok'
  | 'tsk'
  | 'usr'
  | 'whc'
  | 'whe'
  | 'whk'
  | 'whs';

export interface Ids {
  /** A fresh, time-ordered id such as `req_01JD…`. Not secret. */
  fresh(prefix: IdPrefix): string;
  /** A fresh secret: base64url of that many random bytes (32 unless told). */
  secret(bytes?: number): string;
}

/** A number from 0 (inclusive) to 1 (exclusive), for spreading retries; tests hand in their own. */
export const systemRandom = (): number => randomInt(2 ** 47) / 2 ** 47;

/** Random fractions from a pool: ULIDs take one byte at a time, and each would be a call into the system. */
function pooledRandom(): () => number {
  const pool = new Uint8Array(1_024);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    const byte = pool[at] ?? 0;
    at += 1;
    return byte / 256;
  };
}

/** Ids from the machine's clock and random source. */
export function createIds(): Ids {
  const ulid = monotonicFactory(pooledRandom());
  return {
    fresh: (prefix) => `${prefix}_${ulid().toLowerCase()}`,
    secret: (bytes = 32) => randomBytes(bytes).toString('base64url'),
  };
}

/**
 * The id that one effect of one tenant always gets: running the same effect again meets the same id.
 * 100 bits of SHA-256 in base 32, so that a collision is not a concern (2^50 ids for even odds).
 */
export function derivedId(prefix: IdPrefix, tenant: string, ...parts: readonly string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([tenant, ...parts]))
    .digest();
  return `${prefix}_${base32(digest.subarray(0, DIGEST_BYTES)).slice(0, 20)}`;
}

/** Twenty letters hold 100 bits. */
const DIGEST_BYTES = 13;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      text += ALPHABET[(held >>> (bits - 5)) & 31];
      bits -= 5;
    }
    held &= (1 << bits) - 1;
  }
  return text;
}
