// The life of one message as a pure machine: waiting → sent, or waiting → dead → waiting again.
import type { OutboxRow } from '../../models/outbox-row.ts';
import type { Body } from '../core/store.ts';
import { type Failure, nextAttemptAt } from './failure.ts';
import type { Random } from './types.ts';

export type RowEvent =
  | { readonly kind: 'delivered'; readonly at: Date; readonly messageId: string }
  | {
      readonly kind: 'failed';
      readonly at: Date;
      readonly failure: Failure;
      readonly delaysMs: readonly number[];
      readonly random: Random;
    }
  /** Its turn came after the time up to which it was news. */
  | { readonly kind: 'staled'; readonly at: Date }
  /** A holder vanished between handing the message to its channel and marking what became of it. */
  | { readonly kind: 'interrupted'; readonly at: Date; readonly delaysMs: readonly number[] }
  | {
      readonly kind: 'revived';
      readonly at: Date;
      readonly replayKey: string;
      /** True where what was sent is wanted once more. */
      readonly alsoSent: boolean;
    };

export type RowEffect =
  | { readonly kind: 'limit'; readonly until: Date }
  | { readonly kind: 'ambiguity' }
  | { readonly kind: 'dead-letter'; readonly problem: string };

export interface Step<State, Effect> {
  /** Null when the event changes nothing. */
  readonly change: Partial<State> | null;
  readonly effects: readonly Effect[];
}

type RowState = Body<OutboxRow>;
export type RowStep = Step<RowState, RowEffect>;

const NOTHING: RowStep = { change: null, effects: [] };

/** What an event makes of a row, and what else follows from it. */
export function rowAfter(row: RowState, event: RowEvent): RowStep {
  if (event.kind === 'revived') return revived(row, event);
  if (row.status !== 'waiting') return NOTHING;
  const marks = row.marks + 1;
  if (event.kind === 'delivered') {
    const { at, messageId } = event;
    return { change: { marks, status: 'sent', sentAt: at, messageId, problem: null }, effects: [] };
  }
  if (event.kind === 'staled') {
    const problem = 'Not sent: it was no news any more when its turn came.';
    return { change: { marks, status: 'stale', sentAt: event.at, problem }, effects: [] };
  }
  if (event.kind === 'failed') return failed(row, event);
  const attempts = row.attempts + 1;
  const ambiguities = row.ambiguities + 1;
  const problem = 'The sender stopped before it learned whether this arrived.';
  if (attempts > event.delaysMs.length) {
    const died = { marks, attempts, ambiguities, problem, status: 'dead', diedAt: event.at } as const;
    return { change: died, effects: [{ kind: 'ambiguity' }, { kind: 'dead-letter', problem }] };
  }
  return {
    change: { marks, attempts, ambiguities, problem, dueAt: event.at },
    effects: [{ kind: 'ambiguity' }],
  };
}

function failed(row: RowState, event: RowEvent & { kind: 'failed' }): RowStep {
  const { at, failure, delaysMs, random } = event;
  const attempts = row.attempts + 1;
  const dueAt = nextAttemptAt({ failure, failures: attempts, delaysMs, now: at, random });
  const ambiguous = failure.mayHaveArrived ? 1 : 0;
  const counted = {
    marks: row.marks + 1,
    attempts,
    problem: failure.text,
    ambiguities: row.ambiguities + ambiguous,
  };
  const effects: RowEffect[] = ambiguous ? [{ kind: 'ambiguity' }] : [];
  const limit = limitOf(failure, at);
  if (limit) effects.push(limit);
  if (dueAt) return { change: { ...counted, dueAt }, effects };
  effects.push({ kind: 'dead-letter', problem: failure.text });
  return { change: { ...counted, status: 'dead', diedAt: at }, effects };
}

/** A destination that named a time takes nothing before it. */
export function limitOf(failure: Failure, at: Date): (RowEffect & { kind: 'limit' }) | null {
  if (failure.retryAfterMs === undefined) return null;
  return { kind: 'limit', until: new Date(at.getTime() + failure.retryAfterMs) };
}

function revived(row: RowState, { at, replayKey, alsoSent }: RowEvent & { kind: 'revived' }): RowStep {
  const over = row.status === 'dead' || (alsoSent && row.status === 'sent');
  if (!over || row.replayKey === replayKey) return NOTHING;
  return {
    change: { status: 'waiting', attempts: 0, dueAt: at, diedAt: null, sentAt: null, replayKey },
    effects: [],
  };
}
