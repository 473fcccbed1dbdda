// What the counts of an experiment say in one short sentence: the title of its chart.
import type { Language } from '../../core/context.ts';
import { chartWords } from './chart-words.ts';
import { percent, points } from './figures.ts';
import type { ShownReport } from './shapes.ts';

type Arm = ShownReport['arms'][number];
type Measured = Arm & { readonly rate: number };

/** Such as “gate_40 converts 0.8 points fewer units than gate_30 (18.2 % against 19.0 %), which may be chance”. */
export function findingOf(report: ShownReport, language: Language = 'en'): string {
  const say = chartWords[language];
  const base = report.arms.find((arm) => arm.variant === report.default);
  const best = bestChallenger(report);
  if (!base || !isMeasured(base) || !best) return say.nothing(report.experiment);
  const rates = say.rates(percent(best.rate), percent(base.rate));
  const difference = best.rate - base.rate;
  const found = { best: best.variant, base: base.variant, rates };
  if (difference === 0) return say.same(found);
  const size = points(Math.abs(difference), language).slice(1);
  return `${say.differs({ ...found, size, isMore: difference > 0 })}${doubtOf(report, best, language)}`;
}

/** Only what a look has settled is said without doubt. */
function doubtOf({ comparisons }: ShownReport, best: Measured, language: Language): string {
  const say = chartWords[language];
  const compared = comparisons.find((one) => one.variant === best.variant);
  if (!compared) return say.notJudged;
  return compared.crossed === null ? say.perhapsChance : '';
}

/** The challenger that converts best; undefined while none has exposures. */
function bestChallenger({ arms, default: control }: ShownReport): Measured | undefined {
  const challengers = arms.filter((arm) => arm.variant !== control).filter(isMeasured);
  return challengers.toSorted((a, b) => b.rate - a.rate)[0];
}

const isMeasured = (arm: Arm): arm is Measured => arm.rate !== null;
