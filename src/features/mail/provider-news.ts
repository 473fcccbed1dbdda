// What the provider tells of a mail moves its row up and never down, and puts addresses on the list of holds.
import type { EmailLog } from '../../../models/email-log.ts';
import {
  earlier,
  type MailMark,
  type MailNews,
  standingAfter,
  standingOf,
} from '../../../models/mail-state.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import type { FactCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import type { Holds } from './holds.ts';

/** One event about one mail. */
export interface MailEvent {
  /** A state it came to, or a mark that its reader left. */
  readonly told: { readonly news: MailNews } | { readonly mark: MailMark };
  readonly at: Date;
  /** The provider's id of the mail. */
  readonly providerId: string;
  /** Our own id, which travelled with the mail; null where it is not one of ours, or the tags were lost. */
  readonly mail: string | null;
  readonly to: readonly string[];
  readonly detail: string | null;
  /** Set where its reader shall get no more: why. */
  readonly holdBack: string | null;
}

type Change = Partial<Pick<EmailLog, 'state' | 'rank' | 'stateAt' | 'detail' | 'providerId' | MarkField>>;
type MarkField = 'openedAt' | 'clickedAt';

export function createProviderNews(parts: {
  readonly logs: FactCollection<EmailLog>;
  readonly holds: Holds;
}) {
  const { logs, holds } = parts;

  /** By our own id first: the provider may tell of a mail before its answer to us is noted. */
  async function find(ctx: Ctx, { mail, providerId }: MailEvent): Promise<EmailLog | null> {
    const scoped = logs.scoped(ctx.tenant);
    const own = mail === null ? null : await scoped.get(mail);
    if (own) return own;
    const [known] = await scoped.find({ where: { providerId }, limit: 1 });
    return known ?? null;
  }

  /** Says what it did. The same event again, or one that tells less than is known, changes nothing. */
  async function record(ctx: Ctx, event: MailEvent): Promise<string> {
    const row = await find(ctx, event);
    const { holdBack } = event;
    if (holdBack !== null)
      for (const address of event.to)
        await holds.note(ctx, {
          address,
          holder: 'provider',
          active: true,
          reason: holdBack,
          at: event.at,
          mail: row?._id ?? null,
        });
    const also = holdBack === null ? '' : '; the address gets no more mail';
    if (!row) return `a mail that was not sent from here: nothing to move${also}`;
    let moved = false;
    const { record: now } = await changeOnce(logs.scoped(ctx.tenant), row._id, ctx.effectKey, (known) => {
      const change = changeBy(known, event);
      moved = change !== null;
      if (!change) return null;
      const before = { state: known.state };
      const after = { state: change.state ?? known.state };
      return { change, trace: traceOf(ctx, { target: row._id, before, after }) };
    });
    return `mail ${now._id} ${moved ? 'is' : 'stays'} ${now.state}${also}`;
  }

  return { record };
}

/** Null when the event tells nothing new. */
function changeBy(known: EmailLog, { told, at, detail, providerId }: MailEvent): Change | null {
  const change: { -readonly [K in keyof Change]: Change[K] } = {};
  if (known.providerId === null) change.providerId = providerId;
  if ('news' in told) Object.assign(change, standingAfter(known, standingOf(told.news, at, detail)));
  if ('mark' in told) {
    const field = told.mark === 'opened' ? 'openedAt' : 'clickedAt';
    const first = earlier(known[field], at);
    if (first.getTime() !== known[field]?.getTime()) change[field] = first;
  }
  return Object.keys(change).length > 0 ? change : null;
}
