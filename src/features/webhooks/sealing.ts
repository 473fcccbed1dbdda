// Keeps secrets at rest encrypted by AES-256-GCM, under a key that only a holder of the secret key can derive.
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Ids } from '../../core/ids.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORM = 'v1';

export interface Sealer {
  /** @param belongsTo binds the secret to its place: opened anywhere else, it is refused. */
  seal(secret: string, belongsTo: string): string;
  /** Null when it was sealed for another place or by another key, or was altered. */
  open(sealed: string, belongsTo: string): string | null;
}

export function createSealer(secretKey: string, ids: Ids): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'wardroom webhook secrets', 32));
  return {
    seal: (secret, belongsTo) => {
      const iv = Buffer.from(ids.secret(IV_BYTES), 'base64url');
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(belongsTo));
      const bytes = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${FORM}.${bytes.toString('base64url')}`;
    },
    open: (sealed, belongsTo) => {
      const [form, text = ''] = sealed.split('.');
      const bytes = Buffer.from(text, 'base64url');
      if (form !== FORM || bytes.length < IV_BYTES + TAG_BYTES) return null;
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(belongsTo))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const opened = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
        return Buffer.concat([opened, decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}
