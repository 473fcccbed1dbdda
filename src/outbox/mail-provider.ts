// The port of whoever carries mails, and the one that carries them nowhere: they are only recorded, for sandboxes.
import type { MailProviderName } from '../../models/email-log.ts';

/** A mail as it is handed over; the same for every attempt. */
export interface ReadyMail {
  /** The same key again is the same mail: 1 to 256 characters. */
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface MailProvider {
  readonly name: MailProviderName;
  /** The sender that new mails are written with. */
  readonly from: string;
  /**
   * Its own id of the mail; null where it took the mail before and does not repeat the id.
   * @throws AppError that says whether and when to try again.
   */
  send(mail: ReadyMail): Promise<string | null>;
}

/** Takes every mail and sends none: what would have gone out stands in `email_logs`. */
export function createMockProvider(from: string): MailProvider {
  return { name: 'mock', from, send: async () => null };
}
