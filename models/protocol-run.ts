// The collection of protocol runs: the ledger of slots, with every step of every run.
import type { Fact } from '../src/core/store.ts';
import { defineFacts, mixed } from './define.ts';

export const stepStatuses = ['pending', 'ok', 'skipped', 'waiting', 'failed'] as const;
export type StepStatus = (typeof stepStatuses)[number];

export interface StepRecord {
  readonly name: string;
  readonly status: StepStatus;
  readonly attempts: number;
  readonly startedAt: Date | null;
  readonly durationMs: number | null;
  readonly summary: string;
  readonly error: string | null;
}

export const runStatuses = ['due', 'running', 'completed', 'completed_with_errors', 'missed'] as const;
export type RunStatus = (typeof runStatuses)[number];

export interface ProtocolRun extends Fact {
  /** The slot it belongs to; null for a run on demand. */
  readonly slotStart: Date | null;
  readonly trigger: 'slot' | 'manual';
  readonly startedBy: string;
  readonly status: RunStatus;
  readonly steps: readonly StepRecord[];
  /** The fence of the floor under which it works: whoever works under a smaller one has been replaced. */
  readonly fence: number;
  readonly worker: string | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

export const protocolRuns = defineFacts<ProtocolRun>({
  name: 'protocol_runs',
  fields: {
    slotStart: Date,
    trigger: String,
    startedBy: String,
    status: String,
    steps: [mixed],
    fence: Number,
    worker: String,
    startedAt: Date,
    endedAt: Date,
  },
  indexes: [
    { keys: { createdAt: -1 } },
    { keys: { status: 1, createdAt: 1 } },
    { keys: { slotStart: 1 }, unique: true, partial: { trigger: 'slot' } },
  ],
  about: {
    holds: 'One run of the protocol, or one slot that was missed.',
    writer: 'the protocol runner and its sweeper',
    retention: 'kept',
  },
});
