// What the sender of mails keeps: one row for each mail, its moves, and who is not to be written to.
import { type EmailLog, emailLogs } from '../../models/email-log.ts';
import { type MailNews, standingAfter, standingOf } from '../../models/mail-state.ts';
import type { Store } from '../../models/store.ts';
import { stops, suppressions } from '../../models/suppression.ts';
import { systemActor } from '../core/actor.ts';
import { changeOnce } from '../core/change-once.ts';
import { type MailCategory, normalAddress } from '../core/mail.ts';
import type { Body } from '../core/store.ts';
import type { HistoryEntry, Trace } from '../core/trace.ts';

type Moved = Partial<Pick<EmailLog, 'provider' | 'providerId' | 'sentAt'>>;

export interface MailBook {
  find(tenant: string, id: string): Promise<EmailLog | null>;
  /** The row of that id: this one, or the one that was there first. */
  open(tenant: string, id: string, body: Body<EmailLog>, at: Date): Promise<EmailLog>;
  /** Moves the row up, if this is up, and notes what else became known. */
  move(
    row: EmailLog,
    news: MailNews,
    at: Date,
    known?: Moved & { readonly detail?: string },
  ): Promise<EmailLog>;
  /** Why this address gets no mail of this kind; null when it does. */
  heldBack(tenant: string, address: string, category: MailCategory): Promise<string | null>;
}

export function createMailBook({ store }: { readonly store: Store }): MailBook {
  const rows = store.facts(emailLogs);
  const holds = store.facts(suppressions);

  return {
    find: (tenant, id) => rows.scoped(tenant).get(id),
    open: async (tenant, id, body, at) => {
      const trace = traceAt(at, `written:${id}`);
      return (await rows.scoped(tenant).insertOnce(id, body, trace)).record;
    },
    move: async (row, news, at, { detail, ...known } = {}) => {
      const told = standingOf(news, at, detail ?? null);
      const effectKey = `${news}:${row._id}:${row.version}`;
      const { record } = await changeOnce(rows.scoped(row.tenant), row._id, effectKey, (current) => {
        const standing = standingAfter(current, told);
        if (!standing && Object.keys(known).length === 0) return null;
        return { change: { ...standing, ...known }, trace: traceAt(at, effectKey) };
      });
      return record;
    },
    heldBack: async (tenant, address, category) => {
      const where = { address: normalAddress(address), active: true };
      const found = await holds.scoped(tenant).find({ where, limit: 3 });
      return found.find((hold) => stops(hold, category))?.reason ?? null;
    },
  };
}

/** Without an audit row: the fact that asked for the mail has one, and this is the sender's own bookkeeping. */
function traceAt(at: Date, effectKey: string): Trace {
  const history: HistoryEntry = { effectKey, at, by: systemActor.id, operation: 'mail.send' };
  return { history, items: [] };
}
