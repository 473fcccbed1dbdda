// The shapes of experiments as the doors show them: the key, and the report as plain JSON.
import { z } from 'zod';
import { type Experiment, policyModes } from '../../../models/experiment.ts';
import type { Language } from '../../core/context.ts';
import type { Verdict } from './look.ts';
import type { ExperimentReport } from './report.ts';
import { describeVerdict } from './words.ts';

export const experimentKey = z
  .string()
  .trim()
  .regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, 'use small letters, digits, - and _, at most 60')
  .describe('the key of an experiment')
  .meta({ example: 'onboarding-offer' });

const nullableNumber = z.number().nullable();
const interval = z.object({ low: z.number(), high: z.number() });

export const reportShape = z.object({
  experiment: z.string(),
  metric: z.string(),
  status: z.string(),
  default: z.string(),
  current: z.string(),
  axis: z.enum(['time', 'order']),
  units: z.int(),
  maxUnits: z.int(),
  excludedUnits: z.int(),
  asOf: z.iso.datetime().nullable(),
  policy: z.object({
    mode: z.enum(policyModes),
    minDays: z.int(),
    minConversionsPerArm: z.int(),
    horizonDays: z.int(),
  }),
  arms: z.array(
    z.object({
      variant: z.string(),
      exposed: z.int(),
      converted: z.int(),
      rate: nullableNumber,
      costPaise: z.int().nullable(),
    }),
  ),
  verdict: z
    .object({
      kind: z.string(),
      winner: z.string().nullable(),
      sentence: z.string(),
      look: z.int().nullable(),
      at: z.iso.datetime().nullable(),
      sampleRatioBayesFactor: z.number(),
      waitsFor: z.array(
        z.object({
          code: z.string(),
          have: nullableNumber,
          need: nullableNumber,
          name: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
  comparisons: z.array(
    z.object({
      variant: z.string(),
      difference: z.number(),
      interval,
      lift: nullableNumber,
      z: z.number(),
      boundary: nullableNumber,
      fraction: z.number(),
      crossed: z.enum(['better', 'worse']).nullable(),
    }),
  ),
  proposal: z
    .object({
      look: z.int(),
      winner: z.string(),
      previous: z.string(),
      status: z.string(),
      sentence: z.string(),
      decidedBy: z.string().nullable(),
      decidedAt: z.iso.datetime().nullable(),
    })
    .nullable(),
  decisions: z.array(
    z.object({
      at: z.iso.datetime(),
      by: z.string(),
      kind: z.string(),
      winner: z.string().nullable(),
      previous: z.string().nullable(),
      sentence: z.string(),
    }),
  ),
  series: z.array(
    z.object({
      variant: z.string(),
      points: z.array(
        z.object({ x: z.number(), exposed: z.int(), rate: z.number(), low: z.number(), high: z.number() }),
      ),
    }),
  ),
});

export type ShownReport = z.output<typeof reportShape>;

/** A report as plain JSON, its verdict in English unless told. A Bayes factor beyond all numbers reads as the largest one. */
export function shownReport(
  report: ExperimentReport,
  language: Language = 'en',
): z.input<typeof reportShape> {
  const { experiment, verdict, counts } = report;
  const arms = experiment.arms.map(({ variant, costPaise }) => {
    const { exposed = 0, converted = 0 } = counts.find((count) => count.variant === variant) ?? {};
    return {
      variant,
      exposed,
      converted,
      rate: exposed > 0 ? converted / exposed : null,
      costPaise: costPaise ?? null,
    };
  });
  const { proposal } = experiment;
  return {
    experiment: experiment.key,
    metric: experiment.metric,
    status: experiment.status,
    default: experiment.control,
    current: experiment.current,
    axis: experiment.axis,
    units: arms.reduce((sum, arm) => sum + arm.exposed, 0),
    maxUnits: experiment.maxUnits,
    excludedUnits: report.excluded,
    asOf: report.asOf?.toISOString() ?? null,
    policy: { ...experiment.policy },
    arms,
    verdict: verdict && {
      kind: verdict.kind,
      winner: verdict.winner,
      sentence: sentenceIn(language, verdict, experiment),
      look: experiment.verdict?.look ?? null,
      at: experiment.verdict?.at.toISOString() ?? null,
      sampleRatioBayesFactor: Math.min(verdict.srm.bayesFactor, Number.MAX_VALUE),
      waitsFor: verdict.waitsFor.map((one) => ({ ...one })),
    },
    comparisons: (verdict?.perChallenger ?? []).map(
      ({ variant, difference, interval: band, lift, z: score, boundary, fraction, crossed }) => ({
        variant,
        difference,
        interval: { ...band },
        lift,
        z: score,
        boundary,
        fraction,
        crossed,
      }),
    ),
    proposal: proposal && { ...proposal, decidedAt: proposal.decidedAt?.toISOString() ?? null },
    decisions: experiment.decisions.map(({ at, by, kind, winner, previous, sentence }) => ({
      at: at.toISOString(),
      by,
      kind,
      winner,
      previous,
      sentence,
    })),
    series: report.series.map(({ variant, points }) => ({
      variant,
      points: points.map((point) => ({ ...point })),
    })),
  };
}

/** The sentence of a verdict; in English it is the one that was stored with the look. */
export function sentenceIn(language: Language, verdict: Verdict, { control }: Experiment): string {
  if (language === 'en') return verdict.sentence;
  return describeVerdict(verdict, { defaultArm: control }, language);
}

/** What a decision answers: the experiment as it is then, and who decided. */
export const decidedShape = z.object({
  experiment: z.string(),
  current: z.string(),
  previous: z.string().nullable(),
  status: z.string(),
  decidedBy: z.string(),
});

export function shownDecision({ key, current, status, decisions }: Experiment, decidedBy: string) {
  return { experiment: key, current, status, previous: decisions.at(-1)?.previous ?? null, decidedBy };
}
