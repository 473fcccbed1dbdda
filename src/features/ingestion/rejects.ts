// Keeps rows that no stream could take, with what is wrong with them, for thirty days.
import { createHash } from 'node:crypto';
import type { StreamReject } from '../../../models/stream-reject.ts';
import type { Ctx } from '../../core/context.ts';
import { derivedId } from '../../core/ids.ts';
import type { RecordCollection } from '../../core/store.ts';
import type { Refusal } from './judge-row.ts';

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
      const body = { ...place, row, cut, field, reason, door: ctx.door, status: 'open' as const };
      return { id: derivedId('rej', ctx.tenant, place.stream, place.source, digest), body };
    }),
  );
}
