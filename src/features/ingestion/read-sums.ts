// Reads the sums of one grouping: whole days of the zone from the days' rollups, the rest in quarters of an hour.
import {
  type RollupSpan,
  type StreamRollup,
  slotsOf,
  streamRollupId,
} from '../../../models/stream-rollup.ts';
import { AppError } from '../../core/errors.ts';
import type { RollupCell, RollupQuery } from '../../core/rollups.ts';
import type { Records, Stored, Where } from '../../core/store.ts';
import type { Stream } from '../../core/stream.ts';
import { dayIn, QUARTER_MS, startOfDay } from './days.ts';
import { splitValue } from './stream-values.ts';
import { cellsIn } from './sums.ts';

export interface SumsQuestion {
  readonly rollups: Records<StreamRollup>;
  readonly tenant: string;
  readonly stream: Stream;
  readonly grouping: readonly string[];
  /** Which of the stream's measures. */
  readonly place: number;
  readonly query: RollupQuery;
  /** The zone of the days that are kept, where days will do; undefined where quarters are wanted. */
  readonly zone: string | undefined;
}

const IDS_AT_ONCE = 1_000;
/** Twenty-seven years of facts on every day. */
const MOST_RECORDS = 10_000;

/** Slots from `first` to before `end`, counted since the epoch. */
interface Stretch {
  readonly span: RollupSpan;
  readonly first: number;
  readonly end: number;
}

/** Cells in order of time, those of one time in order of their value. */
export async function readSums(question: SumsQuestion): Promise<RollupCell[]> {
  const parts = await Promise.all(stretchesOf(question).map((stretch) => cellsOf(question, stretch)));
  return parts.flat();
}

function stretchesOf({ zone, query: { from, to } }: SumsQuestion): readonly Stretch[] {
  const first = Math.ceil(from.getTime() / QUARTER_MS);
  const end = Math.ceil(to.getTime() / QUARTER_MS);
  const quarters = { span: 'quarter', first, end } as const;
  if (zone === undefined) return [quarters];
  const firstDay = firstWholeDay(zone, from);
  const endDay = dayIn(zone, to);
  if (endDay <= firstDay) return [quarters];
  return [
    { ...quarters, end: quarterOf(zone, firstDay) },
    { span: 'day', first: firstDay, end: endDay },
    { ...quarters, first: quarterOf(zone, endDay) },
  ];
}

function firstWholeDay(zone: string, from: Date): number {
  const day = dayIn(zone, from);
  return startOfDay(zone, day) < from ? day + 1 : day;
}

const quarterOf = (zone: string, day: number): number =>
  Math.ceil(startOfDay(zone, day).getTime() / QUARTER_MS);

async function cellsOf(question: SumsQuestion, { span, first, end }: Stretch): Promise<RollupCell[]> {
  if (end <= first) return [];
  const { rollups, tenant, stream, grouping } = question;
  const firstBlock = Math.floor(first / slotsOf[span]);
  const count = Math.ceil(end / slotsOf[span]) - firstBlock;
  const grouped = grouping.join(',');
  const found = await byRange(rollups, count, {
    idAt: (n) => streamRollupId(tenant, stream.name, grouped, span, firstBlock + n),
    where: {
      stream: stream.name,
      grouping: grouped,
      span,
      block: { gte: firstBlock, lt: firstBlock + count },
    },
  });
  return found
    .sort((a, b) => a.block - b.block)
    .flatMap((rollup) => cellsInRollup(question, rollup, first, end));
}

/**
 * Records in a row, in no order: of a few by their ids, of many those that there are.
 * @throws AppError `input.invalid` when there are more than anybody can mean.
 */
export async function byRange<T extends Stored>(
  records: Records<T>,
  count: number,
  range: { readonly idAt: (n: number) => string; readonly where: Where<T> },
): Promise<T[]> {
  if (count <= IDS_AT_ONCE) {
    const ids = Array.from({ length: count }, (_, n) => range.idAt(n));
    return records.find({ where: { _id: { in: ids } }, limit: ids.length });
  }
  const found = await records.find({ where: range.where, limit: MOST_RECORDS + 1 });
  if (found.length <= MOST_RECORDS) return found;
  throw new AppError(
    'input.invalid',
    `The range has facts on more than ${MOST_RECORDS} days; ask for fewer.`,
  );
}

function cellsInRollup(
  { grouping, place, stream, zone, query: { by, where = {} } }: SumsQuestion,
  { span, block, sums }: StreamRollup,
  first: number,
  end: number,
): RollupCell[] {
  const step = stream.measures.length + 1;
  const slots = slotsOf[span];
  const found: { readonly slot: number; readonly value: string; readonly total: number }[] = [];
  for (const [value, cells] of cellsIn(sums)) {
    const parts = splitValue(value);
    if (grouping.some((name, at) => where[name] !== undefined && where[name] !== parts[at])) continue;
    const shown = by === undefined ? '' : (parts[grouping.indexOf(by)] ?? '');
    for (let at = 0; at < cells.length; at += step) {
      const slot = block * slots + (cells[at] ?? 0);
      if (slot >= first && slot < end) found.push({ slot, value: shown, total: cells[at + 1 + place] ?? 0 });
    }
  }
  found.sort((a, b) => a.slot - b.slot);
  const startOf =
    span === 'day' ? createStarts(zone ?? 'UTC') : (slot: number) => new Date(slot * QUARTER_MS);
  return found.map(({ slot, value, total }) => ({ start: startOf(slot), value, total }));
}

/** The starts of days, each worked out once: a day has as many cells as the dimension has values. */
function createStarts(zone: string): (day: number) => Date {
  const known = new Map<number, Date>();
  return (day) => {
    const start = known.get(day) ?? startOfDay(zone, day);
    known.set(day, start);
    return start;
  };
}
