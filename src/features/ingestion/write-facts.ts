// Writes statements as facts, each once: new things at once, and for known ones a correction that names what it replaces.
import { factId, factKey, type StreamFact } from '../../../models/stream-fact.ts';
import { canonicalJson } from '../../core/canonical.ts';
import { AppError } from '../../core/errors.ts';
import type { RowResult } from '../../core/ingestion.ts';
import type { Body, Records } from '../../core/store.ts';
import type { Stream } from '../../core/stream.ts';
import { QUARTER_MS } from './days.ts';
import type { Statement } from './judge-row.ts';
import { dimensionOf } from './stream-values.ts';

export interface Writing {
  readonly facts: Records<StreamFact>;
  readonly tenant: string;
  readonly stream: Stream;
  readonly source: string;
  readonly receivedAt: Date;
  /** Names the call: a fact that carries it was written by this very call before. */
  readonly effect: string;
}

const CHUNK_ROWS = 2_000;
const MAX_TRIES = 20;
const FIRST_PROBE = 4;
const PROBE = 60;

type Result = Exclude<RowResult, 'rejected'>;

/**
 * Writes statements whose ids all differ and says what became of each, in their order. The same call again, also
 * after it was cut off, answers what it answered first.
 * @throws AppError `record.busy` when others change the same things all the while.
 */
export async function writeFacts(writing: Writing, statements: readonly Statement[]): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < statements.length; start += CHUNK_ROWS)
    results.push(...(await writeChunk(writing, statements.slice(start, start + CHUNK_ROWS))));
  return results;
}

async function writeChunk(writing: Writing, statements: readonly Statement[]): Promise<Result[]> {
  const firsts = statements.map((statement) => factOf(writing, statement, null));
  if ((await writing.facts.insertMany(firsts)) === statements.length) return statements.map(() => 'accepted');
  const results = new Map<Statement, Result>();
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const open = statements.filter((statement) => !results.has(statement));
    if (open.length === 0) return statements.map((statement) => results.get(statement) ?? 'duplicate');
    await correct(writing, open, results);
  }
  throw new AppError('record.busy', `The facts of “${writing.stream.name}” are being changed by others.`);
}

/** Settles what can be settled, and tries a correction for the rest; the next round sees whether it went in. */
async function correct(
  writing: Writing,
  statements: readonly Statement[],
  results: Map<Statement, Result>,
): Promise<void> {
  const chains = await chainsOf(
    writing,
    statements.map(({ externalId }) => externalId),
  );
  const corrections: { id: string; body: Body<StreamFact> }[] = [];
  for (const statement of statements) {
    const chain = chains.get(statement.externalId) ?? [];
    const head = chain.at(-1);
    const own = chain.find(({ effect }) => effect === writing.effect);
    if (own) results.set(statement, own.sequence === 1 ? 'accepted' : 'corrected');
    else if (head && isSame(statement, head)) results.set(statement, 'duplicate');
    else if (head && !isNewer(statement, writing.receivedAt, head)) results.set(statement, 'older');
    else corrections.push(factOf(writing, statement, head ?? null));
  }
  if (corrections.length > 0) await writing.facts.insertMany(corrections);
}

function factOf(
  writing: Writing,
  statement: Statement,
  head: StreamFact | null,
): { id: string; body: Body<StreamFact> } {
  const { tenant, stream, source, receivedAt, effect } = writing;
  const { externalId, at, statedAt, revision, data } = statement;
  const sequence = (head?.sequence ?? 0) + 1;
  const subject = statement.subject ?? (stream.subject && data ? dimensionOf(data, stream.subject) : '');
  const body = {
    stream: stream.name,
    source,
    externalId,
    sequence,
    bucket: Math.floor(at.getTime() / QUARTER_MS),
    at,
    receivedAt,
    statedAt,
    revision,
    data,
    ...(subject === '' ? {} : { subject }),
    replaces: head?._id ?? null,
    current: true,
    batch: 0,
    effect,
  };
  return { id: factId(factKey(tenant, stream.name, source, externalId), sequence), body };
}

/** Everything that was said of these things, each in its order; the sequences of a thing have no gaps. */
async function chainsOf(
  { facts, tenant, stream, source }: Writing,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, readonly StreamFact[]>> {
  const chains = new Map<string, StreamFact[]>();
  let open = externalIds;
  for (let done = 0, span = FIRST_PROBE; open.length > 0; done += span, span = PROBE) {
    const some = Math.max(1, Math.floor(CHUNK_ROWS / span));
    for (let start = 0; start < open.length; start += some) {
      const keys = open.slice(start, start + some).map((id) => factKey(tenant, stream.name, source, id));
      const ids = keys.flatMap((key) => Array.from({ length: span }, (_, n) => factId(key, done + n + 1)));
      const found = await facts.find({ where: { _id: { in: ids } }, limit: ids.length });
      for (const fact of found) {
        const chain = chains.get(fact.externalId);
        if (chain) chain.push(fact);
        else chains.set(fact.externalId, [fact]);
      }
    }
    open = open.filter((id) => (chains.get(id)?.length ?? 0) === done + span);
  }
  for (const chain of chains.values()) chain.sort((a, b) => a.sequence - b.sequence);
  return chains;
}

function isSame({ at, statedAt, revision, data }: Statement, head: StreamFact): boolean {
  return (
    at.getTime() === head.at.getTime() &&
    (statedAt?.getTime() ?? null) === (head.statedAt?.getTime() ?? null) &&
    revision === (head.revision ?? null) &&
    canonicalJson(data) === canonicalJson(head.data ?? null)
  );
}

/**
 * By the source's own time, then by its revision, then by receipt; what is equal in all of these is newer by arrival,
 * but where a revision was given the content decides, so that every order of arrival ends alike.
 */
function isNewer(statement: Statement, receivedAt: Date, head: StreamFact): boolean {
  const { statedAt, revision, data } = statement;
  const steps = [
    statedAt && head.statedAt ? statedAt.getTime() - head.statedAt.getTime() : 0,
    revision !== null && typeof head.revision === 'number' ? revision - head.revision : 0,
    receivedAt.getTime() - head.receivedAt.getTime(),
  ];
  const step = steps.find((one) => one !== 0);
  if (step !== undefined) return step > 0;
  return revision === null || canonicalJson(data) > canonicalJson(head.data ?? null);
}
