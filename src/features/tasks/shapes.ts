// Tasks as the doors show them: plain JSON.
import { z } from 'zod';
import { type Task, taskPriorities, taskStatuses } from '../../../models/task.ts';

export const shownTask = z.object({
  id: z.string(),
  title: z.string(),
  category: z.string(),
  priority: z.enum(taskPriorities),
  status: z.enum(taskStatuses),
  source: z.string(),
  owner: z.string().nullable(),
  note: z.string(),
  createdAt: z.iso.datetime(),
  doneAt: z.iso.datetime().nullable(),
});

export type ShownTask = z.output<typeof shownTask>;

export function showTask(task: Task): ShownTask {
  const { _id: id, title, category, priority, status, source, note } = task;
  const doneAt = task.doneAt?.toISOString() ?? null;
  return {
    id,
    title,
    category,
    priority,
    status,
    source,
    note,
    owner: task.ownerName,
    createdAt: task.createdAt.toISOString(),
    doneAt,
  };
}
