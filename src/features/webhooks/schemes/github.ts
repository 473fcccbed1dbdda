// GitHub: `sha256=` and hex HMAC-SHA256 over the raw body; event name and delivery id are not signed.
// Source: docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries.
import { bodySignature } from './body-signature.ts';

export const github = bodySignature({
  header: 'x-hub-signature-256',
  prefix: 'sha256=',
  idHeader: 'x-github-delivery',
});
