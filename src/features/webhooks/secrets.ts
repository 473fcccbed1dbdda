// Secrets of sources that staff set up: made once for an effect or given by the sender, and judged before they count.
import { createHmac } from 'node:crypto';
import { invalidInput } from '../../core/problems.ts';
import type { WebhookScheme } from '../../core/webhook-source.ts';
import { keyOf } from './schemes/standard-webhooks.ts';

const SHORTEST = 16;
const isStandard = (scheme: WebhookScheme): boolean => scheme === 'standard' || scheme === 'svix';

/** A secret of 32 bytes that only a holder of the secret key can compute: the same effect shows the same one again. */
export function madeSecret(secretKey: string, scheme: WebhookScheme, id: string, effectKey: string): string {
  const bytes = createHmac('sha256', secretKey)
    .update(JSON.stringify(['webhook', id, effectKey]))
    .digest();
  return isStandard(scheme) ? `whsec_${bytes.toString('base64')}` : bytes.toString('base64url');
}

/** @throws AppError `input.invalid` when it is too short to keep anybody out; it is never quoted. */
export function judgeSecret(scheme: WebhookScheme, secret: string): void {
  const bytes = isStandard(scheme) ? keyOf(secret).length : secret.length;
  if (bytes >= SHORTEST) return;
  const wanted = isStandard(scheme) ? 'whsec_ and 24 bytes in base64' : 'a text';
  const problem = `is shorter than ${SHORTEST} bytes; give ${wanted}, or leave it out and one is made`;
  throw invalidInput([{ field: 'secret', problem }]);
}
