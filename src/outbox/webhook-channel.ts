// Posts events to the endpoints the operator named, signed, without redirects, and says what an answer means.
import type { Channel, Outgoing } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { SendBody } from '../core/outbox-item.ts';
import { plainText } from './plain-text.ts';
import { postSigned, refusalOf } from './signed-post.ts';
import { signatureHeaders } from './webhook-signature.ts';

export interface WebhookEndpoint {
  /** http or https; it comes from the operator's environment, so it may be a private address. */
  readonly url: string;
  /** `whsec_` and base64, or any other text. */
  readonly secret: string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The waits between ten attempts, about 75 hours in all. Source: standardwebhooks.com, “Deliverability”. */
export const webhookDelaysMs: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/**
 * A channel whose addresses are the names of these endpoints.
 * @throws AppError `config.invalid` for an address that is not http or https.
 */
export function createWebhookChannel(options: {
  readonly endpoints: Readonly<Record<string, WebhookEndpoint>>;
  readonly clock: Clock;
  /** For the whole of one request; 10 s unless told. */
  readonly timeoutMs?: number;
}): Channel {
  const { endpoints, clock, timeoutMs = 10 * SECOND } = options;
  for (const [name, { url }] of Object.entries(endpoints)) checkAddress(name, url);

  async function send({ id, tenant, address, body }: Outgoing): Promise<{ messageId: string }> {
    const endpoint = Object.hasOwn(endpoints, address) ? endpoints[address] : undefined;
    if (!endpoint)
      throw new AppError('remote.refused', `No webhook endpoint “${address}” is set up; set its address.`);
    const at = clock.now();
    const text = JSON.stringify({ ...contentOf(body), tenant });
    const signed = signatureHeaders({ id, at, body: text, secrets: [endpoint.secret] });
    const answer = await postSigned({ url: endpoint.url, body: text, headers: signed, timeoutMs });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return { messageId: id };
    throw refusalOf(answer, { url: endpoint.url, secrets: [endpoint.secret], now: at });
  }

  return { scheme: 'webhook', paceMs: 0, retryDelaysMs: webhookDelaysMs, unordered: true, send };
}

function checkAddress(name: string, url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new AppError(
    'config.invalid',
    `The address of webhook “${name}” is no web address; for example https://n8n.example.com/webhook/1.`,
  );
}

/** Standard Webhooks' `type` and `data`; a reply sent to a webhook goes as its plain text. */
function contentOf(body: SendBody): { readonly type: string; readonly data: unknown } {
  if (body.kind === 'event') return { type: body.event.type, data: body.event.payload };
  if (body.kind === 'reply') return { type: 'message.posted', data: { text: plainText(body.reply) } };
  throw new AppError('remote.refused', 'Only messages and events can be sent to this address.');
}
