// The rules of tasks: who may hold one, what may follow what, and which come first.
import type { Task, TaskPriority } from '../../../models/task.ts';
import { taskPriorities } from '../../../models/task.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { derivedId } from '../../core/ids.ts';
import type { Body, FactCollection, Facts, Where } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import { type Finding, readFindings } from './findings.ts';
import { movedTask, noTask, refusedFile, severalTasks } from './refusals.ts';

export const taskViews = ['pending', 'mine', 'done', 'dropped', 'all'] as const;
export type TaskView = (typeof taskViews)[number];

export interface NewTask {
  readonly title: string;
  readonly category: string;
  readonly priority: TaskPriority;
}

export interface ImportOutcome {
  readonly read: number;
  readonly added: number;
  readonly known: number;
  readonly dryRun: boolean;
  readonly refused: readonly { readonly line: number; readonly problem: string }[];
}

export type TaskService = ReturnType<typeof createTaskService>;

/** The service over the collection of tasks; every method works for the tenant of its context. */
export function createTaskService({ tasks }: { readonly tasks: FactCollection<Task> }) {
  const of = (ctx: Ctx): Facts<Task> => tasks.scoped(ctx.tenant);

  /** Adds a task. The same effect again returns the task that it made. */
  async function add(ctx: Ctx, task: NewTask): Promise<Task> {
    const id = derivedId('tsk', ctx.tenant, ctx.effectKey);
    const { record } = await of(ctx).insertOnce(
      id,
      bodyOf({ ...task, source: ctx.door }),
      added(ctx, id, task.title),
    );
    return record;
  }

  /** The tasks of a view in the order of work: by priority, then the oldest first. */
  async function list(
    ctx: Ctx,
    view: TaskView,
    limit: number,
    skip = 0,
  ): Promise<{ tasks: Task[]; total: number }> {
    const where = whereOf(view, ctx.actor.id);
    const sort = [
      ['rank', 1],
      ['createdAt', 1],
    ] as const;
    const [found, total] = await Promise.all([
      of(ctx).find({ where, sort, limit, skip }),
      of(ctx).count(where),
    ]);
    return { tasks: found, total };
  }

  /** Takes an open task for the one who asks. Refuses one that somebody else holds. */
  function take(ctx: Ctx, idOrPrefix: string): Promise<Task> {
    const { id: ownerId, name: ownerName } = ctx.actor;
    return move(ctx, idOrPrefix, (task) => {
      if (task.status === 'taken' && task.ownerId === ownerId) return null;
      if (task.status !== 'open') throw movedTask(task);
      return { status: 'taken', ownerId, ownerName };
    });
  }

  /** Marks a pending task as done. */
  function finish(ctx: Ctx, idOrPrefix: string, note: string): Promise<Task> {
    return close(ctx, idOrPrefix, 'done', note);
  }

  /** Drops a pending task, with the reason. */
  function drop(ctx: Ctx, idOrPrefix: string, reason: string): Promise<Task> {
    return close(ctx, idOrPrefix, 'dropped', reason);
  }

  function close(ctx: Ctx, idOrPrefix: string, status: 'done' | 'dropped', note: string): Promise<Task> {
    return move(ctx, idOrPrefix, (task) => {
      if (task.status === status) return null;
      if (task.status === 'done' || task.status === 'dropped') throw movedTask(task);
      return { status, note, doneAt: ctx.now };
    });
  }

  async function move(
    ctx: Ctx,
    idOrPrefix: string,
    decide: (task: Task) => Partial<Body<Task>> | null,
  ): Promise<Task> {
    const id = await resolve(ctx, idOrPrefix);
    const { record } = await changeOnce(of(ctx), id, ctx.effectKey, (task) => {
      const change = decide(task);
      if (!change) return null;
      const before = { status: task.status, owner: task.ownerName };
      return { change, trace: traceOf(ctx, { target: id, before, after: { ...change } }) };
    });
    return record;
  }

  /** The full id for an id or its beginning, as people type it. */
  async function resolve(ctx: Ctx, idOrPrefix: string): Promise<string> {
    const prefix = idOrPrefix.startsWith('tsk_') ? idOrPrefix : `tsk_${idOrPrefix}`;
    const found = await of(ctx).find({ where: { _id: { gte: prefix, lt: `${prefix}~` } }, limit: 2 });
    const [only, other] = found;
    if (!only) throw noTask(idOrPrefix);
    if (other && only._id !== prefix) throw severalTasks(idOrPrefix);
    return only._id;
  }

  /** Imports findings from a check-list. The whole file is read first; the same finding again changes nothing. */
  async function importFindings(
    ctx: Ctx,
    text: string,
    options: { readonly dryRun: boolean; readonly acceptGood: boolean },
  ): Promise<ImportOutcome> {
    const { findings, refused } = readFindings(text);
    if (refused.length > 0 && !options.acceptGood) throw refusedFile(refused, ctx.language);
    const ids = findings.map((finding) => findingId(ctx, finding));
    let added = 0;
    for (const [index, finding] of findings.entries()) {
      const id = ids[index] ?? '';
      if (options.dryRun) added += (await of(ctx).get(id)) ? 0 : 1;
      else added += (await addFinding(ctx, id, finding)) ? 1 : 0;
    }
    return {
      ...{ read: findings.length, added, known: findings.length - added, dryRun: options.dryRun },
      refused: refused.map(({ line, problem }) => ({ line, problem: problem[ctx.language] })),
    };
  }

  async function addFinding(ctx: Ctx, id: string, finding: Finding): Promise<boolean> {
    const body = bodyOf({ ...finding, source: 'import' });
    const closed = finding.done ? { status: 'done' as const, doneAt: ctx.now } : {};
    const { inserted } = await of(ctx).insertOnce(id, { ...body, ...closed }, added(ctx, id, finding.title));
    return inserted;
  }

  return { add, list, take, finish, drop, importFindings };
}

const added = (ctx: Ctx, id: string, title: string) =>
  traceOf(ctx, { target: id, after: { title, status: 'open' } });

function bodyOf(task: NewTask & { readonly source: string }): Body<Task> {
  const { title, category, priority, source } = task;
  const rank = taskPriorities.indexOf(priority);
  return {
    title,
    category,
    priority,
    rank,
    source,
    status: 'open',
    ownerId: null,
    ownerName: null,
    doneAt: null,
    note: '',
  };
}

function whereOf(view: TaskView, actorId: string): Where<Task> {
  switch (view) {
    case 'pending':
      return { status: { in: ['open', 'taken'] } };
    case 'mine':
      return { status: 'taken', ownerId: actorId };
    case 'all':
      return {};
    default:
      return { status: view };
  }
}

function findingId(ctx: Ctx, { key, category, title }: Finding): string {
  const identity = key === '' ? [category, title.toLowerCase().replace(/\s+/g, ' ')] : [key];
  return derivedId('tsk', ctx.tenant, 'finding', ...identity);
}
