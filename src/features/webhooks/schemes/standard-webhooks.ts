// Standard Webhooks 1.0, also under Svix's header names (Resend): base64 HMAC-SHA256 over id, time and body.
import { fitsOne, hmac } from './digests.ts';
import { FORGED, isSeconds, type Scheme, secondsOf, timely } from './scheme.ts';

const PREFIX = 'whsec_';
/** Below that, a key could be guessed; the standard asks for 24 bytes. */
const SHORTEST_KEY_BYTES = 16;
/** A dot would let one signed text be cut into id, time and body in two ways. */
const ID_FORM = /^[\x21-\x2d\x2f-\x7e]{1,256}$/;
const MOST_SIGNATURES = 8;

/** The key of a secret: base64 after `whsec_`, or the bytes of any other text. */
export function keyOf(secret: string): Buffer {
  return secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8');
}

function signature(secret: string, id: string, seconds: string, body: Buffer): string {
  return `v1,${hmac('sha256', keyOf(secret), `${id}.${seconds}.`, body).toString('base64')}`;
}

function schemeOf(family: 'webhook' | 'svix'): Scheme {
  return {
    verify: ({ headers, body }, secrets, now) => {
      const name = headers[`${family}-id`] === undefined && family === 'svix' ? 'webhook' : family;
      const id = headers[`${name}-id`];
      const seconds = headers[`${name}-timestamp`];
      const given = headers[`${name}-signature`]?.split(' ') ?? [];
      if (id === undefined || !ID_FORM.test(id) || !isSeconds(seconds) || given.length > MOST_SIGNATURES)
        return FORGED;
      const usable = secrets.filter((secret) => keyOf(secret).length >= SHORTEST_KEY_BYTES);
      const fits = given.filter((one) =>
        fitsOne(usable, one, (secret) => signature(secret, id, seconds, body)),
      );
      return fits.length > 0 ? timely(seconds, now, id) : FORGED;
    },
    sign: ({ id, at, body, secret }) => ({
      [`${family}-id`]: id,
      [`${family}-timestamp`]: secondsOf(at),
      [`${family}-signature`]: signature(secret, id, secondsOf(at), body),
    }),
  };
}

export const standardWebhooks = schemeOf('webhook');

/** Source: resend.com/docs/dashboard/webhooks/verify-webhooks-requests; takes the standard’s names as well. */
export const svix = schemeOf('svix');
