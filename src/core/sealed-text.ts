// Seals short secrets for the database: AES-256-GCM under a key of their own, bound to the place they belong to.
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { AppError } from './errors.ts';
import type { Ids } from './ids.ts';

export interface Sealer {
  /** @param place what the text belongs to, such as the record's id: it opens nowhere else. */
  seal(text: string, place: string): string;
  /** @throws AppError `config.invalid` when it was sealed under another key, for another place, or was altered. */
  open(sealed: string, place: string): string;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param purpose separates the keys that are made of one secret key. */
export function createSealer(options: {
  readonly secretKey: string;
  readonly purpose: string;
  readonly ids: Pick<Ids, 'secret'>;
}): Sealer {
  const { secretKey, purpose, ids } = options;
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', `wardroom: ${purpose}`, 32));
  return {
    seal: (text, place) => {
      const nonce = Buffer.from(ids.secret(NONCE_BYTES), 'base64url');
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `v1.${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open: (sealed, place) => {
      try {
        const bytes = Buffer.from(sealed.replace(/^v1\./, ''), 'base64url');
        const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
        const body = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([body, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new AppError('config.invalid', 'A stored secret does not open with this SECRET_KEY.', {
          cause,
        });
      }
    },
  };
}
