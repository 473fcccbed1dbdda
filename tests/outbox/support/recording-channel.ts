// A platform that remembers what reached it and fails as scripted.
import type { CardRef, Channel, Outgoing } from '../../../src/core/channel.ts';
import type { Reply } from '../../../src/core/reply.ts';
import { plainText } from '../../../src/outbox/plain-text.ts';

export interface Seen {
  readonly address: string;
  readonly id: string;
  readonly text: string;
}

export interface RecordingChannel extends Channel {
  readonly seen: Seen[];
  /** What each card message shows now, by message id. */
  readonly cards: Map<string, { readonly key: string; readonly revision: number; readonly text: string }>;
  /** Called before a message is taken: throw to refuse it, wait to delay it. */
  before: (message: { readonly id: string; readonly address: string }) => Promise<void> | void;
  /** Called after it was taken: throw to lose the answer. */
  after: (message: { readonly id: string; readonly address: string }) => Promise<void> | void;
}

export function createRecordingChannel(scheme: string, options: Partial<Channel> = {}): RecordingChannel {
  let messages = 0;
  const channel: RecordingChannel = {
    scheme,
    paceMs: 0,
    retryDelaysMs: [1_000, 10_000, 60_000],
    seen: [],
    cards: new Map(),
    before: () => undefined,
    after: () => undefined,
    send: async ({ id, address, body }: Outgoing) => {
      await channel.before({ id, address });
      const text =
        body.kind === 'reply'
          ? plainText(body.reply)
          : body.kind === 'event'
            ? body.event.type
            : body.mail.template;
      channel.seen.push({ address, id, text });
      messages += 1;
      await channel.after({ id, address });
      return { messageId: `m${messages}` };
    },
    showCard: async (card: CardRef, reply: Reply, messageId: string | null) => {
      const { key, revision, address } = card;
      await channel.before({ id: key, address });
      messages += messageId === null ? 1 : 0;
      const shownAs = messageId ?? `m${messages}`;
      channel.cards.set(shownAs, { key, revision, text: plainText(reply) });
      channel.seen.push({ address, id: key, text: plainText(reply) });
      await channel.after({ id: key, address });
      return { messageId: shownAs };
    },
    ...options,
  };
  return channel;
}
