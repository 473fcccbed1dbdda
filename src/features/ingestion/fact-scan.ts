// Reads facts themselves, as they stand now: the rows behind a number, and sums that no rollup keeps.
import { createHash } from 'node:crypto';
import type { StreamFact } from '../../../models/stream-fact.ts';
import { AppError } from '../../core/errors.ts';

import type { FactRow, RollupCell, RollupQuery, RowsQuery } from '../../core/rollups.ts';
import type { Records } from '../../core/store.ts';
import type { Stream } from '../../core/stream.ts';
import { QUARTER_MS } from './days.ts';
import { maskedFields, maskedId } from './masking.ts';
import { dimensionOf, measuresOf, unitOf } from './stream-values.ts';

const PAGE_FACTS = 2_000;
/** Some facts of a page may not be counted yet, or no longer. */
const SPARE_FACTS = 20;
/** Beyond this a person should narrow the question; rollups have no such bound. */
const MOST_FACTS = 200_000;

type Filter = Readonly<Record<string, string>> | undefined;

/** The facts behind a number, the newest first and with personal fields masked; `after` goes on after the row of that id. */
export async function findRows(
  facts: Records<StreamFact>,
  stream: Stream,
  { from, to, where, after, limit }: RowsQuery,
): Promise<FactRow[]> {
  const last = after === undefined ? null : await factShownAs(facts, stream, after);
  const rows: FactRow[] = [];
  const until = last ? laterOf(last.at, to) : to;
  const page = Object.keys(where ?? {}).length > 0 ? PAGE_FACTS : Math.min(PAGE_FACTS, limit + SPARE_FACTS);
  for await (const fact of currentFacts(facts, stream, { from, to: until, page })) {
    if (last && isBefore(fact, last)) continue;
    if (!fact.data || !fits(fact.data, where)) continue;
    rows.push(shownRow(stream, fact));
    if (rows.length === limit) break;
  }
  return rows;
}

function shownRow(stream: Stream, fact: StreamFact): FactRow {
  const { source, externalId, at, receivedAt, data } = fact;
  return {
    id: shownId(stream, fact),
    source,
    externalId: maskedId(stream, externalId),
    at,
    receivedAt,
    data: maskedFields(stream, data ?? {}),
  };
}

/** The id of a row; where ids are personal, its instant and a digest: enough to go on after it, and nobody's name. */
function shownId({ personal }: Stream, { _id: id, at }: StreamFact): string {
  return personal.includes('id')
    ? `${at.getTime()}~${createHash('sha256').update(id).digest('hex').slice(0, 20)}`
    : id;
}

/** The fact of a row that was shown; null where it is there no more. */
async function factShownAs(
  facts: Records<StreamFact>,
  stream: Stream,
  shown: string,
): Promise<StreamFact | null> {
  const [, atMs] = /^(\d{1,15})~/.exec(shown) ?? [];
  if (atMs === undefined) return await facts.get(shown);
  const where = { stream: stream.name, current: true, at: new Date(Number(atMs)) };
  const alike = await facts.find({ where, sort: [['_id', 1]], limit: PAGE_FACTS });
  return alike.find((fact) => shownId(stream, fact) === shown) ?? null;
}

/** The sums of a measure by quarter of an hour, added up fact by fact. @throws AppError when there are too many. */
export async function sumFacts(
  facts: Records<StreamFact>,
  stream: Stream,
  place: number,
  { from, to, where, by }: RollupQuery,
): Promise<RollupCell[]> {
  const sums = new Map<string, RollupCell>();
  for await (const { bucket, data } of boundedFacts(facts, stream, from, to)) {
    if (!data || !fits(data, where)) continue;
    const value = by === undefined ? '' : dimensionOf(data, by);
    const key = `${bucket}:${value}`;
    const total = (sums.get(key)?.total ?? 0) + (measuresOf(stream, data)[place] ?? 0);
    sums.set(key, { start: new Date(bucket * QUARTER_MS), value, total });
  }
  return [...sums.values()].sort(
    (a, b) => a.start.getTime() - b.start.getTime() || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0),
  );
}

/** How many different units there are among the facts. @throws AppError when there are too many facts. */
export async function countDistinct(
  facts: Records<StreamFact>,
  stream: Stream,
  { from, to, where, unit }: Omit<RollupQuery, 'measure' | 'by'> & { readonly unit: string },
): Promise<number> {
  const units = stream.units.filter(({ name }) => name === unit);
  const seen = new Set<string>();
  for await (const { data } of boundedFacts(facts, stream, from, to)) {
    if (!data || !fits(data, where)) continue;
    for (const one of units) {
      const value = unitOf(one, data);
      if (value !== null) seen.add(value);
    }
  }
  return seen.size;
}

async function* boundedFacts(
  facts: Records<StreamFact>,
  stream: Stream,
  from: Date,
  to: Date,
): AsyncGenerator<StreamFact> {
  let read = 0;
  for await (const fact of currentFacts(facts, stream, { from, to, page: PAGE_FACTS })) {
    read += 1;
    if (read > MOST_FACTS)
      throw new AppError(
        'input.invalid',
        `This needs more than ${MOST_FACTS} facts to be read one by one; ask for fewer days, or for fewer dimensions.`,
      );
    yield fact;
  }
}

/** Folded facts that nothing replaced, from the newest to the oldest; those of one instant by id. */
async function* currentFacts(
  facts: Records<StreamFact>,
  stream: Stream,
  { from, to, page: size }: { readonly from: Date; readonly to: Date; readonly page: number },
): AsyncGenerator<StreamFact> {
  let before = to;
  let seen = new Set<string>();
  for (;;) {
    const page = await facts.find({
      where: { stream: stream.name, current: true, at: { gte: from, lte: before } },
      sort: [
        ['at', -1],
        ['_id', 1],
      ],
      limit: size + seen.size,
    });
    const fresh = page.filter((fact) => !seen.has(fact._id));
    for (const fact of fresh) if (fact.batch > 0 && fact.at < to) yield fact;
    const last = page.at(-1);
    if (!last || fresh.length < size) return;
    const next = last.at;
    const sameInstant = page.filter((fact) => fact.at.getTime() === next.getTime()).map(({ _id }) => _id);
    seen = new Set(next.getTime() === before.getTime() ? [...seen, ...sameInstant] : sameInstant);
    before = next;
  }
}

function fits(data: NonNullable<StreamFact['data']>, where: Filter): boolean {
  return Object.entries(where ?? {}).every(([field, value]) => dimensionOf(data, field) === value);
}

/** Whether a fact comes before, or is, the last one of an earlier answer. */
function isBefore(fact: StreamFact, last: StreamFact): boolean {
  const step = last.at.getTime() - fact.at.getTime();
  return step < 0 || (step === 0 && fact._id <= last._id);
}

const laterOf = (at: Date, to: Date): Date =>
  new Date(at.getTime() + 1) < to ? new Date(at.getTime() + 1) : to;
