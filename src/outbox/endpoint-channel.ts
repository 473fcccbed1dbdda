// Sends events to the endpoints that staff set: guarded, signed with every live secret, and minding each one's health.
import { ENDPOINT_SCHEME } from '../../models/webhook-subscription.ts';
import type { Channel, Outgoing } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import { AppError, toAppError } from '../core/errors.ts';
import { derivedId } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { OutboundRules } from '../core/outbound-address.ts';
import { eventIdOf } from './delivery-id.ts';
import { endpointBody } from './endpoint-body.ts';
import type { EndpointBook, OpenEndpoint } from './endpoint-book.ts';
import { guardedAgents, type Resolve, systemResolve } from './guarded-agents.ts';
import { postSigned, refusalOf } from './signed-post.ts';
import { webhookDelaysMs } from './webhook-channel.ts';
import { signatureHeaders } from './webhook-signature.ts';

const GONE = 410;
const SHORTEST_TOKEN = 6;

/** A channel whose addresses are the ids of endpoints; see docs/decisions.md on why it is not the operator's own. */
export function createEndpointChannel(options: {
  readonly book: EndpointBook;
  readonly rules: OutboundRules;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly resolve?: Resolve;
  /** For the whole of one request; 10 s unless told. */
  readonly timeoutMs?: number;
}): Channel {
  const { book, rules, clock, logger, resolve = systemResolve, timeoutMs = 10_000 } = options;

  async function send(message: Outgoing): Promise<{ messageId: string }> {
    const { tenant, address } = message;
    const endpoint = await book.open(tenant, address, clock.now());
    if (!endpoint) throw new AppError('remote.refused', 'This endpoint is disabled or was removed.');
    try {
      const messageId = await post(endpoint, message);
      await book.delivered(tenant, address).catch((err: unknown) => {
        logger.error({ err, endpoint: address }, 'delivered, and its health was not noted');
      });
      return { messageId };
    } catch (thrown) {
      throw await noted(message, toAppError(thrown));
    }
  }

  async function post(endpoint: OpenEndpoint, { id, tenant, body }: Outgoing): Promise<string> {
    const { kind, secrets } = endpoint;
    const url = rules.judge(endpoint.url);
    const agents = await guardedAgents(url, rules, resolve);
    const at = clock.now();
    const eventId = derivedId('evt', tenant, eventIdOf(id));
    const text = endpointBody(kind, body, tenant);
    const headers = secrets.length > 0 ? signatureHeaders({ id: eventId, at, body: text, secrets }) : {};
    const answer = await postSigned({ url: url.href, body: text, headers, timeoutMs, agents });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return eventId;
    const refusal = refusalOf(answer, { url: url.href, secrets: [...secrets, ...tokensOf(url)], now: at });
    if (answer.statusCode === GONE) throw new GoneError(refusal);
    throw refusal;
  }

  /** The same failure, with the breaker's pause where that is longer: the destination then rests as a whole. */
  async function noted({ tenant, address }: Outgoing, error: AppError): Promise<AppError> {
    const at = clock.now();
    if (error instanceof GoneError) {
      await book.gone(tenant, address, at);
      return error;
    }
    const busy = error.code === 'rate.limited';
    const { publicMessage: problem } = error;
    const openUntil = await book.failed(tenant, address, { kind: 'failed', at, problem, busy });
    const pauseMs = openUntil ? openUntil.getTime() - at.getTime() : 0;
    const retryAfterMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
    if (retryAfterMs === 0 || !error.retryable) return error;
    const { retryable, neverArrived, cause } = error;
    return new AppError(error.code, problem, { retryable, neverArrived, cause, retryAfterMs });
  }

  return { scheme: ENDPOINT_SCHEME, paceMs: 0, retryDelaysMs: webhookDelaysMs, unordered: true, send };
}

/** It answered 410. */
class GoneError extends AppError {
  constructor({ publicMessage, cause }: AppError) {
    super('remote.refused', publicMessage, { cause, retryable: false });
  }
}

/** What of an address may be a token: chat platforms put theirs into the path. */
function tokensOf({ href, pathname, search, searchParams }: URL): readonly string[] {
  const parts = [href, pathname + search, pathname, ...pathname.split('/'), ...searchParams.values()];
  return parts.filter((part) => part.length >= SHORTEST_TOKEN);
}
