// HMACs over raw bytes, and the one comparison that every verifier uses.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

type Bytes = string | Buffer;

/** Texts are taken as UTF-8. */
export function hmac(algorithm: 'sha256' | 'sha1', key: Bytes, ...parts: readonly Bytes[]): Buffer {
  const mac = createHmac(algorithm, key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** As 64 hex digits. */
export function sha256Hex(bytes: Bytes): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Whether two texts are the same, in a time that tells nothing of where they differ, nor of how long the expected one
 * is: `timingSafeEqual` throws on unequal lengths, so that the expected text is then compared with itself. As the texts
 * are compared and never decoded, hex in another case and base64 with loose last bits are refused too.
 */
export function sameText(expected: string, given: string): boolean {
  const [mine, theirs] = [Buffer.from(expected), Buffer.from(given)];
  const isSameLength = mine.length === theirs.length;
  return timingSafeEqual(mine, isSameLength ? theirs : mine) && isSameLength;
}

/** Whether the given text is right for one of the secrets; each is tried, so that the time does not tell which. */
export function fitsOne(
  secrets: readonly string[],
  given: string,
  expected: (secret: string) => string,
): boolean {
  let fits = false;
  for (const secret of secrets) {
    if (secret === '') continue;
    fits = sameText(expected(secret), given) || fits;
  }
  return fits;
}
