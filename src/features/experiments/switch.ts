// What may happen to a proposal and to the default: approve, reject, roll back; each a pure change of the experiment.
import type { Decision, Experiment, Proposal } from '../../../models/experiment.ts';
import type { Ctx } from '../../core/context.ts';
import type { Body } from '../../core/store.ts';
import {
  decidedAlready,
  fitsNoLonger,
  noProposal,
  nothingToUndo,
  otherLook,
  otherWinner,
} from './refusals.ts';

export type ExperimentChange = Partial<Body<Experiment>>;

/** Who decided on a switch, and what they said to it. */
export interface Decider {
  readonly by: string;
  readonly at: Date;
  readonly reason: string;
}

/** @throws AppError `record.conflict` when the proposal is open no more, or the default is another by now. */
export function switched(
  experiment: Experiment,
  wanted: Wanted,
  decider: Decider,
  zone: string,
): ExperimentChange {
  const proposal = standingProposal(experiment, wanted, zone);
  const { winner, previous, look, sentence } = proposal;
  const entry = {
    kind: 'switched',
    winner,
    previous,
    look,
    sentence,
    at: decider.at,
    by: decider.by,
  } as const;
  return {
    current: winner,
    status: 'ended',
    proposal: decided(proposal, 'approved', decider),
    decisions: [...experiment.decisions, entry],
  };
}

/** Rejecting keeps the default and stops the test; `experiment start` goes on with it. */
export function rejected(experiment: Experiment, proposal: Proposal, decider: Decider): ExperimentChange {
  const { winner, previous, look } = proposal;
  const { at, by, reason } = decider;
  const sentence = reason || `Kept ${previous}`;
  return {
    status: 'stopped',
    proposal: decided(proposal, 'rejected', decider),
    decisions: [...experiment.decisions, { kind: 'rejected', winner, previous, look, sentence, at, by }],
  };
}

/** A proposal that no longer fits is taken back; the test goes on, and its next look may propose anew. */
export function takenBack(proposal: Proposal, decider: Decider): ExperimentChange {
  return { proposal: decided(proposal, 'withdrawn', decider) };
}

/** Undoes the last switch. @throws AppError `record.conflict` when there is none to undo. */
export function rolledBack(experiment: Experiment, ctx: Ctx, reason: string): ExperimentChange {
  const last = lastSwitch(experiment);
  if (!last?.previous || experiment.current !== last.winner) {
    throw nothingToUndo(experiment);
  }
  const back: Decision = {
    at: ctx.now,
    by: ctx.actor.name,
    kind: 'rolled_back',
    winner: last.previous,
    previous: experiment.current,
    look: last.look,
    sentence: reason,
  };
  return { current: last.previous, status: 'stopped', decisions: [...experiment.decisions, back] };
}

/** The switch that made the present default, if any. */
export function lastSwitch(experiment: Experiment): Decision | undefined {
  return experiment.decisions.findLast((one) => one.kind === 'switched');
}

/** Which proposal is meant. */
export interface Wanted {
  readonly look?: number | undefined;
  readonly winner?: string | undefined;
}

/** The newest proposal, decided or not. @throws AppError `record.conflict` when there is none, or not of that look. */
export function proposalOf({ proposal, key }: Experiment, { look, winner }: Wanted): Proposal {
  if (!proposal) throw noProposal(key);
  if (look !== undefined && look !== proposal.look) throw otherLook(key, look, proposal.look);
  if (winner !== undefined && winner !== proposal.winner) throw otherWinner(key, proposal, winner);
  return proposal;
}

/** The open proposal whose default still is the default. @throws AppError `record.conflict` saying what is in its way. */
export function standingProposal(experiment: Experiment, wanted: Wanted, zone: string): Proposal {
  const { key, current } = experiment;
  const proposal = proposalOf(experiment, wanted);
  if (proposal.status !== 'open') throw decidedAlready(key, proposal, zone);
  if (current !== proposal.previous) throw fitsNoLonger(experiment, proposal);
  return proposal;
}

function decided(
  proposal: Proposal,
  status: 'approved' | 'rejected' | 'withdrawn',
  { by, at, reason }: Decider,
): Proposal {
  return { ...proposal, status, decidedBy: by, decidedAt: at, reason };
}
