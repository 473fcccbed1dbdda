// The collection of mails: what was sent to whom, in whose words, and how far it has come.
import { type MailCategory, mailCategories, type RenderedMail } from '../src/core/mail.ts';
import type { Body, Fact } from '../src/core/store.ts';
import { defineFacts, mixed } from './define.ts';
import { type MailStanding, mailStates, standingOf } from './mail-state.ts';

export const mailProviders = ['resend', 'mock'] as const;
export type MailProviderName = (typeof mailProviders)[number];

export interface EmailLog extends Fact, MailStanding {
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Further headers, such as List-Unsubscribe. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly template: string;
  readonly category: MailCategory;
  /** True where text and HTML are kept without a link that is for its reader alone. */
  readonly keptBack: boolean;
  /** The outbox item that asked first: what the provider knows the mail by, over all attempts. */
  readonly itemId: string;
  /** Who took it; null while nobody has. */
  readonly provider: MailProviderName | null;
  /** The provider's own id; null also where it took the mail and the answer was lost. */
  readonly providerId: string | null;
  readonly sentAt: Date | null;
  readonly openedAt: Date | null;
  readonly clickedAt: Date | null;
  /** The mail that this one repeats, on somebody's request. */
  readonly resendOf: string | null;
  /** When its words were emptied for their age; null, or missing in rows of old, while they are here. */
  readonly emptiedAt: Date | null;
}

export const emailLogs = defineFacts<EmailLog>({
  name: 'email_logs',
  fields: {
    to: { type: String, required: true },
    from: { type: String, required: true },
    subject: { type: String, required: true },
    text: { type: String, required: true },
    html: { type: String, required: true },
    headers: { type: mixed, required: true },
    tags: { type: mixed, required: true },
    template: { type: String, required: true },
    category: { type: String, required: true, enum: mailCategories },
    keptBack: { type: Boolean, required: true },
    itemId: { type: String, required: true },
    state: { type: String, required: true, enum: mailStates },
    rank: { type: Number, required: true, min: 0 },
    stateAt: { type: Date, required: true },
    detail: String,
    provider: String,
    providerId: String,
    sentAt: Date,
    openedAt: Date,
    clickedAt: Date,
    resendOf: String,
    emptiedAt: Date,
  },
  indexes: [
    { keys: { createdAt: -1 } },
    { keys: { state: 1, createdAt: -1 } },
    { keys: { providerId: 1 } },
    { keys: { emptiedAt: 1, createdAt: 1 }, acrossTenants: true },
  ],
  about: {
    holds: 'One mail to one address: its words, who took it, and how far it has come.',
    writer:
      'src/outbox/mail-channel.ts; the webhooks of Resend move its state; the job mail.forget empties it',
    retention: 'kept; its words and headers are emptied after MAIL_WORDS_DAYS',
  },
});

/** A mail as it is first written down: queued, and handed to nobody yet. */
export function queuedMail(
  given: RenderedMail &
    Pick<EmailLog, 'to' | 'from' | 'template' | 'category' | 'itemId'> &
    Partial<Pick<EmailLog, 'headers' | 'tags' | 'keptBack' | 'resendOf'>>,
  at: Date,
): Body<EmailLog> {
  return {
    headers: {},
    keptBack: false,
    resendOf: null,
    ...given,
    tags: { ...given.tags, category: given.category },
    ...standingOf('queued', at),
    provider: null,
    providerId: null,
    sentAt: null,
    openedAt: null,
    clickedAt: null,
    emptiedAt: null,
  };
}
