// A metric over a range as people are told it: value, change, the line behind it, what it splits into, how fresh it is.
import type { Span } from '../../core/ranges.ts';
import type { Metric } from './definition.ts';

/** Why no change in percent is given. */
export type Withheld = 'partial' | 'no-data' | 'points' | 'present' | null;

export interface Change {
  readonly against: Span;
  readonly value: number | null;
  /** The value less the earlier one; null where one is missing or the period has not ended. */
  readonly difference: number | null;
  /** As a share: 0.12 is 12 % more. */
  readonly percent: number | null;
  readonly withheld: Withheld;
  /** Whether the change is good news; null where it is neither. */
  readonly good: boolean | null;
}

/**
 * The change against an earlier period. A period that has not ended is not compared at all; without an earlier value
 * above 0 there is no percentage; of a share the change is in points.
 */
export function changeOf(
  metric: Pick<Metric, 'unit' | 'polarity' | 'knows'>,
  value: number | null,
  earlier: number | null,
  against: Span,
  partial: boolean,
): Change {
  const withheld = withheldFor(metric, value, earlier, partial);
  const isCompared = value !== null && earlier !== null && withheld !== 'partial' && withheld !== 'present';
  const difference = isCompared && withheld !== 'no-data' ? value - earlier : null;
  return {
    against,
    value: metric.knows === 'present' ? null : earlier,
    difference,
    percent: difference !== null && withheld === null && earlier ? difference / earlier : null,
    withheld,
    good: goodness(metric.polarity, difference),
  };
}

function withheldFor(
  { unit, knows }: Pick<Metric, 'unit' | 'knows'>,
  value: number | null,
  earlier: number | null,
  partial: boolean,
): Withheld {
  if (knows === 'present') return 'present';
  if (partial) return 'partial';
  if (value === null || earlier === null) return 'no-data';
  if (unit === 'ratio') return 'points';
  return earlier <= 0 ? 'no-data' : null;
}

function goodness(polarity: Metric['polarity'], difference: number | null): boolean | null {
  if (polarity === 'none' || difference === null || difference === 0) return null;
  return polarity === 'up' ? difference > 0 : difference < 0;
}
