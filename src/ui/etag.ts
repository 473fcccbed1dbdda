// The entity tag of a page: the same while nothing that a person could see has changed.
import { createHash } from 'node:crypto';

/** What differs in every drawing of the same page: the keys that its forms carry. */
const KEYS = /(name="(?:_effect|_csrf)" value=")[^"]*"/g;

/**
 * A weak ETag over the page without the keys of its forms, so that polling gets a 304 until something has changed.
 * The older page's keys stay good: an effect key that was not used yet, and the token of the same session.
 */
export function etagOf(html: string): string {
  const digest = createHash('sha256').update(html.replaceAll(KEYS, '$1"')).digest('base64url');
  return `W/"${digest.slice(0, 22)}"`;
}
