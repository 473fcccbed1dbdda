// Sends events to the endpoints that staff set: guarded, signed with every live secret, and minding each one's health.
import { ENDPOINT_SCHEME } from '../../models/webhook-subscription.ts';
import type { Channel, Outgoing, Sent } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import { AppError, toAppError } from '../core/errors.ts';
import { derivedId } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { OutboundRules } from '../core/outbound-address.ts';
import { writtenIdOf } from './delivery-id.ts';
import type { EndpointBook, OpenEndpoint } from './endpoint-book.ts';
import { GoneError, postToEndpoint, restMsOf } from './endpoint-post.ts';
import { guardedAgents, type Resolve, systemResolve } from './guarded-agents.ts';
import { webhookDelaysMs } from './webhook-channel.ts';

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

  async function send(message: Outgoing): Promise<Sent> {
    const { tenant, address } = message;
    const endpoint = await book.open(tenant, address, clock.now());
    if (!endpoint) throw new AppError('remote.refused', 'This endpoint is disabled or was removed.');
    try {
      const sent = await post(endpoint, message);
      await book.delivered(tenant, address).catch((err: unknown) => {
        logger.error({ err, endpoint: address }, 'delivered, and its health was not noted');
      });
      return sent;
    } catch (thrown) {
      throw await noted(message, toAppError(thrown));
    }
  }

  async function post({ kind, secrets, ...endpoint }: OpenEndpoint, { id, tenant, body }: Outgoing) {
    const url = rules.judge(endpoint.url);
    const agents = await guardedAgents(url, rules, resolve);
    const messageId = derivedId('evt', tenant, writtenIdOf(id));
    const at = clock.now();
    await postToEndpoint({ kind, url, secrets, id: messageId, at, tenant, body, timeoutMs, agents });
    return { messageId, restMs: restMsOf[kind] };
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
