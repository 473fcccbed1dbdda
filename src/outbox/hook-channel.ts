// Messages and events to the places the operator named in the environment: chat platforms and n8n, each in its form.
import type { EndpointKind } from '../../models/webhook-subscription.ts';
import type { Channel, Outgoing, Sent } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { derivedId } from '../core/ids.ts';
import { writtenIdOf } from './delivery-id.ts';
import { postToEndpoint, restMsOf } from './endpoint-post.ts';
import { webhookDelaysMs } from './webhook-channel.ts';

export const HOOK_SCHEME = 'hook';

export interface Hook {
  readonly kind: EndpointKind;
  /** http or https; it comes from the operator's environment, so it may be a private address. */
  readonly url: string;
  /** Those that sign; none for chat platforms. */
  readonly secrets: readonly string[];
}

/** A channel whose addresses are the names of these hooks: `hook:slack`, `hook:n8n-scale`. */
export function createHookChannel(options: {
  readonly hooks: Readonly<Record<string, Hook>>;
  readonly clock: Clock;
  /** For the whole of one request; 10 s unless told. */
  readonly timeoutMs?: number;
}): Channel {
  const { hooks, clock, timeoutMs = 10_000 } = options;

  async function send({ id, tenant, address, body }: Outgoing): Promise<Sent> {
    const hook = Object.hasOwn(hooks, address) ? hooks[address] : undefined;
    if (!hook) throw new AppError('remote.refused', `No hook “${address}” is set in the environment.`);
    const messageId = derivedId('evt', tenant, writtenIdOf(id));
    const { kind, secrets } = hook;
    const url = new URL(hook.url);
    const at = clock.now();
    await postToEndpoint({ kind, url, secrets, id: messageId, at, tenant, body, timeoutMs });
    return { messageId, restMs: restMsOf[kind] };
  }

  return { scheme: HOOK_SCHEME, paceMs: 0, retryDelaysMs: webhookDelaysMs, unordered: true, send };
}
