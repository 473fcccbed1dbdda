// The page of tasks: how many are pending, each with what can be done about it, and the ways to add more.
import type { ReactElement } from 'react';
import type { Task, TaskPriority, TaskStatus } from '../../../models/task.ts';
import { operationNamed } from '../../core/operation.ts';
import type { Status } from '../../core/reply.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { FilterForm } from '../../ui/components/filter-form.tsx';
import { Badge, StatusMark } from '../../ui/components/status.tsx';
import { type TableQuery, tableQuery } from '../../ui/components/table-query.ts';
import { RelativeTime } from '../../ui/components/time.tsx';
import { formatCount, ShortId } from '../../ui/components/values.tsx';
import type { Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import { mayRun, PermittedForm } from '../../ui/permitted-form.tsx';
import { taskOperations } from './operations.ts';
import { type TaskService, type TaskView, taskViews } from './service.ts';

const page = pagesOf<{ readonly tasks: TaskService }>();
const add = operationNamed(taskOperations, 'task.add');
const take = operationNamed(taskOperations, 'task.take');
const done = operationNamed(taskOperations, 'task.done');
const drop = operationNamed(taskOperations, 'task.drop');
const importTasks = operationNamed(taskOperations, 'task.import');

const HERE = '/admin/pending';

interface Model {
  readonly view: TaskView;
  readonly tasks: readonly Task[];
  readonly total: number;
  /** Open or taken, whatever the view. */
  readonly pending: number;
  readonly query: TableQuery;
}

export const pendingPage = page({
  path: HERE,
  permission: 'task.read',
  menu: { section: 'Protocol', label: 'Tasks', order: 60, icon: 'tasks' },
  load: async ({ services, ...ctx }, asked): Promise<Model> => {
    const view = taskViews.find((one) => one === asked['view']) ?? 'pending';
    const query = tableQuery(asked, [], 'rank');
    const { tasks, total } = await services.tasks.list(ctx, view, query.limit, query.skip);
    const pending = view === 'pending' ? total : (await services.tasks.list(ctx, 'pending', 1)).total;
    return { view, tasks, total, pending, query };
  },
  title: 'Tasks',
  view: (model, frame) => <TasksView {...model} frame={frame} />,
  action: (_, frame) =>
    mayRun(frame, add) && (
      <a className="button" href="#add">
        Add a task
      </a>
    ),
  waiting: async ({ services, ...ctx }) => (await services.tasks.list(ctx, 'mine', 1)).total,
});

export const taskPages = [pendingPage];

function TasksView({
  view,
  tasks,
  total,
  pending,
  query,
  frame,
}: Model & { readonly frame: Frame }): ReactElement {
  return (
    <>
      <p className="headline">
        <StatusMark status={pending === 0 ? 'ok' : 'look'} word={pendingWords(pending)} />
      </p>
      <FilterForm
        frame={frame}
        filters={[{ name: 'view', label: 'Which', choices: viewChoices, none: viewWords.pending.label }]}
      />
      <DataTable
        frame={frame}
        caption={viewWords[view].caption}
        columns={columnsOf(frame)}
        rows={tasks}
        rowKey={(task) => task._id}
        total={total}
        query={query}
        empty={{
          why: viewWords[view].empty,
          ...(view === 'pending' ? {} : { next: { label: 'Show what is pending', href: HERE } }),
        }}
        {...(mayRun(frame, take)
          ? { actions: (task: Task) => <TaskActions task={task} frame={frame} /> }
          : {})}
      />
      {mayRun(frame, add) && (
        <section aria-labelledby="add">
          <h2 id="add">Add a task</h2>
          <PermittedForm frame={frame} operation={add} label="Add task" tone="primary" />
        </section>
      )}
      <ImportSection frame={frame} />
    </>
  );
}

/** The line that tells at a glance whether anything is left. */
const pendingWords = (pending: number): string =>
  `${formatCount(pending)} ${pending === 1 ? 'TASK' : 'TASKS'} PENDING`;

const viewWords: Readonly<
  Record<TaskView, { readonly label: string; readonly caption: string; readonly empty: string }>
> = {
  pending: {
    label: 'Pending',
    caption: 'Pending tasks',
    empty: 'Nothing is pending. Audits, the protocol and people add tasks when there is something to do.',
  },
  mine: { label: 'Mine', caption: 'Tasks that you hold', empty: 'You hold no task.' },
  done: { label: 'Done', caption: 'Tasks that are done', empty: 'No task was finished yet.' },
  dropped: { label: 'Dropped', caption: 'Tasks that were dropped', empty: 'No task was dropped.' },
  all: { label: 'All', caption: 'All tasks', empty: 'There is no task yet.' },
};

/** Without a choice the page shows what is pending. */
const viewChoices = taskViews
  .filter((view) => view !== 'pending')
  .map((value) => ({ value, label: viewWords[value].label }));

function columnsOf(frame: Frame): readonly TableColumn<Task>[] {
  return [
    { key: 'title', label: 'Task', cell: (task) => <TitleCell task={task} /> },
    { key: 'id', label: 'Id', cell: (task) => <ShortId id={task._id} /> },
    { key: 'category', label: 'Category', cell: (task) => task.category },
    { key: 'priority', label: 'Priority', cell: (task) => <Priority of={task.priority} /> },
    { key: 'status', label: 'Status', cell: (task) => statusWords[task.status] },
    { key: 'owner', label: 'Owner', cell: (task) => task.ownerName ?? '—' },
    {
      key: 'age',
      label: 'Added',
      cell: (task) => <RelativeTime at={task.createdAt} now={frame.now} zone={frame.zone} />,
    },
  ];
}

function TitleCell({ task }: { readonly task: Task }): ReactElement {
  return (
    <>
      {task.title}
      {task.note !== '' && <small className="line quiet-text">{task.note}</small>}
    </>
  );
}

const statusWords: Readonly<Record<TaskStatus, string>> = {
  open: 'Open',
  taken: 'Taken',
  done: 'Done',
  dropped: 'Dropped',
};

const priorityMarks: Readonly<Record<TaskPriority, Status | undefined>> = {
  critical: 'act',
  high: 'look',
  medium: undefined,
  low: undefined,
};

function Priority({ of }: { readonly of: TaskPriority }): ReactElement {
  const status = priorityMarks[of];
  return <Badge {...(status ? { status } : {})}>{of}</Badge>;
}

function TaskActions({ task, frame }: { readonly task: Task; readonly frame: Frame }): ReactElement | null {
  if (task.status === 'done' || task.status === 'dropped') return null;
  const input = { task: task._id };
  return (
    <>
      {task.status === 'open' && (
        <PermittedForm frame={frame} operation={take} label="Take" input={input} fields={[]} />
      )}
      <PermittedForm frame={frame} operation={done} label="Done" input={input} fields={[]} />
      <PermittedForm
        frame={frame}
        operation={drop}
        label="Drop"
        tone="danger"
        input={input}
        confirmText="Takes 1 task off the list for good; it stays under Dropped, with the reason."
      />
    </>
  );
}

function ImportSection({ frame }: { readonly frame: Frame }): ReactElement | null {
  if (!mayRun(frame, importTasks)) return null;
  return (
    <details open={frame.flash?.form?.operation === importTasks.name}>
      <summary>Import a check-list</summary>
      <p>
        Markdown, CSV or JSON; the same finding again changes nothing. From a file on the machine itself:{' '}
        <code>npm run cli -- task import findings.md --dry-run</code>
      </p>
      <PermittedForm frame={frame} operation={importTasks} label="Import tasks" />
    </details>
  );
}
