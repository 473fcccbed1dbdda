// The rules of experiments: import, look, propose, decide once, roll back; the arithmetic lives in decide.ts.
import {
  type Experiment,
  type ExperimentPolicy,
  experimentId,
  type Proposal,
} from '../../../models/experiment.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import { traceOf } from '../../core/trace.ts';
import { armFor } from './assign.ts';
import { type ImportOutcome, type ImportRequest, type ImportStores, importExposures } from './import.ts';
import type { Verdict } from './look.ts';
import { type Audience, switchEvent } from './notices.ts';
import { type LookStores, lastLook, lookVerdict } from './observe.ts';
import { noExperiment } from './refusals.ts';
import { type ExperimentReport, reportOf } from './report.ts';
import { sentenceIn } from './shapes.ts';
import { type Decider, type ExperimentChange, rolledBack, switched, type Wanted } from './switch.ts';

export interface ExperimentOptions extends ImportStores, LookStores {
  readonly audience: Audience;
}

export type ExperimentService = ReturnType<typeof createExperimentService>;

export function createExperimentService(options: ExperimentOptions) {
  const { experiments, audience } = options;

  function importFile(ctx: Ctx, request: ImportRequest): Promise<ImportOutcome> {
    return importExposures(options, ctx, request);
  }

  /** @throws AppError `record.not_found` */
  async function get(ctx: Ctx, key: string): Promise<Experiment> {
    const found = await experiments.scoped(ctx.tenant).get(experimentId(ctx.tenant, key));
    if (!found) throw noExperiment(key);
    return found;
  }

  function list(ctx: Ctx, limit: number): Promise<Experiment[]> {
    return experiments.scoped(ctx.tenant).find({ where: {}, sort: [['updatedAt', -1]], limit });
  }

  /** Everything a page, a picture or an API needs to show one experiment. */
  async function report(ctx: Ctx, key: string): Promise<ExperimentReport> {
    const experiment = await get(ctx, key);
    return reportOf(options, experiment, await verdictOf(experiment));
  }

  /** The variant of a unit: always the same one for the same unit. */
  async function assign(ctx: Ctx, key: string, unit: string): Promise<string> {
    return armFor(await get(ctx, key), unit);
  }

  /** What the newest look said; null before the first. */
  async function verdictOf(experiment: Experiment): Promise<Verdict | null> {
    const look = await lastLook(options, experiment);
    return look && lookVerdict(look);
  }

  /** What the newest look said, in a sentence for whoever asks; null before the first. */
  async function verdictWordsOf({ language }: Ctx, experiment: Experiment): Promise<string | null> {
    if (language === 'en' || !experiment.verdict) return experiment.verdict?.sentence ?? null;
    const verdict = await verdictOf(experiment);
    return verdict && sentenceIn(language, verdict, experiment);
  }

  /**
   * Makes the proposed winner the default for new units, once.
   * @throws AppError `record.conflict` when the proposal is decided, or the default is another by now.
   */
  function switchTo(ctx: Ctx, key: string, wanted: Wanted, decider: Decider): Promise<Experiment> {
    return decideOn(ctx, key, (experiment) => switched(experiment, wanted, decider, ctx.zone), switchEvent);
  }

  function rollBack(ctx: Ctx, key: string, reason: string): Promise<Experiment> {
    return decideOn(ctx, key, (experiment) => rolledBack(experiment, ctx, reason), switchEvent);
  }

  /** What becomes of a proposal that is not carried out; nothing when it is not open any more. */
  function endProposal(
    ctx: Ctx,
    key: string,
    look: number,
    change: (experiment: Experiment, proposal: Proposal) => ExperimentChange,
  ): Promise<Experiment> {
    return decideOn(
      ctx,
      key,
      (experiment) => {
        const { proposal } = experiment;
        return proposal?.look === look && proposal.status === 'open' ? change(experiment, proposal) : null;
      },
      () => [],
    );
  }

  /** One decision in one write: the change, its audit row and the event for other systems. */
  async function decideOn(
    ctx: Ctx,
    key: string,
    change: (experiment: Experiment) => ExperimentChange | null,
    events: (experiment: Experiment, verdict: Verdict | null, audience: Audience) => OutboxContent[],
  ): Promise<Experiment> {
    const verdict = await verdictOf(await get(ctx, key));
    const { record } = await changeOnce(
      experiments.scoped(ctx.tenant),
      experimentId(ctx.tenant, key),
      ctx.effectKey,
      (current) => {
        const changes = change(current);
        if (!changes) return null;
        const next = { ...current, ...changes };
        return {
          change: changes,
          trace: traceOf(ctx, factsOf(current, next), ...events(next, verdict, audience)),
        };
      },
    );
    return record;
  }

  function setPolicy(ctx: Ctx, key: string, policy: Partial<ExperimentPolicy>): Promise<Experiment> {
    return change(ctx, key, (current) => ({ policy: { ...current.policy, ...policy } }), 'policy');
  }

  /** Goes on with a test that was stopped or whose proposal was rejected. */
  function start(ctx: Ctx, key: string): Promise<Experiment> {
    return change(
      ctx,
      key,
      (current) =>
        current.status === 'running' ? null : { status: 'running', proposal: null, verdict: null },
      'started',
    );
  }

  function stop(ctx: Ctx, key: string): Promise<Experiment> {
    return change(
      ctx,
      key,
      (current) => (current.status === 'stopped' ? null : { status: 'stopped' }),
      'stopped',
    );
  }

  async function change(
    ctx: Ctx,
    key: string,
    decide: (current: Experiment) => ExperimentChange | null,
    kind: 'policy' | 'started' | 'stopped',
  ): Promise<Experiment> {
    await get(ctx, key);
    const { record } = await changeOnce(
      experiments.scoped(ctx.tenant),
      experimentId(ctx.tenant, key),
      ctx.effectKey,
      (current) => {
        const changes = decide(current);
        if (!changes) return null;
        const entry = {
          at: ctx.now,
          by: ctx.actor.name,
          kind,
          winner: null,
          previous: null,
          look: null,
          sentence: '',
        };
        const next = { ...current, ...changes };
        return {
          change: { ...changes, decisions: [...current.decisions, entry] },
          trace: traceOf(ctx, factsOf(current, next)),
        };
      },
    );
    return record;
  }

  return {
    importFile,
    get,
    list,
    report,
    verdictOf,
    verdictWordsOf,
    assign,
    switchTo,
    rollBack,
    endProposal,
    setPolicy,
    start,
    stop,
  };
}

/** What the audit row says: the fields that a decision can change. */
function factsOf(before: Experiment, after: Experiment) {
  const shown = ({ current, status, policy, proposal }: Experiment) => ({
    current,
    status,
    policy,
    proposal: proposal?.status ?? null,
  });
  return { target: before._id, before: shown(before), after: shown(after) };
}
