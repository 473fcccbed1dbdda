// Razorpay: hex HMAC-SHA256 over the raw body. Source: razorpay.com/docs/webhooks/validate-test.
import { bodySignature } from './body-signature.ts';

export const razorpay = bodySignature({
  header: 'x-razorpay-signature',
  idHeader: 'x-razorpay-event-id',
});
