// Runs and their actions as the doors show them: plain JSON.
import { z } from 'zod';
import type { ProtocolAction } from '../../../models/protocol-action.ts';
import { type ProtocolRun, runStatuses, stepStatuses } from '../../../models/protocol-run.ts';

export const instant = z.iso.datetime().nullable();

export const runShape = z.object({
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
      status: z.enum(stepStatuses),
      attempts: z.int(),
      durationMs: z.number().nullable(),
      summary: z.string(),
      error: z.string().nullable(),
    }),
  ),
});

export const actionShape = z.object({
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

export function shownAction({
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

export type ShownRun = z.output<typeof runShape>;
export type ShownAction = z.output<typeof actionShape>;
