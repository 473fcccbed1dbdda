// The collection of addresses that get no mail: because it bounced, they complained, staff said so, or they asked.
import type { MailCategory } from '../src/core/mail.ts';
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

/**
 * Who holds the address back. Each has a row of its own, so that the provider lifting its hold does not lift staff's,
 * and nobody but the reader lifts an unsubscription.
 */
export const suppressionHolders = ['provider', 'staff', 'reader'] as const;
export type SuppressionHolder = (typeof suppressionHolders)[number];

export interface Suppression extends Fact {
  /** In lower case. */
  readonly address: string;
  readonly holder: SuppressionHolder;
  /** False once lifted: the row stays, so that older news cannot bring it back. */
  readonly active: boolean;
  /** Such as `bounce`, `complaint`, or what staff wrote. */
  readonly reason: string;
  /** When the present state came to be, as its source says: newer news wins. */
  readonly changedAt: Date;
  /** The mail that led to it; null where none is known. */
  readonly mail: string | null;
}

export const suppressions = defineFacts<Suppression>({
  name: 'email_suppressions',
  fields: {
    address: { type: String, required: true },
    holder: { type: String, required: true, enum: suppressionHolders },
    active: { type: Boolean, required: true },
    reason: { type: String, required: true },
    changedAt: { type: Date, required: true },
    mail: String,
  },
  indexes: [{ keys: { address: 1, active: 1 } }, { keys: { active: 1, changedAt: -1 } }],
  about: {
    holds:
      'One address that one holder (provider, staff or the reader) keeps from getting mail, or no longer does.',
    writer: 'src/features/mail: webhooks of Resend, verbs of staff, unsubscriptions',
    retention: 'kept',
  },
});

/** Whether a hold stops a mail: a reader unsubscribes from marketing alone, the others hold back everything. */
export function stops({ active, holder }: Suppression, category: MailCategory): boolean {
  return active && (holder !== 'reader' || category === 'marketing');
}
