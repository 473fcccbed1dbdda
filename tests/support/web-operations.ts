// Verbs for tests of the web door: a path of its own, a file, every kind of field, a failure with a secret in it.
import { z } from 'zod';
import { type Operation, operationsOf } from '../../src/core/operation.ts';
import { reply } from '../../src/core/reply.ts';

/** Counts what was done for real, by effect key. */
export interface Ledger {
  readonly done: Map<string, unknown>;
}

const operation = operationsOf<{ readonly ledger: Ledger }>();

export const SECRET_IN_A_CAUSE = 'mongodb://root:hunter22@db.internal/prod';

export const webOperations: readonly Operation<{ readonly ledger: Ledger }>[] = [
  operation({
    name: 'echo.say',
    summary: { en: 'Say it again', hi: 'फिर कहें' },
    permission: 'task.write',
    effect: 'write',
    danger: 'none',
    http: { method: 'POST', path: '/api/echo/:to' },
    input: z.strictObject({
      text: z.string().min(1).max(2000).describe('what is said').meta({ example: 'hello' }),
      to: z.string().max(40).default('all'),
    }),
    output: z.object({ text: z.string(), to: z.string(), times: z.int() }),
    chat: { positional: ['text'], examples: ['echo say hello'] },
    run: async ({ services: { ledger }, effectKey }, { text, to }) => {
      if (!ledger.done.has(effectKey)) ledger.done.set(effectKey, text);
      return { text, to, times: ledger.done.size };
    },
    reply: ({ text }) => reply(text),
  }),
  operation({
    name: 'echo.find',
    summary: { en: 'Find by every kind of field', hi: 'खोजें' },
    permission: 'task.read',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/echo/:to/found' },
    input: z.strictObject({
      to: z.string(),
      limit: z.int().min(1).max(50).default(5),
      share: z.number().min(0).max(1).default(0.5),
      open: z.boolean().default(false),
      order: z.enum(['old', 'new']).default('old'),
      tags: z.array(z.string()).default([]),
    }),
    output: z.looseObject({ to: z.string() }),
    chat: { examples: ['echo find all'] },
    run: async (_ctx, input) => input,
    reply: ({ to }) => reply(to),
  }),
  operation({
    name: 'echo.erase',
    summary: { en: 'Erase what was said', hi: 'मिटाएँ' },
    permission: 'protocol.manage',
    effect: 'write',
    danger: 'confirm',
    sensitive: ['password'],
    http: { method: 'DELETE', path: '/api/echo/:to' },
    input: z.strictObject({ to: z.string().min(1), password: z.string().exactOptional() }),
    output: z.object({ erased: z.string() }),
    chat: { examples: ['echo erase all'] },
    run: async ({ services: { ledger }, effectKey }, { to }) => {
      ledger.done.set(effectKey, `erased ${to}`);
      return { erased: to };
    },
    reply: ({ erased }) => reply(`Erased ${erased}.`),
  }),
  operation({
    name: 'echo.import',
    summary: { en: 'Import lines', hi: 'आयात करें' },
    permission: 'task.import',
    effect: 'write',
    danger: 'none',
    file: { field: 'lines', accept: ['.csv'], maxBytes: 2_000_000 },
    http: { method: 'POST', path: '/api/echo-import' },
    input: z.strictObject({ lines: z.string(), loud: z.boolean().default(false) }),
    output: z.object({ count: z.int(), loud: z.boolean() }),
    chat: { examples: ['echo import lines.csv'] },
    run: async (_ctx, { lines, loud }) => ({ count: lines.split('\n').length, loud }),
    reply: ({ count }) => reply(`${count} lines.`),
  }),
  operation({
    name: 'echo.fail',
    summary: { en: 'Fail by a fault of ours', hi: 'विफल हों' },
    permission: 'room.use',
    effect: 'write',
    danger: 'none',
    input: z.strictObject({}),
    output: z.object({}),
    chat: { examples: ['echo fail'] },
    run: async () => {
      throw new Error(`cannot reach ${SECRET_IN_A_CAUSE}`);
    },
    reply: () => reply('unreachable'),
  }),
];
