// What may happen to a proposal and to the default: approve, reject, roll back; each a pure change of the experiment.
import { DateTime } from 'luxon';
import type { Decision, Experiment, Proposal } from '../../../models/experiment.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { Body } from '../../core/store.ts';

export type ExperimentChange = Partial<Body<Experiment>>;

/** @throws AppError `record.conflict` saying who decided, when the proposal is open no more. */
export function approved(
  experiment: Experiment,
  ctx: Ctx,
  look: number | undefined,
  note: string,
): ExperimentChange {
  const proposal = openProposal(experiment, ctx, look);
  if (experiment.current !== proposal.previous) {
    throw conflict(
      `“${experiment.key}” now gives new units ${experiment.current}, not ${proposal.previous}: the proposal no longer fits.`,
    );
  }
  return {
    current: proposal.winner,
    status: 'ended',
    proposal: decided(proposal, ctx, 'approved', note),
    decisions: [...experiment.decisions, decision(ctx, 'switched', proposal, proposal.sentence)],
  };
}

/** Rejecting keeps the default and stops the test; `experiment start` goes on with it. */
export function rejected(
  experiment: Experiment,
  ctx: Ctx,
  look: number | undefined,
  reason: string,
): ExperimentChange {
  const proposal = openProposal(experiment, ctx, look);
  return {
    status: 'stopped',
    proposal: decided(proposal, ctx, 'rejected', reason),
    decisions: [
      ...experiment.decisions,
      decision(ctx, 'rejected', proposal, reason || `Kept ${proposal.previous}`),
    ],
  };
}

/** Undoes the last switch. @throws AppError `record.conflict` when there is none to undo. */
export function rolledBack(experiment: Experiment, ctx: Ctx, reason: string): ExperimentChange {
  const last = lastSwitch(experiment);
  if (!last?.previous || experiment.current !== last.winner) {
    throw conflict(
      `“${experiment.key}” gives new units ${experiment.current}; there is no switch to roll back.`,
    );
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

/** Who decided a proposal and when, for a second press and for the card. */
export function decidedSentence(proposal: Proposal, zone: string): string {
  const at = proposal.decidedAt
    ? DateTime.fromJSDate(proposal.decidedAt, { zone }).toFormat("d LLL 'at' HH:mm")
    : '';
  const reason = proposal.reason === '' ? '' : `: ${proposal.reason}`;
  return `${proposal.decidedBy ?? 'Somebody'} ${proposal.status} it on ${at}${reason}`;
}

function openProposal(experiment: Experiment, ctx: Ctx, look: number | undefined): Proposal {
  const { proposal, key } = experiment;
  if (!proposal) throw conflict(`“${key}” has no open proposal.`);
  if (look !== undefined && look !== proposal.look) {
    throw conflict(
      `That was the proposal of look ${look}; the newest one of “${key}” is of look ${proposal.look}.`,
    );
  }
  if (proposal.status !== 'open')
    throw conflict(`The proposal of “${key}” is decided: ${decidedSentence(proposal, ctx.zone)}.`);
  return proposal;
}

function decided(proposal: Proposal, ctx: Ctx, status: 'approved' | 'rejected', reason: string): Proposal {
  return { ...proposal, status, decidedBy: ctx.actor.name, decidedAt: ctx.now, reason };
}

function decision(ctx: Ctx, kind: 'switched' | 'rejected', proposal: Proposal, sentence: string): Decision {
  const { winner, previous, look } = proposal;
  return { at: ctx.now, by: ctx.actor.name, kind, winner, previous, look, sentence };
}

function conflict(text: string): AppError {
  return new AppError('record.conflict', text);
}
