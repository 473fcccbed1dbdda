// The life of a live card as a pure machine: a newer revision replaces one that was never shown.
import type { Card } from '../../models/card.ts';
import type { Reply } from '../core/reply.ts';
import type { Body } from '../core/store.ts';
import { type Failure, nextAttemptAt } from './failure.ts';
import { limitOf, type RowEffect, type Step } from './row-state.ts';
import type { Random } from './types.ts';

export type CardEvent =
  | {
      readonly kind: 'wanted';
      readonly revision: number;
      readonly reply: Reply;
      readonly onlyEdits: boolean;
      readonly at: Date;
      readonly now: Date;
    }
  | { readonly kind: 'shown'; readonly revision: number; readonly messageId: string; readonly at: Date }
  | {
      readonly kind: 'failed';
      readonly at: Date;
      readonly failure: Failure;
      readonly delaysMs: readonly number[];
      readonly random: Random;
    }
  /** It would be shown for the first time, and tells of something that is over. */
  | { readonly kind: 'staled'; readonly at: Date }
  | { readonly kind: 'interrupted'; readonly at: Date; readonly delaysMs: readonly number[] }
  | { readonly kind: 'revived'; readonly at: Date; readonly replayKey: string };

type CardState = Body<Card>;
export type CardStep = Step<CardState, RowEffect>;

/** How long an attempt of unknown outcome may still reach the platform. */
export const SETTLE_MS = 60_000;

const NOTHING: CardStep = { change: null, effects: [] };

/** What an event makes of a card, and what else follows from it. */
export function cardAfter(card: CardState, event: CardEvent): CardStep {
  switch (event.kind) {
    case 'wanted':
      return wanted(card, event);
    case 'shown':
      return shown(card, event);
    case 'failed':
      return failed(card, event);
    case 'staled':
      return {
        change: { marks: card.marks + 1, status: 'shown', attempts: 0, problem: null, shownAt: event.at },
        effects: [],
      };
    case 'interrupted':
      return failed(card, { ...event, kind: 'failed', failure: UNKNOWN, random: () => 0 });
    case 'revived':
      if (card.status !== 'dead' || card.replayKey === event.replayKey) return NOTHING;
      return {
        change: {
          status: 'waiting',
          attempts: 0,
          dueAt: event.at,
          since: event.at,
          diedAt: null,
          replayKey: event.replayKey,
        },
        effects: [],
      };
  }
}

const UNKNOWN: Failure = {
  text: 'The sender stopped before it learned whether this was shown.',
  retryable: true,
  mayHaveArrived: true,
};

/** A card that waits for its retry keeps waiting: a new revision is no reason to press a platform that is down. */
function wanted(card: CardState, event: CardEvent & { kind: 'wanted' }): CardStep {
  const { revision, reply, onlyEdits, at, now } = event;
  if (revision <= card.revision) return NOTHING;
  if (card.status === 'waiting') return { change: { revision, reply, onlyEdits }, effects: [] };
  const fresh = {
    status: 'waiting',
    since: at,
    dueAt: now,
    attempts: 0,
    diedAt: null,
    shownAt: null,
  } as const;
  return { change: { revision, reply, onlyEdits, ...fresh }, effects: [] };
}

function shown(card: CardState, { revision, messageId, at }: CardEvent & { kind: 'shown' }): CardStep {
  const known = {
    marks: card.marks + 1,
    shownRevision: revision,
    messageId,
    attempts: 0,
    problem: null,
  };
  if (card.revision > revision)
    return { change: { ...known, status: 'waiting', since: at, dueAt: at, diedAt: null }, effects: [] };
  const { unsettledUntil } = card;
  const done =
    unsettledUntil && unsettledUntil > at
      ? ({ status: 'settling', dueAt: unsettledUntil } as const)
      : ({ status: 'shown', unsettledUntil: null } as const);
  return { change: { ...known, ...done, shownAt: at }, effects: [] };
}

function failed(card: CardState, event: CardEvent & { kind: 'failed' }): CardStep {
  const { at, failure, delaysMs, random } = event;
  const attempts = card.attempts + 1;
  const first = card.messageId === null;
  const ambiguous = failure.mayHaveArrived && first ? 1 : 0;
  const counted = {
    marks: card.marks + 1,
    attempts,
    problem: failure.text,
    ambiguities: card.ambiguities + ambiguous,
    unsettledUntil:
      failure.mayHaveArrived && !first ? new Date(at.getTime() + SETTLE_MS) : card.unsettledUntil,
  };
  const effects: RowEffect[] = ambiguous ? [{ kind: 'ambiguity' }] : [];
  const limit = limitOf(failure, at);
  if (limit) effects.push(limit);
  const dueAt = nextAttemptAt({ failure, failures: attempts, delaysMs, now: at, random });
  if (dueAt) return { change: { ...counted, dueAt }, effects };
  effects.push({ kind: 'dead-letter', problem: failure.text });
  return { change: { ...counted, status: 'dead', diedAt: at }, effects };
}
