// The experiments step of the protocol: looks at every running test and proposes, switches or says why it waits.
import { type Experiment, experimentId, type Proposal } from '../../../models/experiment.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import type { ProtocolStep, StepContext, StepResult } from '../../core/protocol-step.ts';
import { traceOf } from '../../core/trace.ts';
import type { Verdict } from './look.ts';
import { blockedNotice } from './notices.ts';
import { lastLook, lookVerdict, type Observed, observe } from './observe.ts';
import type { Experiments } from './proposals.ts';
import type { ExperimentOptions } from './service.ts';
import type { ExperimentChange } from './switch.ts';

const MAX_RUNNING = 200;

interface Outcome {
  readonly sentence: string;
  readonly waits: boolean;
}

export function createExperimentsStep(options: ExperimentOptions, service: Experiments): ProtocolStep {
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
    if (experiment.proposal?.status === 'open') {
      const outcome = await settle(step, experiment, await verdictOf(experiment));
      if (outcome) return outcome;
    }
    const observed = await observe(options, step.ctxFor(`look:${experiment.key}`), experiment);
    // Before the note: whoever takes the run over after it finds a proposal or an end, and looks no more.
    if (observed.isNew) await recordAction(step, experiment, observed);
    const noted = await note(step, experiment, observed);
    const outcome = noted.proposal?.status === 'open' ? await settle(step, noted, observed.verdict) : null;
    return outcome ?? { sentence: observed.verdict.sentence, waits: false };
  }

  /**
   * An open proposal waits for people, unless the policy lets the protocol switch by itself. Null when it turned out
   * to fit no longer, and was taken back.
   */
  async function settle(
    step: StepContext,
    experiment: Experiment,
    verdict: Verdict | null,
  ): Promise<Outcome | null> {
    const { proposal, key } = experiment;
    if (verdict?.canAuto && experiment.policy.mode === 'auto') {
      await service.switchByPolicy(step.ctxFor(`switch:${key}`), experiment);
      return { sentence: `switched to ${proposal?.winner}. ${proposal?.sentence}`, waits: false };
    }
    const ctx = step.ctxFor(`ask:${key}`);
    await service.ask(ctx, experiment);
    const { status } = (await service.get(ctx, key)).proposal ?? {};
    if (status !== 'open') return null;
    return { sentence: `waits for a decision. ${proposal?.sentence}`, waits: true };
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
    const { record } = await changeOnce(experiments.scoped(ctx.tenant), id, ctx.effectKey, (current) => {
      if (current.verdict?.look === look || current.status !== 'running') return null;
      const change = changeOf(ctx, current, observed);
      const next = { ...current, ...change, version: current.version + 1 };
      const items = itemsOf(current, next, verdict);
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

  function itemsOf(before: Experiment, after: Experiment, verdict: Verdict): OutboxContent[] {
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
