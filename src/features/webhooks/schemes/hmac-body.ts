// For senders that can compute an HMAC over what they send and nothing more: hex in `x-webhook-signature`.
import { bodySignature } from './body-signature.ts';

export const hmacBody = bodySignature({ header: 'x-webhook-signature', prefix: 'sha256=' });
