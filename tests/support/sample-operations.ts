// A small world of verbs for tests of the doors: reads, writes, a dangerous one, a forbidden one, a failing one.
import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import { type Operation, operationsOf } from '../../src/core/operation.ts';
import { buttons, fields, picture, reply, table, withStatus } from '../../src/core/reply.ts';

const SQUARE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';

export interface SampleTask {
  readonly id: string;
  readonly title: string;
  readonly priority: string;
  status: 'open' | 'dropped';
}

/** What the sample verbs work on: effects are counted by their key, as every service must. */
export interface Shelf {
  readonly tasks: Map<string, SampleTask>;
  readonly effects: Map<string, string>;
  /** How often any effect was applied for real. */
  applied: number;
  /** Thrown by the next runs of `shelf fail`, one each. */
  readonly failures: unknown[];
}

export function createShelf(): Shelf {
  return { tasks: new Map(), effects: new Map(), applied: 0, failures: [] };
}

interface Needs {
  readonly shelf: Shelf;
}

function once(shelf: Shelf, effectKey: string, apply: () => string): string {
  const known = shelf.effects.get(effectKey);
  if (known !== undefined) return known;
  const outcome = apply();
  shelf.applied += 1;
  shelf.effects.set(effectKey, outcome);
  return outcome;
}

function taskOf(shelf: Shelf, id: string): SampleTask {
  const task = shelf.tasks.get(id);
  if (!task) throw new AppError('record.not_found', `There is no task “${id}”.`);
  return task;
}

const operation = operationsOf<Needs>();

const add = operation({
  name: 'task.add',
  summary: { en: 'Add a task', hi: 'काम जोड़ें' },
  permission: 'task.write',
  effect: 'write',
  danger: 'none',
  input: z.strictObject({
    title: z.string().min(3).max(200).meta({ description: 'what is to be done', example: 'Fix receipts' }),
    priority: z.enum(['critical', 'high', 'medium', 'low']).default('medium'),
    tags: z.array(z.string()).exactOptional(),
    budgetPaise: z.int().min(0).exactOptional(),
    urgent: z.boolean().exactOptional(),
  }),
  output: z.strictObject({ id: z.string(), title: z.string(), priority: z.string() }),
  chat: { positional: ['title'], examples: ['task add "Fix receipts" --priority high'] },
  run: async ({ services: { shelf }, effectKey }, { title, priority }) => {
    const id = once(shelf, effectKey, () => {
      const made = `tsk_${shelf.tasks.size + 1}`;
      shelf.tasks.set(made, { id: made, title, priority, status: 'open' });
      return made;
    });
    return { id, title, priority };
  },
  reply: ({ id, title, priority }) =>
    withStatus(
      'ok',
      reply(
        ['Task added: ', { bold: title }],
        fields({ Id: id, Priority: priority }),
        buttons(
          { label: 'Drop task', operation: 'task.drop', input: { task: id }, style: 'danger' },
          { label: 'List tasks', operation: 'task.list', input: {} },
        ),
      ),
    ),
});

const listTasks = operation({
  name: 'task.list',
  summary: { en: 'List tasks', hi: 'काम दिखाएँ' },
  permission: 'task.read',
  effect: 'read',
  danger: 'none',
  input: z.strictObject({}),
  output: z.strictObject({ titles: z.array(z.string()) }),
  chat: { aliases: ['tasks'], examples: ['tasks'] },
  run: async ({ services: { shelf } }) => ({ titles: [...shelf.tasks.values()].map((task) => task.title) }),
  reply: ({ titles }) =>
    reply(
      titles.length === 0 ? '0 tasks pending' : `${titles.length} tasks pending`,
      table(
        [{ label: 'Title' }, { label: 'Length', numeric: true }],
        titles.map((title) => [title, String(title.length)]),
      ),
    ),
});

const drop = operation({
  name: 'task.drop',
  summary: { en: 'Drop a task', hi: 'काम छोड़ें' },
  permission: 'task.write',
  effect: 'write',
  danger: 'confirm',
  input: z.strictObject({ task: z.string().meta({ example: 'tsk_1' }) }),
  output: z.strictObject({ id: z.string() }),
  chat: { positional: ['task'], examples: ['task drop tsk_1'] },
  run: async ({ services: { shelf }, effectKey }, input) => {
    const id = once(shelf, effectKey, () => {
      const task = taskOf(shelf, input.task);
      if (task.status === 'dropped')
        throw new AppError('record.conflict', `Task “${task.id}” is dropped already.`);
      task.status = 'dropped';
      return task.id;
    });
    return { id };
  },
  reply: ({ id }) => reply(`Task ${id} dropped.`),
});

const assess = operation({
  name: 'task.assess',
  summary: { en: 'Assess a task', hi: 'काम परखें' },
  permission: 'task.write',
  effect: 'write',
  danger: 'none',
  input: z.strictObject({
    task: z.string().min(2),
    effort: z.int().min(1).max(5).meta({ description: 'from 1 (an hour) to 5 (a month)', example: '3' }),
    risk: z.enum(['none', 'some', 'much']),
  }),
  output: z.strictObject({ text: z.string() }),
  chat: {
    positional: ['task', 'effort', 'risk'],
    examples: ['task assess tsk_1 3 some'],
    questions: {
      task: { en: 'Which task do you assess?', hi: 'कौन सा काम?' },
      effort: { en: 'How much effort is it?', hi: 'कितनी मेहनत लगेगी?' },
    },
  },
  run: async ({ services: { shelf }, effectKey }, { task, effort, risk }) => ({
    text: once(shelf, effectKey, () => `${task}: effort ${effort}, risk ${risk}`),
  }),
  reply: ({ text }) => reply(text),
});

const verifyAudit = operation({
  name: 'audit.verify',
  summary: { en: 'Verify the audit log', hi: 'ऑडिट जाँचें' },
  permission: 'audit.read',
  effect: 'read',
  danger: 'none',
  input: z.strictObject({}),
  output: z.strictObject({}),
  chat: { aliases: ['audit'], examples: ['audit verify'] },
  run: async () => ({}),
  reply: () => reply('The audit log is whole.', picture('a chain without a break', SQUARE)),
});

const fail = operation({
  name: 'shelf.fail',
  summary: { en: 'Fail as told', hi: 'विफल हों' },
  permission: 'room.use',
  effect: 'write',
  danger: 'none',
  input: z.strictObject({}),
  output: z.strictObject({}),
  chat: { examples: ['shelf fail'] },
  run: async ({ services: { shelf } }) => {
    const failure = shelf.failures.shift();
    if (failure !== undefined) throw failure;
    return {};
  },
  reply: () => reply('It worked after all.'),
});

export const sampleOperations: readonly Operation<Needs>[] = [
  add,
  listTasks,
  drop,
  assess,
  verifyAudit,
  fail,
];
