// Proves that a request is Slack's: version v0 alone, a clock within five minutes, and the signature of the raw bytes.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the sender's clock may be from ours, to either side. */
export const SIGNATURE_WINDOW_MS = 300_000;

export interface SignedRequest {
  /** `x-slack-request-timestamp`: whole seconds since 1970. */
  readonly timestamp: string | undefined;
  /** `x-slack-signature`: `v0=` and 64 hex digits. */
  readonly signature: string | undefined;
  /** The body exactly as it came. */
  readonly body: Uint8Array;
}

export type Refused = 'missing' | 'malformed' | 'stale' | 'wrong';

/**
 * Why the request is not Slack's, or null when it is. HMAC-SHA256 of `v0:<timestamp>:<body>`, compared in constant
 * time. Source: docs.slack.dev, “Verifying requests from Slack”.
 */
export function refuseRequest(request: SignedRequest, signingSecret: string, now: Date): Refused | null {
  const { timestamp, signature, body } = request;
  if (!timestamp || !signature || signingSecret === '') return 'missing';
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return 'malformed';
  if (Math.abs(now.getTime() - Number(timestamp) * 1_000) > SIGNATURE_WINDOW_MS) return 'stale';
  const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature.slice(3), 'hex')) ? null : 'wrong';
}
