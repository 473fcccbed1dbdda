// The verbs of the protocol: run, status, history, show, pause and resume.
import { z } from 'zod';
import { parseDuration } from '../../core/duration.ts';
import { operationsOf } from '../../core/operation.ts';
import { stepOrder } from '../../core/protocol-step.ts';
import { notALength } from './refusals.ts';
import { historyReply, pausedReply, resumedReply, showReply, startedReply, statusReply } from './replies.ts';
import type { ProtocolService } from './service.ts';
import { actionShape, instant, runShape, shownAction, shownRun } from './shapes.ts';

const operation = operationsOf<{ readonly protocol: ProtocolService; readonly startWork: () => void }>();

export const protocolOperations = [
  operation({
    name: 'protocol.run',
    summary: { en: 'Run the protocol now, whole or some steps of it', hi: 'प्रोटोकॉल अभी चलाएँ' },
    permission: 'protocol.run',
    effect: 'write',
    danger: 'none',
    http: { method: 'POST', path: '/api/admin/protocol/runs' },
    input: z.strictObject({
      steps: z
        .array(z.enum(stepOrder))
        .max(6)
        .default([])
        .describe('which steps; all unless said')
        .meta({ example: 'experiments' }),
    }),
    output: runShape,
    chat: {
      said: ['run the protocol now', 'protocol chalao', 'प्रोटोकॉल चलाओ'],
      positional: ['steps'],
      examples: ['protocol run', 'protocol run experiments'],
    },
    run: async ({ services, ...ctx }, { steps }) => {
      const run = await services.protocol.start(ctx, steps);
      services.startWork();
      return shownRun(run);
    },
    reply: (run, _input, { language }) => startedReply(run, language),
  }),
  operation({
    name: 'protocol.status',
    summary: { en: 'Say what the protocol is doing and when it runs next', hi: 'प्रोटोकॉल की स्थिति' },
    permission: 'protocol.read',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/admin/protocol' },
    input: z.strictObject({}),
    output: z.object({
      running: z.string().nullable(),
      pausedUntil: instant,
      nextAt: z.iso.datetime(),
      last: runShape.nullable(),
    }),
    chat: {
      said: [
        'is the protocol running',
        'when is the next run',
        'agla run kab hai',
        'protocol ka haal kya hai',
        'प्रोटोकॉल का हाल क्या है',
      ],
      aliases: ['protocol'],
      examples: ['protocol status'],
    },
    run: async ({ services, ...ctx }) => {
      const { running, last, pausedUntil, nextAt } = await services.protocol.status(ctx.tenant, ctx.now);
      return {
        running,
        pausedUntil: pausedUntil?.toISOString() ?? null,
        nextAt: nextAt.toISOString(),
        last: last && shownRun(last),
      };
    },
    reply: (output, _input, ctx) => statusReply(output, ctx),
  }),
  operation({
    name: 'protocol.history',
    summary: { en: 'List the newest protocol runs', hi: 'पिछले रन दिखाएँ' },
    permission: 'protocol.read',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/admin/protocol/runs' },
    input: z.strictObject({ limit: z.int().min(1).max(100).default(10).describe('how many at most') }),
    output: z.object({ runs: z.array(runShape) }),
    chat: {
      said: ['last protocol runs', 'how did the last runs go', 'pichle run kaise gaye'],
      positional: ['limit'],
      examples: ['protocol history', 'protocol history 24'],
    },
    run: async ({ services, ...ctx }, { limit }) => ({
      runs: (await services.protocol.history(ctx.tenant, limit)).map(shownRun),
    }),
    reply: ({ runs }, _input, ctx) => historyReply(runs, ctx),
  }),
  operation({
    name: 'protocol.show',
    summary: { en: 'Show one run with its steps and actions', hi: 'एक रन के कदम दिखाएँ' },
    permission: 'protocol.read',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/admin/protocol/runs/:run' },
    input: z.strictObject({
      run: z.string().trim().min(5).max(60).describe('the id of a run').meta({ example: 'run_4mq0x9' }),
    }),
    output: z.object({ run: runShape, actions: z.array(actionShape) }),
    chat: {
      positional: ['run'],
      examples: ['protocol show run_4mq0x9'],
      questions: { run: { en: 'Which run?', hi: 'कौन सा रन?' } },
    },
    run: async ({ services, ...ctx }, input) => {
      const run = await services.protocol.show(ctx.tenant, input.run);
      return {
        run: shownRun(run),
        actions: (await services.protocol.actionsOf(ctx.tenant, run._id)).map(shownAction),
      };
    },
    reply: ({ run, actions }, _input, { language }) => showReply(run, actions, language),
  }),
  operation({
    name: 'protocol.pause',
    summary: { en: 'Pause scheduled runs for a while', hi: 'प्रोटोकॉल रोकें' },
    permission: 'protocol.manage',
    effect: 'write',
    danger: 'confirm',
    input: z.strictObject({
      for: z
        .string()
        .trim()
        .min(2)
        .max(30)
        .default('1 day')
        .describe('how long')
        .meta({ example: '"4 hours"' }),
    }),
    output: z.object({ pausedUntil: z.iso.datetime() }),
    chat: { positional: ['for'], examples: ['protocol pause 4 hours'] },
    run: async ({ services, ...ctx }, input) => {
      const durationMs = parseDuration(input.for);
      if (durationMs === undefined || durationMs > 30 * 86_400_000) throw notALength(input.for, ctx.language);
      const until = new Date(ctx.now.getTime() + durationMs);
      await services.protocol.pause(ctx, until);
      return { pausedUntil: until.toISOString() };
    },
    reply: ({ pausedUntil }, _input, ctx) => pausedReply(pausedUntil, ctx),
  }),
  operation({
    name: 'protocol.resume',
    summary: { en: 'Resume scheduled runs', hi: 'प्रोटोकॉल फिर चलाएँ' },
    permission: 'protocol.manage',
    effect: 'write',
    danger: 'none',
    input: z.strictObject({}),
    output: z.object({ resumed: z.literal(true) }),
    chat: { examples: ['protocol resume'] },
    run: async ({ services, ...ctx }) => {
      await services.protocol.pause(ctx, null);
      return { resumed: true } as const;
    },
    reply: (_output, _input, { language }) => resumedReply(language),
  }),
] as const;
