// What the counts of an experiment say in one short sentence: the title of its chart.
import { percent, points } from './figures.ts';
import type { ShownReport } from './shapes.ts';

type Arm = ShownReport['arms'][number];
type Measured = Arm & { readonly rate: number };

/** Such as “gate_40 converts 0.8 points fewer units than gate_30 (18.2 % against 19.0 %), which may be chance”. */
export function findingOf(report: ShownReport): string {
  const base = report.arms.find((arm) => arm.variant === report.default);
  const best = bestChallenger(report);
  if (!base || !isMeasured(base) || !best) return `${report.experiment} has no exposures to compare yet`;
  const rates = `${percent(best.rate)} against ${percent(base.rate)}`;
  const difference = best.rate - base.rate;
  if (difference === 0) return `${best.variant} converts as many units as ${base.variant} (${rates})`;
  const size = points(Math.abs(difference)).slice(1);
  const direction = difference > 0 ? 'more' : 'fewer';
  return `${best.variant} converts ${size} ${direction} units than ${base.variant} (${rates})${doubtOf(report, best)}`;
}

/** Only what a look has settled is said without doubt. */
function doubtOf({ comparisons }: ShownReport, best: Measured): string {
  const compared = comparisons.find((one) => one.variant === best.variant);
  if (!compared) return ', not judged yet';
  return compared.crossed === null ? ', which may be chance' : '';
}

/** The challenger that converts best; undefined while none has exposures. */
function bestChallenger({ arms, default: control }: ShownReport): Measured | undefined {
  const challengers = arms.filter((arm) => arm.variant !== control).filter(isMeasured);
  return challengers.toSorted((a, b) => b.rate - a.rate)[0];
}

const isMeasured = (arm: Arm): arm is Measured => arm.rate !== null;
