// The collection of tasks: findings of audits, bugs and people that somebody has to do something about.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export const taskStatuses = ['open', 'taken', 'done', 'dropped'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export const taskPriorities = ['critical', 'high', 'medium', 'low'] as const;
export type TaskPriority = (typeof taskPriorities)[number];

export interface Task extends Fact {
  readonly title: string;
  /** Where it came from: `chat`, `import`, `protocol`, … */
  readonly source: string;
  readonly category: string;
  readonly priority: TaskPriority;
  /** The place of the priority in the order of work: 0 is critical. */
  readonly rank: number;
  readonly status: TaskStatus;
  readonly ownerId: string | null;
  readonly ownerName: string | null;
  readonly doneAt: Date | null;
  /** Why it was dropped, or what was done. */
  readonly note: string;
}

export const tasks = defineFacts<Task>({
  name: 'enhancement_tasks',
  fields: {
    title: String,
    source: String,
    category: String,
    priority: String,
    rank: Number,
    status: String,
    ownerId: String,
    ownerName: String,
    doneAt: Date,
    note: String,
  },
  indexes: [{ keys: { status: 1, rank: 1, createdAt: 1 } }],
  about: {
    holds: 'One thing that somebody has to do: a finding of an audit, of a person or of the protocol.',
    writer: 'the verbs of tasks',
    retention: 'kept',
  },
});
