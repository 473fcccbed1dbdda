// The outside world of the simulation: places that take messages, with a memory of everything that ever reached them.
import type { CardRef, Channel, Outgoing } from '../../src/core/channel.ts';
import type { Reply } from '../../src/core/reply.ts';

export interface Arrival {
  readonly destination: string;
  /** The outbox item's id. */
  readonly id: string;
  readonly atMs: number;
}

export interface CardMessage {
  readonly destination: string;
  readonly key: string;
  revision: number;
}

/** One platform: its channel lands messages at once; delays and faults are put around it. */
export interface Platform {
  readonly channel: Channel;
  /** Every message somebody can see, in the order of arrival. */
  readonly arrivals: Arrival[];
  readonly cardMessages: Map<string, CardMessage>;
}

export const RETRY_DELAYS_MS = [1_000, 4_000, 15_000, 60_000] as const;

/** `once`: the platform knows our ids, so a second arrival is not seen. */
export function createPlatform(options: {
  readonly scheme: string;
  readonly paceMs: number;
  readonly unordered: boolean;
  readonly once: boolean;
  readonly nowMs: () => number;
}): Platform {
  const { scheme, paceMs, unordered, once, nowMs } = options;
  const arrivals: Arrival[] = [];
  const cardMessages = new Map<string, CardMessage>();
  const known = new Set<string>();

  const send = async ({ id, address }: Outgoing): Promise<{ messageId: string }> => {
    if (!(once && known.has(id))) arrivals.push({ destination: `${scheme}:${address}`, id, atMs: nowMs() });
    known.add(id);
    return { messageId: `m${arrivals.length}` };
  };
  const showCard = async (
    { address, key, revision }: CardRef,
    _reply: Reply,
    messageId: string | null,
  ): Promise<{ messageId: string }> => {
    const shown = messageId === null ? undefined : cardMessages.get(messageId);
    if (shown) shown.revision = revision;
    const id = messageId ?? `c${cardMessages.size + 1}`;
    if (!shown) cardMessages.set(id, { destination: `${scheme}:${address}`, key, revision });
    return { messageId: id };
  };
  const channel = { scheme, paceMs, unordered, retryDelaysMs: RETRY_DELAYS_MS, send, showCard };
  return { channel, arrivals, cardMessages };
}
