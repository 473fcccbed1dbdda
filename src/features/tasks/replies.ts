// How the verbs of tasks answer: the fact first, then the likeliest next step.
import type { Language } from '../../core/context.ts';
import {
  type Block,
  buttons,
  context,
  list,
  type Reply,
  reply,
  type Text,
  table,
  withStatus,
} from '../../core/reply.ts';
import type { ImportOutcome, TaskView } from './service.ts';
import type { ShownTask } from './shapes.ts';
import { words } from './words.ts';

const idOf = ({ id }: ShownTask): Block => context([{ code: id }]);

export function addedReply(task: ShownTask, language: Language): Reply {
  return withStatus('ok', reply(words[language].added(task), offer(task, language), idOf(task)));
}

export function takenReply(task: ShownTask, language: Language): Reply {
  return withStatus('ok', reply(words[language].taken(task), offer(task, language), idOf(task)));
}

/** That something became of a task, where no next step is likely. */
export function movedReply(fact: Text, task: ShownTask): Reply {
  return withStatus('ok', reply(fact, idOf(task)));
}

/** The likeliest next step of a task as buttons. */
function offer({ id, status }: ShownTask, language: Language): Block {
  const { take, finish } = words[language];
  const input = { task: id };
  const done = { label: finish, operation: 'task.done', input };
  if (status !== 'open') return buttons({ ...done, style: 'primary' });
  return buttons({ label: take, operation: 'task.take', input, style: 'primary' }, done);
}

interface Listing {
  readonly total: number;
  readonly tasks: readonly ShownTask[];
}

export function listReply({ total, tasks }: Listing, view: TaskView, language: Language): Reply {
  const say = words[language];
  const fact = say.counted(total, view);
  if (total === 0) return withStatus('ok', reply(fact, context(say.addOne)));
  const rows = tasks.map((task) => [
    [{ code: task.id }],
    task.title,
    say.priority(task.priority),
    say.status[task.status],
    task.owner ?? '—',
  ]);
  const columns = say.columns.map((label) => ({ label }));
  const more = total > tasks.length ? [context(say.more(total - tasks.length))] : [];
  return withStatus(view === 'pending' ? 'look' : 'ok', reply(fact, table(columns, rows), ...more));
}

const SHOWN_PROBLEMS = 10;

export function importedReply(outcome: ImportOutcome, language: Language): Reply {
  const say = words[language];
  const fact = say.imported(outcome);
  if (outcome.refused.length === 0) return withStatus('ok', reply(fact));
  const lines = outcome.refused.slice(0, SHOWN_PROBLEMS).map(({ line, problem }) => say.line(line, problem));
  return withStatus('look', reply(fact, list(lines)));
}
