// Takes facts in: judges rows, writes the good ones once, keeps the bad ones, and has them folded.
import type { StreamReceipt } from '../../../models/stream-receipt.ts';
import type { StreamReject } from '../../../models/stream-reject.ts';
import type { Ctx } from '../../core/context.ts';
import { derivedId } from '../../core/ids.ts';
import type { FactDoor, Ingested, JudgedRow, Origin, RowCounts, RowResult } from '../../core/ingestion.ts';
import type { RollupReader } from '../../core/rollups.ts';
import type { FactCollection, RecordCollection } from '../../core/store.ts';
import type { Stream } from '../../core/stream.ts';
import { traceOf } from '../../core/trace.ts';
import type { FoldOptions } from './fold.ts';
import { type ImportOutcome, type ImportRequest, importFacts } from './import.ts';
import { createJudge, isRefusal, type Refusal, type Statement } from './judge-row.ts';
import { overviewOf, type StreamOverview } from './overview.ts';
import { createRollupReader } from './reader.ts';
import { keepRejects, listRejects, type RejectsView } from './rejects.ts';
import { type Replayed, type ReplayWish, replayRejects } from './replay.ts';
import { type Streams, streamNamed } from './streams.ts';
import { writeFacts } from './write-facts.ts';

export interface IngestionOptions {
  readonly stores: FoldOptions['stores'] & {
    readonly receipts: FactCollection<StreamReceipt>;
    readonly rejects: RecordCollection<StreamReject>;
  };
  readonly streams: Streams;
  /** Wakes the fold. */
  readonly nudge: () => void;
  /** Told what became of the rows of a stream, for figures of this process. */
  readonly onIngested: (stream: string, counts: RowCounts) => void;
}

export interface Ingestion extends FactDoor {
  readonly reader: RollupReader;
  /** @see importFacts; days without a time are those of the caller's zone. */
  importFile(
    ctx: Ctx,
    stream: string,
    request: Omit<ImportRequest, 'stream' | 'zone' | 'language'>,
  ): Promise<ImportOutcome>;
  /** Rows that are refused now, masked as people may see them. */
  rejects(
    ctx: Pick<Ctx, 'tenant'>,
    wish: { readonly stream?: string | undefined; readonly limit: number },
  ): Promise<RejectsView>;
  /** @see replayRejects */
  replay(ctx: Ctx, wish: ReplayWish): Promise<Replayed>;
  /** How every stream stands, in the order they are declared. */
  overview(ctx: Pick<Ctx, 'tenant' | 'now'>): Promise<readonly StreamOverview[]>;
}

type Judged = Statement | Refusal;

export function createIngestion(options: IngestionOptions): Ingestion {
  const { stores, streams } = options;
  const judges = new Map<string, ReturnType<typeof createJudge>>();
  const judgeOf = (stream: Stream): ReturnType<typeof createJudge> => {
    const judge = judges.get(stream.name) ?? createJudge(stream);
    judges.set(stream.name, judge);
    return judge;
  };

  async function ingest(ctx: Ctx, name: string, raws: readonly unknown[], origin: Origin): Promise<Ingested> {
    const stream = streamNamed(streams, name);
    const judge = judgeOf(stream);
    const judged = raws.map((raw) => judge(raw, ctx.now));
    const receiptId = derivedId('rcp', ctx.tenant, stream.name, origin.source, ctx.effectKey);
    const known = await stores.receipts.scoped(ctx.tenant).get(receiptId);
    if (known && known.rows === raws.length) return ingestedOf(judged, resultsIn(known));
    const receivedAt = origin.receivedAt ?? ctx.now;
    const results = await write(ctx, stream, judged, { ...origin, receivedAt, effect: receiptId });
    await keepRejects(
      stores.rejects,
      ctx,
      { stream: stream.name, source: origin.source, receivedAt },
      judged.flatMap((one, at) => (isRefusal(one) ? [{ raw: raws[at], refusal: one }] : [])),
    );
    const ingested = ingestedOf(judged, results);
    if (ctx.door !== 'webhook') await keepReceipt(ctx, receiptId, stream, origin, ingested);
    options.onIngested(stream.name, ingested.counts);
    options.nudge();
    return ingested;
  }

  /** Of rows that share an id the newest is written; the others are told that it replaced them. */
  async function write(
    { tenant }: Ctx,
    stream: Stream,
    judged: readonly Judged[],
    place: { readonly source: string; readonly receivedAt: Date; readonly effect: string },
  ): Promise<RowResult[]> {
    const newest = new Map<string, { readonly at: number; readonly statement: Statement }>();
    for (const [at, statement] of judged.entries()) {
      if (isRefusal(statement)) continue;
      const other = newest.get(statement.externalId);
      if (!other || isLater(statement, other.statement)) newest.set(statement.externalId, { at, statement });
    }
    const chosen = [...newest.values()];
    const facts = stores.facts.scoped(tenant);
    const written = await writeFacts(
      { facts, tenant, stream, ...place },
      chosen.map(({ statement }) => statement),
    );
    const results = judged.map((one): RowResult => (isRefusal(one) ? 'rejected' : 'older'));
    for (const [n, { at }] of chosen.entries()) results[at] = written[n] ?? 'duplicate';
    return results;
  }

  async function keepReceipt(
    ctx: Ctx,
    id: string,
    stream: Stream,
    { source }: Origin,
    { counts, rows }: Ingested,
  ): Promise<void> {
    const results = rows.map(({ result }) => result[0]).join('');
    const body = { stream: stream.name, source, door: ctx.door, receivedAt: ctx.now, rows: rows.length };
    const trace = traceOf(ctx, { target: id, after: { stream: stream.name, source, ...counts } });
    await stores.receipts.scoped(ctx.tenant).insertOnce(id, { ...body, ...counts, results }, trace);
  }

  return {
    ingest,
    importFile: (ctx, name, request) => {
      const stream = streamNamed(streams, name);
      return importFacts({ ingest }, ctx, { ...request, stream, zone: ctx.zone, language: ctx.language });
    },
    rejects: ({ tenant }, wish) => listRejects(stores.rejects.scoped(tenant), streams, wish),
    replay: (ctx, wish) =>
      replayRejects({ rejects: stores.rejects.scoped(ctx.tenant), streams, door: { ingest } }, ctx, wish),
    reader: createRollupReader(stores, streams),
    overview: ({ tenant, now }) => {
      const { facts, states, rejects } = stores;
      const scoped = {
        facts: facts.scoped(tenant),
        states: states.scoped(tenant),
        rejects: rejects.scoped(tenant),
      };
      return overviewOf(scoped, tenant, streams.values(), now);
    },
  };
}

function isLater(one: Statement, other: Statement): boolean {
  const stated = (one.statedAt?.getTime() ?? 0) - (other.statedAt?.getTime() ?? 0);
  if (one.statedAt && other.statedAt && stated !== 0) return stated > 0;
  return (one.revision ?? 0) >= (other.revision ?? 0);
}

function resultsIn({ results }: StreamReceipt): RowResult[] {
  const letters: Readonly<Record<string, RowResult>> = {
    a: 'accepted',
    c: 'corrected',
    d: 'duplicate',
    o: 'older',
    r: 'rejected',
  };
  return [...results].map((letter) => letters[letter] ?? 'duplicate');
}

function ingestedOf(judged: readonly Judged[], results: readonly RowResult[]): Ingested {
  const counts = { accepted: 0, corrected: 0, duplicate: 0, older: 0, rejected: 0 };
  const rows = judged.map((one, at): JudgedRow => {
    const result = results[at] ?? 'duplicate';
    counts[result] += 1;
    if (isRefusal(one)) return { row: at + 1, id: one.id, result, field: one.field, reason: one.reason };
    return { row: at + 1, id: one.externalId, result };
  });
  return { counts, rows };
}
