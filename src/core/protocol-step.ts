// The contract between the protocol and its steps: what a step is told, what it may leave behind, what it answers.
import type { Ctx } from './context.ts';

/** The order of every run; a step joins when its capability exists. */
export const stepOrder = ['experiments', 'capacity', 'cleanup', 'bugs', 'fomo', 'tasks'] as const;
export type StepName = (typeof stepOrder)[number];

export interface StepAction {
  /** Names the action within its run, such as `propose:onboarding-offer`: the same again is the same record. */
  readonly action: string;
  readonly summary: string;
  readonly target: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

export interface StepContext {
  readonly run: string;
  /** Where messages of this run go. */
  readonly rooms: readonly string[];
  /** Aborts when this process has lost the run to another: stop before the next effect. */
  readonly signal: AbortSignal;
  /** The context for one effect of this step; its effect key is run + step + action. */
  ctxFor(action: string): Ctx;
  /** Records what was done; once for each action of a run. */
  record(action: StepAction): Promise<void>;
}

/** `waiting`: something needs a person. */
export interface StepResult {
  readonly status: 'ok' | 'skipped' | 'waiting';
  readonly summary: string;
}

export interface ProtocolStep {
  readonly name: StepName;
  run(step: StepContext): Promise<StepResult>;
}
