// Imports a file of facts: judged whole first, then written so that running it again finishes it or changes nothing.
import { canonicalJson } from '../../core/canonical.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError, type FieldProblem } from '../../core/errors.ts';
import type { FactDoor, RowCounts } from '../../core/ingestion.ts';
import type { Stream } from '../../core/stream.ts';
import { type FileRequest, type FileRow, readFactFile } from './fact-file.ts';
import { createJudge, isRefusal } from './judge-row.ts';

export interface ImportRequest extends FileRequest {
  readonly stream: Stream;
  readonly source: string;
  readonly dryRun: boolean;
  readonly acceptGood: boolean;
}

export interface ImportOutcome {
  readonly rows: number;
  readonly counts: RowCounts;
  readonly notes: readonly string[];
  /** The first lines that could not be taken. */
  readonly refused: readonly FieldProblem[];
}

const CHUNK_ROWS = 10_000;
const SHOWN = 20;

/**
 * @throws AppError `input.bad_file` naming bad lines, unless the good ones are to be taken; nothing is written then.
 */
export async function importFacts(door: FactDoor, ctx: Ctx, request: ImportRequest): Promise<ImportOutcome> {
  const { stream, source, dryRun, acceptGood } = request;
  const { rows, notes } = readFactFile(stream, request);
  const { good, bad, repeated } = judged(stream, rows, ctx.now);
  if (bad.length > 0 && !acceptGood) throw refusedFile(bad, rows.length);
  const counts = { accepted: 0, corrected: 0, duplicate: repeated, older: 0, rejected: bad.length };
  const outcome = { rows: rows.length, notes, refused: bad.slice(0, SHOWN).map(({ problem }) => problem) };
  if (dryRun) return { ...outcome, counts: { ...counts, accepted: good.length } };
  const taken = [...good, ...bad.map(({ raw }) => raw)];
  for (let start = 0; start < taken.length; start += CHUNK_ROWS) {
    const effectKey = `${ctx.effectKey}:${start}`;
    const some = taken.slice(start, start + CHUNK_ROWS);
    const written = await door.ingest({ ...ctx, effectKey }, stream.name, some, { source });
    for (const result of ['accepted', 'corrected', 'duplicate', 'older'] as const)
      counts[result] += written.counts[result];
  }
  return { ...outcome, counts };
}

interface BadRow {
  readonly raw: unknown;
  readonly problem: FieldProblem;
}

/**
 * A file that says two things of one id without saying which is newer could end in either: its later row is bad.
 * A row that stands twice counts once.
 */
function judged(stream: Stream, rows: readonly FileRow[], now: Date) {
  const judge = createJudge(stream);
  const seen = new Map<string, { readonly line: number; readonly said: string; readonly stated: boolean }>();
  const good: unknown[] = [];
  const bad: BadRow[] = [];
  let repeated = 0;
  for (const { line, raw } of rows) {
    const one = judge(raw, now);
    if (isRefusal(one)) {
      bad.push({ raw, problem: { field: `line ${line}`, problem: `${one.field}: ${one.reason}` } });
      continue;
    }
    const said = canonicalJson(raw);
    const stated = one.statedAt !== null || one.revision !== null;
    const before = seen.get(one.externalId);
    if (before?.said === said) repeated += 1;
    else if (before && !(before.stated && stated)) {
      const problem = `id: “${one.externalId.slice(0, 60)}” stands on line ${before.line} already, with other values`;
      bad.push({ raw, problem: { field: `line ${line}`, problem } });
    } else {
      seen.set(one.externalId, { line, said, stated });
      good.push(raw);
    }
  }
  return { good, bad, repeated };
}

function refusedFile(bad: readonly BadRow[], rows: number): AppError {
  const shown = bad.slice(0, SHOWN).map(({ problem }) => `${problem.field}: ${problem.problem}`);
  const more = bad.length > SHOWN ? [`… and ${bad.length - SHOWN} more`] : [];
  const first = `Nothing was imported: ${bad.length} of ${rows} rows cannot be taken.`;
  const mend = 'Mend them, or take the good ones with --accept-good; the bad ones are then kept as rejects.';
  return new AppError('input.bad_file', [first, ...shown, ...more, mend].join('\n'), {
    fields: bad.slice(0, SHOWN).map(({ problem }) => problem),
  });
}
