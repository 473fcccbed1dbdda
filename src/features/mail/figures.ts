// How mails came over the last thirty days: counts by state, and the rates that a provider judges its senders by.
import type { EmailLog } from '../../../models/email-log.ts';
import { type MailState, mailStates } from '../../../models/mail-state.ts';
import type { Ctx } from '../../core/context.ts';
import type { FactCollection } from '../../core/store.ts';
import type { Holds } from './holds.ts';

export interface MailFigures {
  /** Since when they count. */
  readonly since: Date;
  readonly byState: ReadonlyMap<MailState, number>;
  /** Of the mails that the provider took; null when it took none. */
  readonly bounceRate: number | null;
  readonly complaintRate: number | null;
  readonly held: number;
}

const PERIOD_MS = 30 * 86_400_000;

/** Those that the provider took, whatever came of them. */
const taken: readonly MailState[] = ['sent', 'delivery_delayed', 'delivered', 'bounced', 'complained'];

/** Rates are fractions of what the provider took. */
export async function readFigures(
  ctx: Ctx,
  logs: FactCollection<EmailLog>,
  holds: Pick<Holds, 'count'>,
): Promise<MailFigures> {
  const since = new Date(ctx.now.getTime() - PERIOD_MS);
  const counts = await Promise.all(
    mailStates.map((state) => logs.scoped(ctx.tenant).count({ state, createdAt: { gte: since } })),
  );
  const byState = new Map(mailStates.map((state, index) => [state, counts[index] ?? 0]));
  const of = (state: MailState): number => byState.get(state) ?? 0;
  const sent = taken.reduce((sum, state) => sum + of(state), 0);
  const rate = (count: number): number | null => (sent === 0 ? null : count / sent);
  return {
    since,
    byState,
    bounceRate: rate(of('bounced')),
    complaintRate: rate(of('complained')),
    held: await holds.count(ctx),
  };
}
