// The port of everything that messages leave through: chat platforms, webhooks, and later mail.
import type { SendBody } from './outbox-item.ts';
import type { Reply } from './reply.ts';

export interface Outgoing {
  /** Constant over retries: platforms that can will refuse it a second time. */
  readonly id: string;
  readonly tenant: string;
  /** What follows `<scheme>:` in the destination. */
  readonly address: string;
  readonly body: SendBody;
  /** The platform's message of the card it stands under, once that is shown. */
  readonly under?: string;
}

/** Where a live card stands on its platform. */
export interface CardRef {
  readonly tenant: string;
  readonly address: string;
  readonly key: string;
  readonly revision: number;
}

/** What became of a message that was taken. */
export interface Sent {
  readonly messageId: string;
  /** The place takes nothing for so many milliseconds more, where that depends on the place and not on the channel. */
  readonly restMs?: number;
}

/**
 * A channel sends once and says what became of it. It throws an AppError: `retryable` true means try again later
 * (after `retryAfterMs` when given), false means never. A time-out is retryable and may have been delivered.
 */
export interface Channel {
  readonly scheme: string;
  /** Least milliseconds between two sends to one address. */
  readonly paceMs: number | ((address: string) => number);
  /** Waits before each further attempt, in milliseconds; after the last one the row is a dead letter. */
  readonly retryDelaysMs: readonly number[];
  /** True where order does not matter: a message that waits for its retry then lets later ones pass. */
  readonly unordered?: boolean;
  send(message: Outgoing): Promise<Sent>;
  /** Shows a card: sends it when there is no message yet, edits it otherwise. Absent where there are no cards. */
  showCard?(card: CardRef, reply: Reply, messageId: string | null): Promise<{ readonly messageId: string }>;
}
