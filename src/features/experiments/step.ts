// The experiments step of the protocol: looks at every running test and proposes, switches or says why it waits.
import { type Experiment, experimentId, type Proposal } from '../../../models/experiment.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import type { ProtocolStep, StepContext, StepResult } from '../../core/protocol-step.ts';
import type { Block } from '../../core/reply.ts';
import { traceOf } from '../../core/trace.ts';
import { chartPicture } from './chart.tsx';
import type { Verdict } from './look.ts';
import { blockedNotice, proposalCards } from './notices.ts';
import { lastLook, lookVerdict, type Observed, observe } from './observe.ts';
import { reportOf } from './report.ts';
import type { ExperimentOptions, ExperimentService } from './service.ts';
import { shownReport } from './shapes.ts';
import type { ExperimentChange } from './switch.ts';

const MAX_RUNNING = 200;

interface Outcome {
  readonly sentence: string;
  readonly waits: boolean;
}

export function createExperimentsStep(options: ExperimentOptions, service: ExperimentService): ProtocolStep {
  const { experiments, audience } = options;

  async function run(step: StepContext): Promise<StepResult> {
    const { tenant } = step.ctxFor('list');
    const running = await experiments
      .scoped(tenant)
      .find({ where: { status: 'running' }, sort: [['key', 1]], limit: MAX_RUNNING });
    if (running.length === 0) return { status: 'skipped', summary: 'no experiment is running' };
    const said: string[] = [];
    let waiting = 0;
    for (const experiment of running) {
      if (step.signal.aborted) break;
      const outcome = await lookAt(step, experiment);
      said.push(`${experiment.key}: ${outcome.sentence}`);
      waiting += outcome.waits ? 1 : 0;
    }
    return { status: waiting > 0 ? 'waiting' : 'ok', summary: said.join(' · ') };
  }

  async function lookAt(step: StepContext, experiment: Experiment): Promise<Outcome> {
    if (experiment.proposal?.status === 'open') return settle(step, experiment, await verdictOf(experiment));
    const observed = await observe(options, step.ctxFor(`look:${experiment.key}`), experiment);
    // Before the note: whoever takes the run over after it finds a proposal or an end, and looks no more.
    if (observed.isNew) await recordAction(step, experiment, observed);
    return settle(step, await note(step, experiment, observed), observed.verdict);
  }

  /** An open proposal waits for a person, unless the policy lets the protocol switch by itself. */
  async function settle(
    step: StepContext,
    experiment: Experiment,
    verdict: Verdict | null,
  ): Promise<Outcome> {
    const { proposal, key } = experiment;
    if (proposal?.status !== 'open') return { sentence: verdict?.sentence ?? '', waits: false };
    if (!verdict?.canAuto || experiment.policy.mode !== 'auto')
      return { sentence: `waits for a decision. ${proposal.sentence}`, waits: true };
    await service.approve(step.ctxFor(`switch:${key}`), key, proposal.look, 'by policy auto');
    return { sentence: `switched to ${proposal.winner}. ${proposal.sentence}`, waits: false };
  }

  async function verdictOf(experiment: Experiment): Promise<Verdict | null> {
    const look = await lastLook(options, experiment);
    return look && lookVerdict(look);
  }

  /** Writes what a look found into the experiment: verdict, proposal, end; with the card or notice, in one write. */
  async function note(step: StepContext, experiment: Experiment, observed: Observed): Promise<Experiment> {
    const { look, verdict } = observed;
    const ctx = step.ctxFor(`note:${experiment.key}`);
    const id = experimentId(ctx.tenant, experiment.key);
    const chart = await chartOf(experiment, verdict);
    const { record } = await changeOnce(experiments.scoped(ctx.tenant), id, ctx.effectKey, (current) => {
      if (current.verdict?.look === look || current.status !== 'running') return null;
      const change = changeOf(ctx, current, observed);
      const next = { ...current, ...change, version: current.version + 1 };
      const items = itemsOf(current, next, verdict, chart);
      return {
        change,
        trace: traceOf(
          ctx,
          {
            target: id,
            before: { verdict: current.verdict?.kind ?? null },
            after: { verdict: verdict.kind, look },
          },
          ...items,
        ),
      };
    });
    return record;
  }

  /** The picture of what the verdict rests on, where there will be something to decide. */
  async function chartOf(experiment: Experiment, verdict: Verdict): Promise<Block[]> {
    if (verdict.kind !== 'propose') return [];
    return chartPicture(shownReport(await reportOf(options, experiment, verdict)), audience.zone);
  }

  function itemsOf(
    before: Experiment,
    after: Experiment,
    verdict: Verdict,
    chart: readonly Block[],
  ): OutboxContent[] {
    if (after.proposal?.status === 'open') return proposalCards(after, verdict, audience, chart);
    const isNewBlock = verdict.kind === 'blocked' && before.verdict?.kind !== 'blocked';
    return isNewBlock ? blockedNotice(after, verdict, audience) : [];
  }

  return { name: 'experiments', run };
}

function changeOf(ctx: Ctx, current: Experiment, { look, verdict }: Observed): ExperimentChange {
  const summary = { look, at: ctx.now, kind: verdict.kind, sentence: verdict.sentence };
  const proposal = proposalOf(ctx, current, look, verdict);
  if (proposal) return { looks: look, verdict: summary, proposal };
  if (!verdict.ended) return { looks: look, verdict: summary };
  const ended = {
    at: ctx.now,
    by: ctx.actor.name,
    kind: 'ended' as const,
    winner: null,
    previous: current.current,
    look,
    sentence: verdict.sentence,
  };
  return { looks: look, verdict: summary, status: 'ended', decisions: [...current.decisions, ended] };
}

/** A proposal only where there is something to switch and the policy lets us ask. */
function proposalOf(ctx: Ctx, current: Experiment, look: number, verdict: Verdict): Proposal | null {
  const { winner, sentence } = verdict;
  if (verdict.kind !== 'propose' || winner === null || current.policy.mode === 'watch') return null;
  if (winner === current.current) return null;
  const open = { proposedAt: ctx.now, status: 'open' as const, decidedBy: null, decidedAt: null, reason: '' };
  return { look, winner, previous: current.current, sentence, ...open };
}

async function recordAction(
  step: StepContext,
  experiment: Experiment,
  { look, verdict }: Observed,
): Promise<void> {
  await step.record({
    action: `look:${experiment.key}`,
    summary: verdict.sentence,
    target: experiment._id,
    after: { look, kind: verdict.kind, winner: verdict.winner },
  });
}
