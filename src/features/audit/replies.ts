// How the verbs of the audit log answer.
import type { Ctx, Language } from '../../core/context.ts';
import { type Block, context, list, type Reply, reply, table, withStatus } from '../../core/reply.ts';
import type { ShownChain, ShownRow } from './shapes.ts';
import { words } from './words.ts';

const SHOWN_PROBLEMS = 10;

export function listReply(
  rows: readonly ShownRow[],
  total: number,
  { zone, language }: Pick<Ctx, 'zone' | 'language'>,
): Reply {
  const say = words[language];
  if (rows.length === 0) return reply(say.nothing);
  const style = { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' } as const;
  const time = new Intl.DateTimeFormat(say.locale, style);
  const columns = say.columns.map((label) => ({ label }));
  const cells = rows.map(({ at, who, operation, outcome, target, door }) => [
    time.format(new Date(at)),
    who,
    outcome === 'done' ? operation : `${operation} (${say.outcome[outcome]})`,
    target,
    door,
  ]);
  return reply(say.counted(rows.length, total), table(columns, cells), context(say.times(zone)));
}

/** Whether the chain holds, and the first things that are wrong with it. */
export function verifiedReply(chain: ShownChain, language: Language): Reply {
  const { holds, blocks, rows, open, head, problemCount, problems } = chain;
  const say = words[language];
  const rest: Block[] = [context(head ? say.head(`${head.n}:${head.hash}`) : say.noBlock)];
  if (open > 0) rest.unshift(context(say.unsealed(open)));
  if (holds) return withStatus('ok', reply(say.holds(rows, blocks), ...rest));
  const wrong = list(problems.slice(0, SHOWN_PROBLEMS).map(({ text }) => text));
  return withStatus('act', reply(say.broken(problemCount, blocks), wrong, ...rest));
}
