// Takes rows that were refused in again, as they are or mended, and marks those that went in.
import type { StreamReject } from '../../../models/stream-reject.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { FactDoor } from '../../core/ingestion.ts';
import type { Records } from '../../core/store.ts';
import type { Stream } from '../../core/stream.ts';
import { cellReader } from './file-cells.ts';
import { createJudge, isRefusal } from './judge-row.ts';
import { type Streams, streamNamed } from './streams.ts';

export interface ReplayWish {
  /** One reject by its id, or all that the rest of the wish chooses. */
  readonly reject: string;
  readonly stream?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** What to mend in that one row, as field=value. */
  readonly set: readonly string[];
}

export interface Replayed {
  readonly taken: number;
  /** Still refused, and why. */
  readonly refused: readonly { readonly id: string; readonly field: string; readonly reason: string }[];
}

export interface ReplayParts {
  readonly rejects: Records<StreamReject>;
  readonly streams: Streams;
  readonly door: FactDoor;
}

const MOST_ROWS = 5_000;

/**
 * Replays one reject, or all that are open in a stream and a time. A row that is refused still stays as it is. The
 * same effect again counts what it took before.
 * @throws AppError `record.not_found`, `record.conflict` for a row that was cut and cannot be read whole.
 */
export async function replayRejects(
  { rejects, streams, door }: ReplayParts,
  ctx: Ctx,
  wish: ReplayWish,
): Promise<Replayed> {
  const effect = derivedId('rej', ctx.tenant, ctx.effectKey);
  const before = await rejects.count({ status: 'mended', mendedBy: effect });
  const refused: Replayed['refused'][number][] = [];
  const ready = new Map<
    string,
    { readonly id: string; readonly row: unknown; readonly place: StreamReject }[]
  >();
  for (const reject of await chosen(rejects, wish)) {
    const stream = streamNamed(streams, reject.stream);
    const row = mended(stream, JSON.parse(reject.row), wish.set, ctx.zone);
    const judged = createJudge(stream)(row, ctx.now);
    if (isRefusal(judged)) refused.push({ id: reject._id, field: judged.field, reason: judged.reason });
    else {
      const key = `${reject.stream}:${reject.source}`;
      ready.set(key, [...(ready.get(key) ?? []), { id: reject._id, row, place: reject }]);
    }
  }
  let taken = before;
  for (const [key, rows] of ready) {
    const [first] = rows;
    if (!first) continue;
    const { stream, source } = first.place;
    const effectKey = `${ctx.effectKey}:${key}`;
    await door.ingest(
      { ...ctx, effectKey },
      stream,
      rows.map(({ row }) => row),
      { source },
    );
    taken += await rejects.updateMany(
      rows.map(({ id }) => id),
      { status: 'mended', mendedBy: effect },
    );
  }
  return { taken, refused };
}

async function chosen(rejects: Records<StreamReject>, wish: ReplayWish): Promise<readonly StreamReject[]> {
  if (wish.reject !== 'all') {
    const one = await rejects.get(wish.reject);
    if (!one)
      throw new AppError('record.not_found', `There is no refused row “${wish.reject.slice(0, 60)}” here.`, {
        inHindi: `“${wish.reject.slice(0, 60)}” नाम की कोई अस्वीकृत पंक्ति नहीं है।`,
      });
    if (one.cut)
      throw new AppError(
        'record.conflict',
        'This row was too long to be kept whole; send it again from its source.',
        { inHindi: 'यह पंक्ति इतनी लंबी थी कि पूरी नहीं रखी गई; इसे स्रोत से फिर भेजें।' },
      );
    return one.status === 'mended' ? [] : [one];
  }
  if (wish.set.length > 0)
    throw new AppError('input.invalid', 'set: one row is mended at a time; name it in place of “all”.', {
      inHindi: 'set: एक बार में एक ही पंक्ति ठीक होती है; “all” की जगह उसकी id दें।',
    });
  const found = await rejects.find({
    where: {
      status: 'open',
      cut: false,
      ...(wish.stream === undefined ? {} : { stream: wish.stream }),
      receivedAt: { gte: wish.from ?? new Date(0), ...(wish.to === undefined ? {} : { lt: wish.to }) },
    },
    sort: [['receivedAt', 1]],
    limit: MOST_ROWS,
  });
  return found;
}

/** The row with these fields set; a row that is no object becomes one. @throws AppError for what is not field=value. */
function mended(stream: Stream, row: unknown, set: readonly string[], zone: string): unknown {
  if (set.length === 0) return row;
  const read = cellReader(stream, zone, () => undefined);
  const fields = set.map((text) => {
    const at = text.indexOf('=');
    if (at <= 0) throw new AppError('input.invalid', `set: “${text.slice(0, 60)}” is not field=value`);
    const field = text.slice(0, at).trim();
    return [field, read(field, text.slice(at + 1).trim())] as const;
  });
  const old = typeof row === 'object' && row !== null && !Array.isArray(row) ? row : {};
  return { ...old, ...Object.fromEntries(fields) };
}
