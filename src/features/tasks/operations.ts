// The verbs of tasks: add, list, take, finish, drop and import.
import { z } from 'zod';
import { taskPriorities } from '../../../models/task.ts';
import { operationsOf } from '../../core/operation.ts';
import { addedReply, importedReply, listReply, movedReply, takenReply } from './replies.ts';
import { type TaskService, taskViews } from './service.ts';
import { shownTask, showTask } from './shapes.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly tasks: TaskService }>();

const taskId = z
  .string()
  .trim()
  .min(4)
  .max(40)
  .describe('the id of a task, or its first characters')
  .meta({ example: 'tsk_4mq0x9' });

export const taskOperations = [
  operation({
    name: 'task.add',
    summary: { en: 'Add a task', hi: 'काम जोड़ें' },
    permission: 'task.write',
    effect: 'write',
    danger: 'none',
    input: z.strictObject({
      title: z
        .string()
        .trim()
        .min(1)
        .max(300)
        .describe('what is to be done')
        .meta({ example: '"Wallet receipt is missing"' }),
      category: z.string().trim().min(1).max(60).default('general').describe('what it belongs to'),
      priority: z.enum(taskPriorities).default('medium').describe('how soon it matters'),
    }),
    output: shownTask,
    chat: {
      said: ['remind us to do something', 'remind me to call somebody', 'naya kaam jodo', 'नया काम जोड़ो'],
      positional: ['title'],
      examples: ['task add "Wallet receipt is missing" --priority high', 'task add Check the Pune feed'],
      questions: { title: { en: 'What is to be done?', hi: 'क्या करना है?' } },
    },
    run: async ({ services, ...ctx }, input) => showTask(await services.tasks.add(ctx, input)),
    reply: (task, _input, { language }) => addedReply(task, language),
  }),
  operation({
    name: 'task.list',
    summary: { en: 'List tasks, the most pressing first', hi: 'काम दिखाएँ, सबसे ज़रूरी पहले' },
    permission: 'task.read',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/admin/tasks/pending' },
    input: z.strictObject({
      view: z.enum(taskViews).default('pending').describe('which tasks'),
      limit: z.int().min(1).max(200).default(20).describe('how many at most'),
    }),
    output: z.object({ total: z.int(), tasks: z.array(shownTask) }),
    chat: {
      vocabulary: { view: [{ value: 'mine', words: ['my', 'mine'] }] },
      said: [
        'what is there to do',
        'what do we have to do',
        'what should I do next',
        'which tasks are open',
        'my tasks',
        'kitne kaam baki hain',
        'mere kaam dikhao',
        'कितने काम बाकी हैं',
        'मेरे काम दिखाओ',
      ],
      aliases: ['tasks'],
      positional: ['view'],
      examples: ['tasks', 'tasks mine', 'tasks done --limit 50'],
    },
    run: async ({ services, ...ctx }, input) => {
      const { tasks, total } = await services.tasks.list(ctx, input.view, input.limit);
      return { total, tasks: tasks.map(showTask) };
    },
    reply: (output, { view }, { language }) => listReply(output, view, language),
  }),
  operation({
    name: 'task.take',
    summary: { en: 'Take a task for yourself', hi: 'काम अपने ज़िम्मे लें' },
    permission: 'task.write',
    effect: 'write',
    danger: 'none',
    input: z.strictObject({ task: taskId }),
    output: shownTask,
    chat: {
      positional: ['task'],
      examples: ['task take tsk_4mq0x9'],
      questions: { task: { en: 'Which task?', hi: 'कौन सा काम?' } },
    },
    run: async ({ services, ...ctx }, input) => showTask(await services.tasks.take(ctx, input.task)),
    reply: (task, _input, { language }) => takenReply(task, language),
  }),
  operation({
    name: 'task.done',
    summary: { en: 'Mark a task as done', hi: 'काम पूरा हुआ' },
    permission: 'task.write',
    effect: 'write',
    danger: 'none',
    input: z.strictObject({
      task: taskId,
      note: z.string().trim().max(1000).default('').describe('what was done'),
    }),
    output: shownTask,
    chat: {
      positional: ['task', 'note'],
      examples: ['task done tsk_4mq0x9', 'task done tsk_4mq0x9 Receipts are sent again'],
      questions: { task: { en: 'Which task?', hi: 'कौन सा काम?' } },
    },
    run: async ({ services, ...ctx }, input) =>
      showTask(await services.tasks.finish(ctx, input.task, input.note)),
    reply: (task, _input, { language }) => movedReply(words[language].done(task), task),
  }),
  operation({
    name: 'task.drop',
    summary: { en: 'Drop a task, with the reason', hi: 'काम छोड़ें, कारण के साथ' },
    permission: 'task.write',
    effect: 'write',
    danger: 'confirm',
    input: z.strictObject({
      task: taskId,
      reason: z.string().trim().min(1).max(1000).describe('why it is dropped').meta({ example: 'duplicate' }),
    }),
    output: shownTask,
    chat: {
      positional: ['task', 'reason'],
      examples: ['task drop tsk_4mq0x9 Duplicate of the receipts task'],
      questions: {
        task: { en: 'Which task?', hi: 'कौन सा काम?' },
        reason: { en: 'Why is it dropped?', hi: 'क्यों छोड़ा जा रहा है?' },
      },
    },
    run: async ({ services, ...ctx }, input) =>
      showTask(await services.tasks.drop(ctx, input.task, input.reason)),
    reply: (task, _input, { language }) => movedReply(words[language].dropped(task), task),
  }),
  operation({
    name: 'task.import',
    summary: { en: 'Import tasks from a Markdown, CSV or JSON check-list', hi: 'सूची से काम जोड़ें' },
    permission: 'task.import',
    effect: 'write',
    danger: 'none',
    file: { field: 'content', accept: ['.md', '.csv', '.json', '.txt'], maxBytes: 4 * 1024 * 1024 },
    input: z.strictObject({
      content: z
        .string()
        .min(1)
        .max(4 * 1024 * 1024)
        .describe('the check-list')
        .meta({ example: '"- [ ] Fix receipts (high)"' }),
      dryRun: z.boolean().default(false).describe('only say what would change'),
      acceptGood: z.boolean().default(false).describe('take the good lines of a file with bad ones'),
    }),
    output: z.object({
      read: z.int(),
      added: z.int(),
      known: z.int(),
      dryRun: z.boolean(),
      refused: z.array(z.object({ line: z.int(), problem: z.string() })),
    }),
    chat: {
      positional: ['content'],
      examples: ['task import findings.md --dry-run'],
      questions: { content: { en: 'Paste the check-list.', hi: 'सूची यहाँ चिपकाएँ।' } },
    },
    run: async ({ services, ...ctx }, { content, ...options }) =>
      services.tasks.importFindings(ctx, content, options),
    reply: (outcome, _input, { language }) => importedReply(outcome, language),
  }),
] as const;
