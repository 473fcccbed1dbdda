// Stripe's form, which others copied: `t=<seconds>,v1=<hex>` over time and body; ids are inside the signed body.
// Source: docs.stripe.com/webhooks, “Verify webhook signatures manually”.
import { fitsOne, hmac } from './digests.ts';
import { FORGED, isSeconds, type Scheme, secondsOf, timely } from './scheme.ts';

const HEADER = 'stripe-signature';
const MOST_PARTS = 8;

const signature = (secret: string, seconds: string, body: Buffer): string =>
  hmac('sha256', secret, `${seconds}.`, body).toString('hex');

export const stripeStyle: Scheme = {
  verify: ({ headers, body }, secrets, now) => {
    const parts = headers[HEADER]?.split(',') ?? [];
    const valuesOf = (name: string): string[] =>
      parts.flatMap((part) => (part.startsWith(`${name}=`) ? [part.slice(name.length + 1)] : []));
    const [seconds, second] = valuesOf('t');
    if (!isSeconds(seconds) || second !== undefined || parts.length > MOST_PARTS) return FORGED;
    const fits = valuesOf('v1').filter((one) =>
      fitsOne(secrets, one, (secret) => signature(secret, seconds, body)),
    );
    return fits.length > 0 ? timely(seconds, now, null) : FORGED;
  },
  sign: ({ at, body, secret }) => ({
    [HEADER]: `t=${secondsOf(at)},v1=${signature(secret, secondsOf(at), body)}`,
  }),
};
