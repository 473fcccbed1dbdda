// Judges one row of a stream: the statement it makes, or the field that is wrong and why.

import { problemsOf } from '../../core/problems.ts';
import type { FactData, Stream } from '../../core/stream.ts';
import { withPaise } from './money-words.ts';

/** What a good row says. */
export interface Statement {
  readonly externalId: string;
  readonly at: Date;
  readonly statedAt: Date | null;
  readonly revision: number | null;
  readonly data: FactData | null;
  /** Whom it is about, where its data cannot say: a statement that takes back what was said. */
  readonly subject?: string;
}

export interface Refusal {
  readonly id: string | null;
  readonly field: string;
  readonly reason: string;
}

const FUTURE_MS = 24 * 60 * 60 * 1000;
const EARLIEST = Date.UTC(1970, 0, 1);

/** Judges rows of one stream at a time. Total: any value gives a statement or a refusal. */
export function createJudge(stream: Stream): (raw: unknown, now: Date) => Statement | Refusal {
  const money = Object.keys(stream.row.shape).filter((field) => field.endsWith('Paise'));
  return (raw, now) => {
    if (!isObject(raw)) return { id: null, field: 'row', reason: 'is not an object of fields' };
    const { unreadable } = raw;
    if (typeof unreadable === 'string')
      return { id: null, field: 'row', reason: `“${unreadable.slice(0, 60)}” is not JSON` };
    const id = typeof raw['id'] === 'string' ? raw['id'].slice(0, 200) : null;
    const exact = withPaise(raw, money);
    if ('field' in exact) return { id, ...exact };
    const parsed = stream.row.safeParse(exact.row);
    if (!parsed.success) {
      const [first] = problemsOf(stream.row, exact.row);
      return { id, field: first?.field ?? 'row', reason: reasonOf(first) };
    }
    return stated(parsed.data, id, now);
  };
}

export function isRefusal(judged: Statement | Refusal): judged is Refusal {
  return 'reason' in judged;
}

function stated(row: Readonly<Record<string, unknown>>, id: string | null, now: Date): Statement | Refusal {
  const { id: externalId, at, updatedAt, revision, ...fields } = row;
  const when = new Date(String(at));
  if (when.getTime() > now.getTime() + FUTURE_MS || when.getTime() < EARLIEST)
    return { id, field: 'at', reason: `“${String(at)}” is more than a day ahead, or before 1970` };
  return {
    externalId: String(externalId),
    at: when,
    statedAt: updatedAt === undefined ? null : new Date(String(updatedAt)),
    revision: typeof revision === 'number' ? revision : null,
    data: plainData(fields),
  };
}

function plainData(fields: Readonly<Record<string, unknown>>): FactData {
  const data: Record<string, string | number | boolean> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      data[field] = value;
  }
  return data;
}

function reasonOf(problem: { readonly problem: string; readonly example?: string } | undefined): string {
  if (!problem) return 'does not fit';
  return problem.example === undefined
    ? problem.problem
    : `${problem.problem} — for example ${problem.example}`;
}

function isObject(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
