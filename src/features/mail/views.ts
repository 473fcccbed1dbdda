// How mails and holds are seen: an address in full by those who may, masked by everybody else.
import type { EmailLog } from '../../../models/email-log.ts';
import type { MailState } from '../../../models/mail-state.ts';
import type { OutboxRow } from '../../../models/outbox-row.ts';
import type { Suppression } from '../../../models/suppression.ts';
import type { Actor } from '../../core/actor.ts';
import { maskedAddress, normalAddress } from '../../core/mail.ts';
import { holds as mayDo } from '../../core/permissions.ts';

/** A mail in a list: its address as this reader may see it. */
export interface MailView {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly template: string;
  readonly category: EmailLog['category'];
  readonly state: MailState;
  readonly provider: EmailLog['provider'];
  /** Why it stands where it stands: a bounce's words, or why it still waits; null where there is nothing to say. */
  readonly why: string | null;
  /** True where the outbox has given it up. */
  readonly givenUp: boolean;
  readonly at: Date;
  readonly stateAt: Date;
  readonly openedAt: Date | null;
  readonly clickedAt: Date | null;
  /** Whether it can be sent again as it is. */
  readonly mayResend: boolean;
  /** When its words were emptied for their age; null while they are here. */
  readonly emptiedAt: Date | null;
}

export interface MailDetail extends MailView {
  readonly from: string;
  readonly text: string;
  readonly html: string;
  readonly keptBack: boolean;
  readonly resendOf: string | null;
}

export interface HoldView {
  readonly id: string;
  readonly address: string;
  readonly holder: Suppression['holder'];
  readonly reason: string;
  readonly since: Date;
}

/** Sent again is what its reader did not get. */
export const resendable: readonly MailState[] = ['failed', 'bounced', 'suppressed'];

const shownTo = (actor: Actor, address: string): string =>
  mayDo(actor.role, 'mail.manage') ? normalAddress(address) : maskedAddress(address);

export function viewOf(log: EmailLog, waits: OutboxRow | undefined, actor: Actor): MailView {
  const {
    _id: id,
    subject,
    template,
    category,
    state,
    provider,
    createdAt,
    stateAt,
    openedAt,
    clickedAt,
    emptiedAt = null,
  } = log;
  return {
    id,
    to: shownTo(actor, log.to),
    subject,
    template,
    category,
    state,
    provider,
    why: log.detail ?? waits?.problem ?? null,
    givenUp: waits?.status === 'dead',
    at: createdAt,
    stateAt,
    openedAt,
    clickedAt,
    mayResend: resendable.includes(state) && !log.keptBack && emptiedAt === null,
    emptiedAt,
  };
}

export function holdView(
  { _id: id, address, holder, reason, changedAt }: Suppression,
  actor: Actor,
): HoldView {
  return { id, address: shownTo(actor, address), holder, reason, since: changedAt };
}
