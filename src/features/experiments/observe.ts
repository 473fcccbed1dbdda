// Looks at one experiment: folds what came in, judges it, and keeps everything the verdict was made from.
import type { Experiment } from '../../../models/experiment.ts';
import { type ExperimentLook, lookId } from '../../../models/experiment-look.ts';
import type { ExperimentRollup } from '../../../models/experiment-rollup.ts';
import { canonicalJson } from '../../core/canonical.ts';
import type { Ctx } from '../../core/context.ts';
import type { Bilingual } from '../../core/operation.ts';
import type { RecordCollection } from '../../core/store.ts';
import { decide } from './decide.ts';
import { type FoldStores, fold } from './fold.ts';
import { type LookInput, NOTHING_SPENT, type Verdict } from './look.ts';
import { describeVerdict } from './words.ts';

export interface LookStores extends FoldStores {
  readonly looks: RecordCollection<ExperimentLook>;
}

export interface Observed {
  readonly look: number;
  readonly verdict: Verdict;
  /** Taken by this run, perhaps before it was taken over; false where an earlier look stands, for nothing changed. */
  readonly isNew: boolean;
}

const POLICY_VERSION = '1';
const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

/** Takes one look and stores it. A look that would see what the last one saw is not taken again. */
export async function observe(stores: LookStores, ctx: Ctx, experiment: Experiment): Promise<Observed> {
  const totals = await fold(stores, ctx.tenant, experiment.key, ctx.now);
  const last = await lastLook(stores, experiment);
  const previous = last ? lookVerdict(last).state : NOTHING_SPENT;
  const input = lookInput(experiment, totals, previous, ctx.now);
  const verdict = decide(input);
  if (last && seesTheSame(input, lookInputOf(last)) && verdict.kind === lookVerdict(last).kind) {
    return { look: last.look, verdict: lookVerdict(last), isNew: last.effectKey === ctx.effectKey };
  }
  const number = (last?.look ?? 0) + 1;
  const body = {
    experiment: experiment.key,
    look: number,
    at: ctx.now,
    effectKey: ctx.effectKey,
    input,
    verdict,
  };
  const looks = stores.looks.scoped(ctx.tenant);
  const { record } = await looks.insertOnce(lookId(ctx.tenant, experiment.key, number), {
    ...body,
    input: { ...input },
    verdict: { ...verdict },
  });
  return { look: record.look, verdict: lookVerdict(record), isNew: record.effectKey === ctx.effectKey };
}

/**
 * What forbids to decide on the data as it is now, in a sentence; null when nothing does. That the feed has stopped
 * forbids a new look, not a decision on what was seen.
 */
export async function blockNow(
  stores: FoldStores,
  ctx: Ctx,
  experiment: Experiment,
): Promise<Bilingual | null> {
  const totals = await fold(stores, ctx.tenant, experiment.key, ctx.now);
  const { feedAgeHours: _age, ...input } = lookInput(experiment, totals, NOTHING_SPENT, ctx.now);
  const verdict = decide(input);
  if (verdict.kind !== 'blocked') return null;
  return { en: verdict.sentence, hi: describeVerdict(verdict, input, 'hi') };
}

/** The newest look at an experiment; null before the first. */
export async function lastLook(
  stores: Pick<LookStores, 'looks'>,
  experiment: Experiment,
): Promise<ExperimentLook | null> {
  const looks = stores.looks.scoped(experiment.tenant);
  const [last] = await looks.find({ where: { experiment: experiment.key }, sort: [['look', -1]], limit: 1 });
  return last ?? null;
}

// A look is stored exactly as it was given and answered; these two say so to the compiler.
export const lookVerdict = (look: ExperimentLook): Verdict => look.verdict as unknown as Verdict;
export const lookInputOf = (look: ExperimentLook): LookInput => look.input as unknown as LookInput;

function lookInput(
  experiment: Experiment,
  totals: ExperimentRollup,
  previous: LookInput['previous'],
  now: Date,
): LookInput {
  const counts = new Map(totals.counts.map((count) => [count.variant, count]));
  return {
    policyVersion: POLICY_VERSION,
    alpha: 0.05,
    defaultArm: experiment.control,
    maximumUnits: experiment.maxUnits,
    arms: experiment.arms.map(({ variant, costPaise }) => ({
      variant,
      exposed: counts.get(variant)?.exposed ?? 0,
      converted: counts.get(variant)?.converted ?? 0,
      ...(costPaise === null || costPaise === undefined ? {} : { costPaise }),
    })),
    weights: Object.fromEntries(experiment.arms.map(({ variant, weight }) => [variant, weight])),
    excludedUnits: totals.excluded,
    days: experiment.axis === 'order' ? 'unknown' : fullDays(totals),
    ...(totals.foldedAt
      ? { feedAgeHours: Math.floor((now.getTime() - totals.foldedAt.getTime()) / HOUR_MS) }
      : {}),
    ...(experiment.valuePaise === null ? {} : { valuePaise: experiment.valuePaise }),
    policy: experiment.policy,
    previous,
  };
}

function fullDays({ firstAt, lastAt }: ExperimentRollup): number {
  return firstAt && lastAt ? Math.floor((lastAt.getTime() - firstAt.getTime()) / DAY_MS) : 0;
}

/** Whether two looks saw the same data under the same rules, whatever was spent before and however old the feed is. */
function seesTheSame(a: LookInput, b: LookInput): boolean {
  const seen = ({ previous: _previous, feedAgeHours: _age, ...rest }: LookInput): string =>
    canonicalJson(rest);
  return seen(a) === seen(b);
}
