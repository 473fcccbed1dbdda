// Sentry: hex HMAC-SHA256 over the raw body; its timestamp header is not signed and so not believed.
// Source: docs.sentry.io/organization/integrations/integration-platform/webhooks.
import { bodySignature } from './body-signature.ts';

export const sentry = bodySignature({ header: 'sentry-hook-signature', idHeader: 'request-id' });
