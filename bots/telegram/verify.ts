// Proof that an update comes from Telegram: the secret it was told when the webhook was set.
import { createHash, timingSafeEqual } from 'node:crypto';

/** The header that carries the secret. */
export const SECRET_HEADER = 'x-telegram-bot-api-secret-token';

/**
 * Whether the header holds the secret, compared by digest in constant time. Without a secret of ours nothing is
 * believed: an unset variable must not open the door.
 */
export function isFromTelegram(secret: string | undefined, given: string | undefined): boolean {
  if (secret === undefined || secret === '' || given === undefined) return false;
  return timingSafeEqual(digest(secret), digest(given));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
