// Proposals as requests to approve: what people are asked, how a proposal gets its request, and how votes reach it.
import type { Experiment, Proposal } from '../../../models/experiment.ts';
import { systemActor } from '../../core/actor.ts';
import type {
  ApprovalCase,
  ApprovalDesk,
  ApprovalEnd,
  ApprovalTicket,
  CaseWords,
} from '../../core/approval.ts';
import type { Ctx, Language } from '../../core/context.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import { fields } from '../../core/reply.ts';
import { caseWords } from './case-words.ts';
import { chartPicture } from './chart.tsx';
import { percent } from './figures.ts';
import { blockNow } from './observe.ts';
import { blockedNow, decidedAlready } from './refusals.ts';
import { type ExperimentReport, reportOf } from './report.ts';
import { createExperimentService, type ExperimentOptions } from './service.ts';
import { sentenceIn, shownReport } from './shapes.ts';
import { proposalOf, rejected, standingProposal, takenBack } from './switch.ts';

export const SWITCH = 'experiment.switch';

export interface SwitchInput {
  readonly experiment: string;
  readonly look: number;
  readonly winner: string;
}

export interface ExperimentsOptions extends ExperimentOptions {
  readonly desk: ApprovalDesk;
}

export type Experiments = ReturnType<typeof createExperiments>;

export const subjectOf = (key: string): string => `experiment:${key}`;

/** Everything about experiments, with the decisions that people take at the desk. */
export function createExperiments(options: ExperimentsOptions) {
  const { desk, audience } = options;
  const experiments = createExperimentService(options);

  /**
   * What there is to decide, as things stand now.
   * @throws AppError `record.conflict` when the proposal is decided, the default has changed or the data is broken
   */
  async function describe(ctx: Ctx, input: SwitchInput): Promise<ApprovalCase> {
    const experiment = await experiments.get(ctx, input.experiment);
    const proposal = standingProposal(experiment, input, ctx.zone);
    const { look, winner, previous } = proposal;
    const blocked = await blockNow(options, ctx, experiment);
    if (blocked !== null) throw blockedNow(experiment.key, blocked);
    const verdict = await experiments.verdictOf(experiment);
    const report = await reportOf(options, experiment, verdict);
    return {
      ...caseIn('en', { ...report, proposal, zone: audience.zone }),
      inHindi: caseIn('hi', { ...report, proposal, zone: audience.zone }),
      subject: subjectOf(experiment.key),
      state: { look, winner, previous, current: experiment.current },
    };
  }

  /**
   * The request of an open proposal, opened where there is none: after an expiry it is asked anew. A request whose
   * facts have changed is ended first, and its proposal with it.
   */
  async function ask(ctx: Ctx, experiment: Experiment): Promise<ApprovalTicket | null> {
    const { key } = experiment;
    const known = await desk.about(ctx, subjectOf(key));
    const ticket = known?.state === 'open' ? await desk.recheck(ctx, known.id) : known;
    if (ticket && ['open', 'approved', 'executing'].includes(ticket.state)) return ticket;
    const { proposal, _id } = await experiments.get(ctx, key);
    if (proposal?.status !== 'open') return ticket;
    const { look, winner } = proposal;
    const round = await desk.endedAbout(ctx, subjectOf(key));
    const effectKey = `${_id}:proposal:${look}:${round}`;
    try {
      const input = { experiment: key, look, winner };
      return (await desk.open({ ...asSystem(ctx), effectKey }, SWITCH, input)).ticket;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'record.conflict') throw error;
      const decider = { by: ctx.actor.name, at: ctx.now, reason: error.publicMessage };
      await experiments.endProposal(ctx, key, look, (_, open) => takenBack(open, decider));
      return null;
    }
  }

  /** Votes yes on the proposal; with the last vote that is needed the switch is made. */
  async function approve(ctx: Ctx, key: string, look: number | undefined, note: string): Promise<Experiment> {
    const { id } = await requestOf(ctx, key, look);
    const { state, title, sentence } = await desk.approve(ctx, id, { note });
    if (state !== 'done' && state !== 'open')
      throw new AppError('record.conflict', `“${title}” is ${state}: ${sentence}.`, {
        inHindi: `“${key}” के प्रस्ताव पर फ़ैसला हो चुका है। देखने के लिए लिखें: approval show ${id}`,
      });
    return experiments.get(ctx, key);
  }

  async function reject(
    ctx: Ctx,
    key: string,
    look: number | undefined,
    reason: string,
  ): Promise<Experiment> {
    const { id } = await requestOf(ctx, key, look);
    await desk.reject(ctx, id, { note: reason });
    return experiments.get(ctx, key);
  }

  async function requestOf(
    ctx: Ctx,
    key: string,
    look: number | undefined,
  ): Promise<{ readonly id: string }> {
    const experiment = await experiments.get(ctx, key);
    const proposal = proposalOf(experiment, { look });
    const isOpen = proposal.status === 'open';
    const ticket = isOpen ? await ask(asSystem(ctx), experiment) : await desk.about(ctx, subjectOf(key));
    if (ticket) return ticket;
    throw decidedAlready(key, proposal, ctx.zone);
  }

  /** A no stops the test; what no longer fits is taken back, and the next look may propose anew. */
  async function ended(ctx: Ctx, { experiment: key, look }: SwitchInput, end: ApprovalEnd): Promise<void> {
    if (end.state === 'expired' || end.state === 'withdrawn') return;
    await experiments.endProposal(ctx, key, look, (experiment, proposal) =>
      end.state === 'rejected' ? rejected(experiment, proposal, end) : takenBack(proposal, end),
    );
  }

  /** Switches without asking anybody, as the policy `auto` has it, and takes back what was asked before. */
  async function switchByPolicy(ctx: Ctx, experiment: Experiment): Promise<void> {
    const { key, proposal } = experiment;
    if (!proposal) return;
    const decider = { by: ctx.actor.name, at: ctx.now, reason: 'by policy auto' };
    await experiments.switchTo(ctx, key, proposal, decider);
    const ticket = await desk.about(ctx, subjectOf(key));
    if (ticket?.state === 'open')
      await desk.withdraw(ctx, ticket.id, 'the policy is auto now, and it was switched without a vote');
  }

  return { ...experiments, describe, ask, approve, reject, ended, switchByPolicy };
}

/** What people read of a proposal in one language; in English its sentence is the one that was stored. */
function caseIn(
  language: Language,
  about: ExperimentReport & { readonly proposal: Proposal; readonly zone: string },
): CaseWords {
  const { experiment, verdict, zone, proposal } = about;
  const { winner, previous, sentence } = proposal;
  const say = caseWords[language];
  const compared = verdict?.perChallenger.find((one) => one.variant === winner);
  const stays = experiment.holdout > 0 ? say.stays(percent(experiment.holdout), previous) : '';
  const summary = verdict && language !== 'en' ? sentenceIn(language, verdict, experiment) : sentence;
  return {
    title: say.title(experiment.key, previous, winner),
    summary,
    changes: [{ what: say.what, before: previous, after: `${winner}${stays}` }],
    evidence: [
      ...(compared ? [fields(say.evidence(compared))] : []),
      ...chartPicture(shownReport(about, language), zone, language),
    ],
    approve: say.approve,
  };
}

/** The protocol asks, whoever it was that noticed; where others read it is where every request is shown. */
function asSystem({ room: _room, ...ctx }: Ctx): Ctx {
  return { ...ctx, actor: systemActor };
}
