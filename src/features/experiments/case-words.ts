// A proposal as people are asked about it, in both languages: the order, what would change, and the figures it rests on.
import type { Language } from '../../core/context.ts';
import { percent, points } from './figures.ts';
import type { Comparison } from './look.ts';

interface CaseWords {
  readonly title: (experiment: string, previous: string, winner: string) => string;
  readonly what: string;
  /** What stays as it was, as a share; empty for none. */
  readonly stays: (share: string, previous: string) => string;
  readonly approve: string;
  readonly evidence: (winner: Comparison) => Record<string, string>;
}

export const caseWords: Readonly<Record<Language, CaseWords>> = {
  en: {
    title: (experiment, previous, winner) => `Switch ${experiment} from ${previous} to ${winner}`,
    what: 'New units get',
    stays: (share, previous) => ` (${share} stay on ${previous})`,
    approve: 'Approve switch',
    evidence: (winner) => {
      const { rate, defaultRate, difference, interval, z, boundary, fraction } = winner;
      const needed = boundary === null ? '' : `, needed ${boundary.toFixed(2)}`;
      return {
        Conversion: `${percent(rate)} against ${percent(defaultRate)}`,
        Difference: `${points(difference)} (between ${points(interval.low)} and ${points(interval.high)})`,
        Evidence: `z ${z.toFixed(2)}${needed}`,
        'Share of the plan': percent(fraction),
      };
    },
  },
  hi: {
    title: (experiment, previous, winner) => `${experiment} को ${previous} से ${winner} पर ले जाएँ`,
    what: 'नई यूनिटों को मिलेगा',
    stays: (share, previous) => ` (${share} पर ${previous} ही रहेगा)`,
    approve: 'बदलाव मंज़ूर करें',
    evidence: (winner) => {
      const { rate, defaultRate, difference, interval, z, boundary, fraction } = winner;
      const [size, low, high] = [difference, interval.low, interval.high].map((one) => points(one, 'hi'));
      const needed = boundary === null ? '' : `, ${boundary.toFixed(2)} चाहिए था`;
      return {
        कन्वर्ज़न: `${percent(rate)} बनाम ${percent(defaultRate)}`,
        अंतर: `${size} (${low} और ${high} के बीच)`,
        प्रमाण: `z ${z.toFixed(2)}${needed}`,
        'योजना का हिस्सा': percent(fraction),
      };
    },
  },
};
