// How the verbs of the protocol answer: what runs, what ran, and when it runs next.
import type { Ctx, Language } from '../../core/context.ts';
import {
  context,
  fields,
  list,
  type Reply,
  reply,
  type Span,
  type Text,
  table,
  text,
  withStatus,
} from '../../core/reply.ts';
import type { ShownAction, ShownRun } from './shapes.ts';
import { saidTime, words } from './words.ts';

type Reader = Pick<Ctx, 'zone' | 'language'>;

export function startedReply({ id, steps }: ShownRun, language: Language): Reply {
  const say = words[language];
  return reply(say.started(steps.map(({ name }) => name)), context([say.progress, { code: id }]));
}

interface Standing {
  readonly running: string | null;
  readonly pausedUntil: string | null;
  readonly nextAt: string;
  readonly last: ShownRun | null;
}

export function statusReply({ running, pausedUntil, nextAt, last }: Standing, reader: Reader): Reply {
  const say = words[reader.language];
  const fact = running
    ? say.running(running)
    : pausedUntil
      ? say.pausedUntil(saidTime(pausedUntil, reader))
      : say.nextAt(saidTime(nextAt, reader));
  const lastRun = last ? say.lastRun(last.status, last.id) : say.never;
  return withStatus(pausedUntil ? 'look' : 'ok', reply(fact, fields({ [say.last]: lastRun })));
}

export function historyReply(runs: readonly ShownRun[], reader: Reader): Reply {
  const say = words[reader.language];
  if (runs.length === 0) return reply(say.noRuns, context(say.runNow));
  const columns = say.columns.map((label) => ({ label }));
  const rows = runs.map((run): Text[] => [
    [{ code: run.id }],
    run.slotStart ? saidTime(run.slotStart, reader) : say.onDemand,
    say.runStatus[run.status],
    stepsOf(run, reader.language),
  ]);
  return reply(say.counted(runs.length), table(columns, rows));
}

function stepsOf({ steps }: ShownRun, language: Language): Text {
  const { stepStatus } = words[language];
  if (language === 'en') return steps.map(({ name, status }) => `${name} ${stepStatus[status]}`).join(', ');
  return steps.flatMap(({ name, status }, index): Span[] => [
    index === 0 ? '' : ', ',
    { code: name },
    ` ${stepStatus[status]}`,
  ]);
}

/** One run with its steps, and what they did. */
export function showReply(run: ShownRun, actions: readonly ShownAction[], language: Language): Reply {
  const say = words[language];
  const steps = run.steps.map(({ name, status, summary }) => [
    name,
    `${say.stepStatus[status]}: ${summary || '—'}`,
  ]);
  const done = actions.map((one) => `${one.step}: ${one.summary}`);
  return reply(
    say.shown(run.status, run.id),
    fields(Object.fromEntries(steps)),
    ...(done.length > 0 ? [list(done)] : []),
  );
}

export function pausedReply(pausedUntil: string, reader: Reader): Reply {
  const say = words[reader.language];
  return withStatus('look', reply(say.paused(saidTime(pausedUntil, reader)), text(say.onDemandGoesOn)));
}

export const resumedReply = (language: Language): Reply => withStatus('ok', reply(words[language].resumed));
