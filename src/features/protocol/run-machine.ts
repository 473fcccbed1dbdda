// The life of a run as a pure machine: due → running → completed, completed with errors, or missed.
import type { ProtocolRun, RunStatus, StepRecord } from '../../../models/protocol-run.ts';
import type { Body } from '../../core/store.ts';

export type RunEvent =
  | { readonly type: 'claimed'; readonly worker: string; readonly fence: number; readonly now: Date }
  | { readonly type: 'step_finished'; readonly fence: number; readonly step: StepRecord }
  | { readonly type: 'ended'; readonly fence: number; readonly now: Date }
  | { readonly type: 'missed'; readonly now: Date };

type RunChange = Partial<Body<ProtocolRun>>;

/** A run that nobody has worked on yet. */
export function dueRun(
  steps: readonly string[],
  start: Pick<ProtocolRun, 'slotStart' | 'trigger' | 'startedBy'>,
): Body<ProtocolRun> {
  return {
    ...start,
    status: 'due',
    steps: steps.map(pendingStep),
    fence: 0,
    worker: null,
    startedAt: null,
    endedAt: null,
  };
}

/** What an event changes, or null when the run's state or a newer fence does not allow it. */
export function advance(run: ProtocolRun, event: RunEvent): RunChange | null {
  if (isOver(run.status)) return null;
  switch (event.type) {
    case 'claimed':
      if (event.fence <= run.fence) return null;
      return {
        status: 'running',
        worker: event.worker,
        fence: event.fence,
        startedAt: run.startedAt ?? event.now,
      };
    case 'step_finished':
      if (run.status !== 'running' || event.fence !== run.fence) return null;
      return { steps: run.steps.map((step) => (step.name === event.step.name ? event.step : step)) };
    case 'ended':
      if (run.status !== 'running' || event.fence !== run.fence || nextStep(run)) return null;
      return { status: outcomeOf(run.steps), endedAt: event.now, worker: null };
    case 'missed':
      return { status: 'missed', endedAt: event.now, worker: null };
  }
}

/** The first step that has no outcome yet. */
export function nextStep(run: ProtocolRun): StepRecord | undefined {
  return run.steps.find((step) => step.status === 'pending');
}

export function isOver(status: RunStatus): boolean {
  return status !== 'due' && status !== 'running';
}

function pendingStep(name: string): StepRecord {
  return {
    name,
    status: 'pending',
    attempts: 0,
    startedAt: null,
    durationMs: null,
    summary: '',
    error: null,
  };
}

function outcomeOf(steps: readonly StepRecord[]): RunStatus {
  return steps.some((step) => step.status === 'failed') ? 'completed_with_errors' : 'completed';
}
