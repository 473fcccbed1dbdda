// Signs what leaves by webhook as Standard Webhooks 1.0 asks: HMAC-SHA256 over id, time and body.
import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** The key of a secret: base64 after `whsec_`, or the bytes of any other text. */
export function signingKey(secret: string): Buffer {
  if (secret.startsWith(PREFIX)) return Buffer.from(secret.slice(PREFIX.length), 'base64');
  return Buffer.from(secret, 'utf8');
}

/**
 * The three headers that go with a body. The id stays the same over all attempts, the time is that of this one.
 * Source: standardwebhooks.com, “Signature scheme”: `v1,` + base64(HMAC-SHA256(`<id>.<unix seconds>.<body>`)),
 * several of them apart by a space.
 */
export function signatureHeaders(options: {
  readonly id: string;
  readonly at: Date;
  readonly body: string;
  /** The current one first; during a rotation the previous one signs too. */
  readonly secrets: readonly string[];
}): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const { id, at, body, secrets } = options;
  const seconds = Math.floor(at.getTime() / 1_000).toString();
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', signingKey(secret)).update(`${id}.${seconds}.${body}`);
    return `v1,${mac.digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') };
}
