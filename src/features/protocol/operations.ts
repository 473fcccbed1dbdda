// The verbs of the protocol: run, status, history, show, pause and resume.
import { z } from 'zod';
import type { ProtocolAction } from '../../../models/protocol-action.ts';
import { type ProtocolRun, runStatuses } from '../../../models/protocol-run.ts';
import { parseDuration } from '../../core/duration.ts';
import { AppError } from '../../core/errors.ts';
import { operationsOf } from '../../core/operation.ts';
import { stepOrder } from '../../core/protocol-step.ts';
import { context, fields, list, reply, table, text, withStatus } from '../../core/reply.ts';
import { saidTime } from './notices.ts';
import type { ProtocolService } from './service.ts';

const operation = operationsOf<{ readonly protocol: ProtocolService; readonly startWork: () => void }>();

const instant = z.iso.datetime().nullable();

const runShape = z.object({
  id: z.string(),
  status: z.enum(runStatuses),
  trigger: z.enum(['slot', 'manual']),
  startedBy: z.string(),
  slotStart: instant,
  startedAt: instant,
  endedAt: instant,
  fence: z.int(),
  steps: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      attempts: z.int(),
      durationMs: z.number().nullable(),
      summary: z.string(),
      error: z.string().nullable(),
    }),
  ),
});

const actionShape = z.object({
  step: z.string(),
  action: z.string(),
  at: z.iso.datetime(),
  summary: z.string(),
  target: z.string(),
  before: z.json(),
  after: z.json(),
});

/** A run as plain JSON, for API, CLI and page. */
export function shownRun(run: ProtocolRun): z.input<typeof runShape> {
  const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    id: run._id,
    status: run.status,
    trigger: run.trigger,
    startedBy: run.startedBy,
    slotStart: iso(run.slotStart),
    startedAt: iso(run.startedAt),
    endedAt: iso(run.endedAt),
    fence: run.fence,
    steps: run.steps.map(({ name, status, attempts, durationMs, summary, error }) => ({
      name,
      status,
      attempts,
      durationMs,
      summary,
      error,
    })),
  };
}

function shownAction({
  step,
  action,
  at,
  summary,
  target,
  before,
  after,
}: ProtocolAction): z.input<typeof actionShape> {
  const plain = (value: unknown): z.input<typeof actionShape>['before'] => JSON.parse(JSON.stringify(value));
  return { step, action, at: at.toISOString(), summary, target, before: plain(before), after: plain(after) };
}

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
    reply: (run) =>
      reply(
        `Protocol run started: ${run.steps.map((step) => step.name).join(', ')}`,
        context(['Its card shows the progress · ', { code: run.id }]),
      ),
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
    reply: (output, _input, { zone }) => {
      const fact = output.running
        ? `Running now: ${output.running}`
        : output.pausedUntil
          ? `Paused until ${saidTime(output.pausedUntil, zone)}`
          : `Next run at ${saidTime(output.nextAt, zone)}`;
      const last = output.last ? `${output.last.status} (${output.last.id})` : 'none yet';
      return withStatus(output.pausedUntil ? 'look' : 'ok', reply(fact, fields({ 'Last run': last })));
    },
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
    reply: ({ runs }, _input, { zone }) => {
      if (runs.length === 0) return reply('No runs yet', context('“protocol run” runs it now.'));
      const columns = ['Run', 'Slot', 'Status', 'Steps'].map((label) => ({ label }));
      const rows = runs.map((run) => [
        [{ code: run.id }],
        run.slotStart ? saidTime(run.slotStart, zone) : 'on demand',
        run.status,
        run.steps.map((step) => `${step.name} ${step.status}`).join(', '),
      ]);
      return reply(runs.length === 1 ? '1 run' : `${runs.length} runs`, table(columns, rows));
    },
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
    reply: ({ run, actions }) => {
      const steps = Object.fromEntries(
        run.steps.map((step) => [step.name, `${step.status}: ${step.summary || '—'}`]),
      );
      return reply(
        [`Run `, { code: run.id }, ` is ${run.status}`],
        fields(steps),
        ...(actions.length > 0 ? [list(actions.map((one) => `${one.step}: ${one.summary}`))] : []),
      );
    },
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
      if (durationMs === undefined || durationMs > 30 * 86_400_000) throw notALength(input.for);
      const until = new Date(ctx.now.getTime() + durationMs);
      await services.protocol.pause(ctx, until);
      return { pausedUntil: until.toISOString() };
    },
    reply: ({ pausedUntil }, _input, { zone }) =>
      withStatus(
        'look',
        reply(
          `Scheduled runs are paused until ${saidTime(pausedUntil, zone)}`,
          text('Runs on demand go on working.'),
        ),
      ),
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
    reply: () => withStatus('ok', reply('Scheduled runs go on')),
  }),
] as const;

function notALength(given: string): AppError {
  return new AppError(
    'input.invalid',
    `for: “${given}” is not a length up to 30 days — for example 4 hours`,
    {
      fields: [{ field: 'for', problem: `“${given}” is not a length up to 30 days`, example: '4 hours' }],
    },
  );
}
