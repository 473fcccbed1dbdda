// Who gets no mail: each holder's word on an address, where newer news wins and a repeat changes nothing.
import type { Suppression, SuppressionHolder } from '../../../models/suppression.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import { maskedAddress, normalAddress } from '../../core/mail.ts';
import type { FactCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';

/** What one holder says of an address. */
export interface HoldNews {
  readonly address: string;
  readonly holder: SuppressionHolder;
  readonly active: boolean;
  readonly reason: string;
  /** When it came to be so: older news than what is known changes nothing. */
  readonly at: Date;
  readonly mail?: string | null;
  /** Somebody decides this now: it counts whatever the clocks of others said. */
  readonly decided?: boolean;
}

export type Holds = ReturnType<typeof createHolds>;

const MOST_SHOWN = 1_000;

export function createHolds({ holds }: { readonly holds: FactCollection<Suppression> }) {
  const of = (ctx: Ctx) => holds.scoped(ctx.tenant);

  async function note(ctx: Ctx, news: HoldNews): Promise<Suppression> {
    const address = normalAddress(news.address);
    const { holder, active, reason, at, mail = null, decided = false } = news;
    const id = derivedId('sup', ctx.tenant, holder, address);
    const body = { address, holder, active, reason, changedAt: at, mail };
    const after = { address: maskedAddress(address), holder, active };
    const first = traceOf(ctx, { target: id, after, reason });
    const { record, inserted } = await of(ctx).insertOnce(id, body, first);
    if (inserted) return record;
    const { record: changed } = await changeOnce(of(ctx), id, ctx.effectKey, (known) => {
      const last = known.changedAt.getTime();
      const changedAt = decided && at.getTime() <= last ? new Date(last + 1) : at;
      if (!isNewer({ active, at: changedAt }, known)) return null;
      const before = { active: known.active };
      return { change: { ...body, changedAt }, trace: traceOf(ctx, { target: id, before, after, reason }) };
    });
    return changed;
  }

  /** Those in force, the newest first. */
  function list({ tenant }: Ctx, limit = MOST_SHOWN): Promise<Suppression[]> {
    return holds.scoped(tenant).find({ where: { active: true }, sort: [['changedAt', -1]], limit });
  }

  function count({ tenant }: Ctx): Promise<number> {
    return holds.scoped(tenant).count({ active: true });
  }

  async function of1(ctx: Ctx, address: string): Promise<Suppression[]> {
    return await of(ctx).find({ where: { address: normalAddress(address) }, limit: 3 });
  }

  /**
   * Lifts what the provider and staff hold; a reader's own unsubscription is theirs alone to take back.
   * @throws AppError `record.not_found` when nothing holds the address back, `record.conflict` when its reader does.
   */
  async function lift(ctx: Ctx, address: string, reason: string): Promise<readonly Suppression[]> {
    const known = await of1(ctx, address);
    const repeated = known.filter(({ history }) =>
      history.some(({ effectKey }) => effectKey === ctx.effectKey),
    );
    const liftable = known.filter(({ active, holder }) => active && holder !== 'reader');
    if (liftable.length === 0 && repeated.length > 0) return repeated;
    if (liftable.length === 0 && known.some(({ active }) => active))
      throw new AppError(
        'record.conflict',
        'This reader unsubscribed: they get what is not marketing, and only they can subscribe again.',
        {
          inHindi:
            'इन्होंने मार्केटिंग के मेल बंद किए हैं: बाकी मेल इन्हें जाते हैं, और मार्केटिंग के मेल केवल ये ही फिर चालू कर सकते हैं।',
        },
      );
    if (liftable.length === 0)
      throw new AppError('record.not_found', 'Nothing keeps mail from this address. See: mail suppressions', {
        inHindi: 'इस पते पर मेल रोका नहीं गया है। रुके हुए पते देखने के लिए लिखें: mail suppressions',
      });
    const lifted: Suppression[] = [];
    for (const { holder } of liftable)
      lifted.push(await note(ctx, { address, holder, active: false, reason, at: ctx.now, decided: true }));
    return lifted;
  }

  return { note, list, count, lift, ofAddress: of1 };
}

/** By time; of one instant, the hold counts. */
function isNewer(told: { readonly active: boolean; readonly at: Date }, known: Suppression): boolean {
  const apartMs = told.at.getTime() - known.changedAt.getTime();
  return apartMs === 0 ? told.active && !known.active : apartMs > 0;
}
