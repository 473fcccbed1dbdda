// Keeps rows that no stream could take, with what is wrong with them, for thirty days.
import { createHash } from 'node:crypto';
import type { StreamReject } from '../../../models/stream-reject.ts';
import type { Ctx } from '../../core/context.ts';
import { derivedId } from '../../core/ids.ts';
import type { RecordCollection, Records } from '../../core/store.ts';
import type { Refusal } from './judge-row.ts';
import { maskedFields, maskedText } from './masking.ts';
import type { Streams } from './streams.ts';

const MOST_CHARACTERS = 8_000;

export interface RejectedRow {
  readonly raw: unknown;
  readonly refusal: Refusal;
}

/** Keeps each bad row once, however often it comes: the same text of one source is the same reject. */
export async function keepRejects(
  rejects: RecordCollection<StreamReject>,
  ctx: Pick<Ctx, 'tenant' | 'door'>,
  place: { readonly stream: string; readonly source: string; readonly receivedAt: Date },
  rows: readonly RejectedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await rejects.scoped(ctx.tenant).insertMany(
    rows.map(({ raw, refusal: { field, reason } }) => {
      const text = JSON.stringify(raw) ?? 'null';
      const digest = createHash('sha256').update(text).digest('hex');
      const row = text.slice(0, MOST_CHARACTERS);
      const cut = row.length < text.length;
      const body = {
        ...place,
        row,
        cut,
        field,
        reason,
        door: ctx.door,
        status: 'open' as const,
        mendedBy: null,
      };
      return { id: derivedId('rej', ctx.tenant, place.stream, place.source, digest), body };
    }),
  );
}

export interface RejectsView {
  readonly open: number;
  /** The newest first, with personal fields masked. */
  readonly rejects: readonly StreamReject[];
}

/** The rows that are refused now. */
export async function listRejects(
  rejects: Records<StreamReject>,
  streams: Streams,
  { stream, limit }: { readonly stream?: string | undefined; readonly limit: number },
): Promise<RejectsView> {
  const where = { status: 'open', ...(stream === undefined ? {} : { stream }) };
  const [open, found] = await Promise.all([
    rejects.count(where),
    rejects.find({ where, sort: [['receivedAt', -1]], limit }),
  ]);
  return { open, rejects: found.map((reject) => ({ ...reject, ...masked(streams, reject) })) };
}

/** The reason quotes what was given, so it is masked as well. */
function masked(streams: Streams, { stream, row, cut, field, reason }: StreamReject) {
  const personal = streams.get(stream)?.personal ?? [];
  const value: unknown = cut ? null : JSON.parse(row);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    row: isObject
      ? JSON.stringify(maskedFields({ personal }, { ...value }))
      : cut && personal.length > 0
        ? '«too long to be shown masked»'
        : maskedText(row),
    reason: personal.includes(field) ? 'does not fit' : maskedText(reason),
  };
}
