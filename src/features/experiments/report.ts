// Everything there is to show of one experiment: counts, the verdict, and conversion with its band over time or order.
import type { Experiment } from '../../../models/experiment.ts';
import { type ArmCount, type ExperimentRollup, rollupId, TOTAL } from '../../../models/experiment-rollup.ts';
import type { FoldStores } from './fold.ts';
import type { Verdict } from './look.ts';
import { sequentialInterval } from './statistics/confidence-sequence.ts';

/** Conversion of one arm after so many units, with the band that holds at every point at once. */
export interface RatePoint {
  /** Milliseconds since the epoch, or units in all so far. */
  readonly x: number;
  readonly exposed: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

export interface ArmSeries {
  readonly variant: string;
  readonly points: readonly RatePoint[];
}

export interface ExperimentReport {
  readonly experiment: Experiment;
  readonly verdict: Verdict | null;
  readonly counts: readonly ArmCount[];
  readonly excluded: number;
  readonly asOf: Date | null;
  /** The first and the last exposure; null where the data has no times. */
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  readonly series: readonly ArmSeries[];
}

const MAX_BUCKETS = 20_000;
const CHART_POINTS = 60;
const QUARTER_HOUR_MS = 15 * 60 * 1000;

export async function reportOf(
  stores: FoldStores,
  experiment: Experiment,
  verdict: Verdict | null,
): Promise<ExperimentReport> {
  const rollups = stores.rollups.scoped(experiment.tenant);
  const [totals, buckets] = await Promise.all([
    rollups.get(rollupId(experiment.tenant, experiment.key, TOTAL)),
    rollups.find({
      where: { experiment: experiment.key, bucket: { gte: 0 } },
      sort: [['bucket', 1]],
      limit: MAX_BUCKETS,
    }),
  ]);
  return {
    experiment,
    verdict,
    counts: totals?.counts ?? [],
    excluded: totals?.excluded ?? 0,
    asOf: totals?.foldedAt ?? null,
    firstAt: totals?.firstAt ?? null,
    lastAt: totals?.lastAt ?? null,
    series: seriesOf(experiment, buckets),
  };
}

/** Running conversion per arm, thinned to the points a chart can show; the last point is always there. */
export function seriesOf(experiment: Experiment, buckets: readonly ExperimentRollup[]): ArmSeries[] {
  const running = new Map(experiment.arms.map(({ variant }) => [variant, { exposed: 0, converted: 0 }]));
  const series = new Map(experiment.arms.map(({ variant }) => [variant, [] as RatePoint[]]));
  const stride = Math.max(1, Math.ceil(buckets.length / CHART_POINTS));
  let units = 0;
  for (const [index, bucket] of buckets.entries()) {
    for (const { variant, exposed, converted } of bucket.counts) {
      const sum = running.get(variant);
      if (!sum) continue;
      sum.exposed += exposed;
      sum.converted += converted;
      units += exposed;
    }
    if (index % stride !== 0 && index !== buckets.length - 1) continue;
    const x = experiment.axis === 'time' ? (bucket.bucket + 1) * QUARTER_HOUR_MS : units;
    for (const [variant, sum] of running) {
      if (sum.exposed > 0) series.get(variant)?.push({ x, ...ratePoint(experiment, sum) });
    }
  }
  return [...series].map(([variant, points]) => ({ variant, points }));
}

/** Asymptotic confidence sequence of one arm's rate, cut to [0, 1]; narrowest after a third of its planned units. */
function ratePoint(
  experiment: Experiment,
  sum: { exposed: number; converted: number },
): Omit<RatePoint, 'x'> {
  const { exposed, converted } = sum;
  const rate = converted / exposed;
  // One of each is added for the error, so that an arm without conversions has a band.
  const shrunk = (converted + 1) / (exposed + 2);
  const standardError = Math.sqrt((shrunk * (1 - shrunk)) / exposed);
  const bestAt = Math.max(1, experiment.maxUnits / (3 * experiment.arms.length));
  const { low, high } = sequentialInterval(
    { effect: rate, standardError, n: exposed },
    { alpha: 0.05, bestAt },
  );
  return { exposed, rate, low: Math.max(0, low), high: Math.min(1, high) };
}
