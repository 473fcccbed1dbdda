// How runs and steps read on the pages of the protocol.
import { DateTime } from 'luxon';
import type { ProtocolRun, RunStatus, StepStatus } from '../../../models/protocol-run.ts';
import { formatDuration } from '../../core/duration.ts';
import type { Status } from '../../core/reply.ts';

export const HERE = '/admin/protocol';

export interface Mark {
  readonly status?: Status;
  readonly word: string;
}

/** “Run of 21 Nov 14:00”, or who asked for it. */
export function runName({ slotStart, startedBy }: ProtocolRun, zone: string): string {
  if (!slotStart) return `Run by ${startedBy}`;
  return `Run of ${DateTime.fromJSDate(slotStart, { zone }).toFormat('d LLL HH:mm')}`;
}

export const runWords: Readonly<Record<RunStatus, Mark>> = {
  due: { word: 'Waits for its turn' },
  running: { status: 'ok', word: 'Running' },
  completed: { status: 'ok', word: 'Completed' },
  completed_with_errors: { status: 'act', word: 'Completed with errors' },
  missed: { status: 'act', word: 'Missed' },
};

/** A completed run that asked for something says so. */
export function runMark(run: ProtocolRun): Mark {
  const asks = run.steps.some((step) => step.status === 'waiting');
  return run.status === 'completed' && asks
    ? { status: 'look', word: 'Completed, needs a decision' }
    : runWords[run.status];
}

export const stepMarks: Readonly<Record<StepStatus, Mark>> = {
  pending: { word: 'To come' },
  ok: { status: 'ok', word: 'Done' },
  skipped: { word: 'Skipped' },
  waiting: { status: 'look', word: 'Waits for a decision' },
  failed: { status: 'act', word: 'Failed' },
};

/** How long it took; what runs has taken so long already. */
export function runDuration({ startedAt, endedAt }: ProtocolRun, now: Date): string {
  if (!startedAt) return '—';
  const spent = formatDuration((endedAt ?? now).getTime() - startedAt.getTime());
  return endedAt ? spent : `${spent} so far`;
}

/** What became of its steps, in one line: “experiments waits for a decision”. */
export function stepsLine({ status, steps }: ProtocolRun): string {
  if (status === 'missed' && steps.every((step) => step.status === 'pending')) return 'No process was awake';
  return steps.map((step) => `${step.name}: ${stepMarks[step.status].word.toLowerCase()}`).join(', ');
}
