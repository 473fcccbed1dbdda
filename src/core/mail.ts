// What a mail is before it is written out: a template with its props, who gets it, and how an address is shown.
import { z } from 'zod';
import type { Language } from './context.ts';
import { derivedId } from './ids.ts';
import type { OutboxContent } from './outbox-item.ts';

/** `marketing` may be unsubscribed from; the others may not. */
export const mailCategories = ['transactional', 'alert', 'marketing'] as const;
export type MailCategory = (typeof mailCategories)[number];

export const MAIL_SCHEME = 'mail';

export interface OutgoingMail {
  /** The name of a template in src/features/mail/templates. */
  readonly template: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly category: MailCategory;
  /** Names the mail where several facts may ask for the same one; the outbox item's id unless given. */
  readonly key?: string;
  /** English unless given. */
  readonly language?: Language;
  /** In place of the template's own. */
  readonly subject?: string;
  /** Props that must not lie open in the database, such as a sign-in link: sealed by a `MailSealer`. */
  readonly sealed?: Readonly<Record<string, string>>;
  /** Letters, digits, `_` and `-` alone, as the provider wants them. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A mail as its reader gets it. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** @throws AppError `input.invalid` for an unknown template, or props that are not what it wants. */
export type RenderMail = (
  mail: Pick<OutgoingMail, 'template' | 'props' | 'language' | 'subject'> & {
    /** Where its reader takes themselves off the list; none where they cannot. */
    readonly unsubscribe?: string | undefined;
  },
) => Promise<RenderedMail>;

/** Where the outbox sends what is for this address. */
export const mailDestination = (address: string): string => `${MAIL_SCHEME}:${address}`;

/** The outbox item that sends a mail. */
export function mailTo(address: string, mail: OutgoingMail): OutboxContent & { readonly kind: 'send' } {
  return { kind: 'send', destination: mailDestination(address), body: { kind: 'mail', mail } };
}

/** The row of a mail: the same for everybody who asks for it by that key. */
export const mailId = (tenant: string, address: string, key: string): string =>
  derivedId('eml', tenant, normalAddress(address), key);

/** What a sealed prop is bound to: it opens for no other tenant and no other reader. */
export const mailSealingPlace = (tenant: string, address: string): string =>
  `${tenant}/mail/${normalAddress(address)}`;

/** The purpose of the sealer that closes and opens props of mails. */
export const MAIL_SEALING = 'mails';

/** Narrower than RFC 5321 allows, on purpose: nothing that could end a header or start another recipient. */
const ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?=.{1,250}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i;

/** Whether this is one plain address, such as `asha@example.com`. */
export const isMailAddress = (text: string): boolean => ADDRESS.test(text) && !text.includes('..');

/** One address, as an argument of a verb. */
export const mailAddress = z
  .string()
  .trim()
  .max(254)
  .refine(isMailAddress, 'is no mail address')
  .describe('one mail address')
  .meta({ example: 'asha@example.com' });

/** Addresses are compared without regard to case, as every large provider does. */
export const normalAddress = (address: string): string => address.trim().toLowerCase();

/** `asha@example.com` as `a…@example.com`: enough to tell whose it is when one knows them. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '…' : `${address.slice(0, 1)}…${address.slice(at)}`;
}

/** A destination as it may stand in a list: the address of a mail is masked, any other is shown. */
export function shownDestination(destination: string): string {
  const prefix = `${MAIL_SCHEME}:`;
  if (!destination.startsWith(prefix)) return destination;
  return prefix + maskedAddress(destination.slice(prefix.length));
}
