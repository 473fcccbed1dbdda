// What a stored body says: JSON, or the fields of a form from the one sender that posts forms.
import type { WebhookScheme } from '../../../core/webhook-source.ts';

/** Whether the scheme's sender posts forms: Twilio does, except for what it sends as JSON under a hash of the body. */
export const isForm = (scheme: WebhookScheme, body: string | Buffer): boolean =>
  scheme === 'twilio' && !/^\s*[[{]/.test(body.toString());

/** @throws SyntaxError for a body that is neither. */
export function payloadOf(scheme: WebhookScheme, body: string): unknown {
  if (!isForm(scheme, body)) return JSON.parse(body);
  return Object.fromEntries(new URLSearchParams(body));
}
