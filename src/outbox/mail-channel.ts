// Sends mails: writes each out once into its row, asks whether its reader may get it, and hands it to the provider.
import { type EmailLog, queuedMail } from '../../models/email-log.ts';
import { isSettled } from '../../models/mail-state.ts';
import type { Channel, Outgoing } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import { AppError, toAppError } from '../core/errors.ts';
import { derivedId } from '../core/ids.ts';
import {
  isMailAddress,
  MAIL_SCHEME,
  mailId,
  mailSealingPlace,
  type OutgoingMail,
  type RenderedMail,
  type RenderMail,
} from '../core/mail.ts';
import type { SendBody } from '../core/outbox-item.ts';
import type { Sealer } from '../core/sealed-text.ts';
import type { MailBook } from './mail-book.ts';
import type { MailProvider } from './mail-provider.ts';
import { plainText } from './plain-text.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** About 13 hours in all: within the 24 for which Resend remembers a key, so that no attempt is a second mail. */
export const mailDelaysMs: readonly number[] = [
  10 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
];

/** What stands in the row where a sealed prop stood in the mail. */
const KEPT_BACK = '«kept back»';
const LONGEST_KEY = 256;
const UNSUBSCRIBE = 'List-Unsubscribe';

export interface MailChannelOptions {
  readonly book: MailBook;
  readonly provider: MailProvider;
  readonly render: RenderMail;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Where a reader takes themselves off marketing: GET shows a page, POST does it. */
  readonly unsubscribeLink: (tenant: string, address: string) => string;
}

export function createMailChannel(options: MailChannelOptions): Channel {
  const { book, provider, render, sealer, clock, unsubscribeLink } = options;

  async function send({ id: itemId, tenant, address, body }: Outgoing): Promise<{ messageId: string }> {
    if (!isMailAddress(address))
      throw new AppError('remote.refused', 'This is no mail address; one looks like asha@example.com.');
    const mail = mailOf(body);
    const id = mailId(tenant, address, mail.key ?? itemId);
    const row = (await book.find(tenant, id)) ?? (await writeOut({ id, itemId, tenant, address, mail }));
    if (isSettled(row)) return { messageId: row.providerId ?? row._id };
    if (row.emptiedAt)
      throw new AppError('remote.refused', 'Its words are no longer kept: there is nothing left to send.');
    const reason = await book.heldBack(tenant, address, row.category);
    if (reason !== null) {
      await book.move(row, 'suppressed', clock.now(), { detail: reason });
      return { messageId: row._id };
    }
    return await handOver(row, await wordsOf(row, mail));
  }

  /** A kill between the provider's yes and the note of it leads back here: the same key then gets the same answer. */
  async function handOver(row: EmailLog, words: RenderedMail): Promise<{ messageId: string }> {
    const { to, from, headers } = row;
    const tags = { ...row.tags, wardroom_mail: row._id };
    const key = idempotencyKey(row.tenant, row.itemId);
    try {
      const providerId = await provider.send({ key, from, to, headers, tags, ...words });
      const at = clock.now();
      const known = { provider: provider.name, providerId, sentAt: at };
      await book.move(row, 'sent', at, known);
      return { messageId: providerId ?? row._id };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'remote.refused')
        await book.move(row, 'refused', clock.now(), { detail: error.publicMessage });
      throw error;
    }
  }

  /** The words as they are sent: those of the row, or, where a secret was kept back, written out anew with it. */
  async function wordsOf(row: EmailLog, mail: OutgoingMail): Promise<RenderedMail> {
    const { subject, text, html } = row;
    if (!row.keptBack) return { subject, text, html };
    const place = mailSealingPlace(row.tenant, row.to);
    const opened = mapped(mail.sealed ?? {}, (sealed) => sealer.open(sealed, place));
    const unsubscribe = row.headers[UNSUBSCRIBE]?.slice(1, -1);
    return await render({ ...mail, unsubscribe, props: { ...mail.props, ...opened } });
  }

  async function writeOut(asked: {
    readonly id: string;
    readonly itemId: string;
    readonly tenant: string;
    readonly address: string;
    readonly mail: OutgoingMail;
  }): Promise<EmailLog> {
    const { id, itemId, tenant, address, mail } = asked;
    const at = clock.now();
    const hidden = mapped(mail.sealed ?? {}, () => KEPT_BACK);
    const { template, category, tags = {} } = mail;
    const unsubscribe = category === 'marketing' ? unsubscribeLink(tenant, address) : undefined;
    const written = await render({ ...mail, unsubscribe, props: { ...mail.props, ...hidden } });
    const row = queuedMail(
      {
        ...written,
        to: address,
        from: provider.from,
        headers: unsubscribe === undefined ? {} : oneClick(unsubscribe),
        tags,
        template,
        category,
        keptBack: Object.keys(hidden).length > 0,
        itemId,
      },
      at,
    );
    return await book.open(tenant, id, row, at);
  }

  return { scheme: MAIL_SCHEME, paceMs: 0, retryDelaysMs: mailDelaysMs, unordered: true, send };
}

/** A message for a room may be sent to an address too: it goes as its plain text. */
function mailOf(body: SendBody): OutgoingMail {
  if (body.kind === 'mail') return body.mail;
  if (body.kind === 'reply')
    return { template: 'message', props: { text: plainText(body.reply) }, category: 'alert' };
  throw new AppError('remote.refused', `An event cannot be mailed: “${body.event.type}” goes to endpoints.`);
}

/** What lets a mail program offer the way out beside the mail. Source: RFC 8058 §3.1. */
const oneClick = (link: string): Record<string, string> => ({
  [UNSUBSCRIBE]: `<${link}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

/** Tenant and item, as long as the provider takes them; longer ones by their digest. */
export function idempotencyKey(tenant: string, itemId: string): string {
  const key = `${tenant}/${itemId}`;
  return key.length <= LONGEST_KEY && /^[\x21-\x7e]+$/.test(key) ? key : derivedId('eml', tenant, itemId);
}

const mapped = (
  entries: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> =>
  Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, change(value)]));
