// A small capability to draw: operations, frames and pages as a feature would write them.
import { z } from 'zod';
import type { Ctx } from '../../src/core/context.ts';
import { operationsOf } from '../../src/core/operation.ts';
import { reply } from '../../src/core/reply.ts';
import type { Frame } from '../../src/ui/frame.ts';
import { menuOf } from '../../src/ui/menu.ts';

export const NOW = new Date('2026-11-21T08:35:00Z');

const declare = operationsOf<unknown>();

export const addTask = declare({
  name: 'task.add',
  summary: { en: 'Adds a task', hi: 'काम जोड़ता है' },
  permission: 'task.write',
  effect: 'write',
  danger: 'none',
  input: z.strictObject({
    title: z
      .string()
      .min(1)
      .max(120)
      .describe('What is to be done')
      .meta({ example: 'Call the SMS provider' }),
    severity: z.enum(['low', 'normal', 'high']).default('normal').describe('How much it matters'),
    notes: z.string().max(2000).describe('Anything that helps').exactOptional(),
    days: z.int().min(1).max(90).describe('Days until it is due').meta({ example: '7' }).exactOptional(),
    tags: z.array(z.string().max(20)).describe('One a line').exactOptional(),
    quiet: z.boolean().describe('Tells nobody').exactOptional(),
  }),
  output: z.strictObject({}),
  chat: { examples: ['task add Call the SMS provider'] },
  run: async () => ({}),
  reply: () => reply('Added.'),
});

export const dropTask = declare({
  name: 'task.drop',
  summary: { en: 'Drops a task', hi: 'काम हटाता है' },
  permission: 'task.write',
  effect: 'write',
  danger: 'confirm',
  input: z.strictObject({
    task: z.string().describe('The task'),
    reason: z.string().max(200).describe('Why it is not to be done').exactOptional(),
  }),
  output: z.strictObject({}),
  chat: { examples: ['task drop tsk_1'] },
  run: async () => ({}),
  reply: () => reply('Dropped.'),
});

export const importTasks = declare({
  name: 'task.import',
  summary: { en: 'Imports tasks', hi: 'काम लाता है' },
  permission: 'task.import',
  effect: 'write',
  danger: 'none',
  input: z.strictObject({ content: z.string().describe('The text of the file') }),
  output: z.strictObject({}),
  file: { field: 'content', accept: ['.md', '.csv'], maxBytes: 1_000_000 },
  chat: { examples: ['task import'] },
  run: async () => ({}),
  reply: () => reply('Imported.'),
});

const places = [
  ['/admin', 'Overview', 'Room', 'overview', 0],
  ['/console', 'Console', 'Room', 'console', 0],
  ['/admin/experiments', 'Experiments', 'Protocol', 'experiments', 1],
  ['/admin/protocol', 'Protocol runs', 'Protocol', 'protocol', 0],
  ['/admin/vouchers', 'Vouchers', 'Protocol', 'vouchers', 0],
  ['/admin/tasks', 'Tasks', 'Protocol', 'tasks', 12],
  ['/admin/alerts', 'Alerts', 'Protocol', 'alerts', 3],
  ['/admin/approvals', 'Approvals', 'Protocol', 'approvals', 2],
  ['/admin/growth', 'Growth', 'Growth', 'growth', 0],
  ['/admin/reports', 'Reports', 'Reports', 'reports', 0],
  ['/admin/people', 'People', 'System', 'people', 0],
  ['/admin/outbox', 'Outbox', 'System', 'outbox', 0],
  ['/admin/audit', 'Audit log', 'System', 'audit', 0],
] as const;

const listed = places.map(([path, label, section, icon], order) => ({
  path,
  permission: 'room.use' as const,
  menu: { label, section, icon, order },
}));

export function sampleFrame(changes: Partial<Frame> = {}): Frame {
  let effects = 0;
  return {
    person: { name: 'Asha Rao', role: 'manager' },
    tenant: 'Chai Bazaar',
    environment: 'sandbox',
    zone: 'Asia/Kolkata',
    language: 'en',
    menu: menuOf(listed, 'manager', new Map(places.map(([path, , , , waiting]) => [path, waiting]))),
    csrfToken: 'csrf-sample',
    path: '/admin/tasks',
    query: {},
    now: NOW,
    freshEffect: () => {
      effects += 1;
      return `effect-${effects}`;
    },
    ...changes,
  };
}

export const sampleCtx: Ctx = {
  tenant: 'default',
  actor: { kind: 'person', id: 'usr_1', name: 'Asha Rao', role: 'manager' },
  door: 'page',
  operation: '',
  effectKey: 'key',
  requestId: 'req_1',
  now: NOW,
  zone: 'Asia/Kolkata',
  language: 'en',
};
