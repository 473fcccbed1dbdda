// What stands on the chart of an experiment, in both languages: its finding, its axes and the note under them.
import type { Language } from '../../core/context.ts';

interface Found {
  readonly best: string;
  readonly base: string;
  readonly rates: string;
}

interface ChartWords {
  readonly nothing: (experiment: string) => string;
  readonly rates: (rate: string, against: string) => string;
  readonly same: (found: Found) => string;
  /** @param size the difference without its sign. */
  readonly differs: (found: Found & { readonly size: string; readonly isMore: boolean }) => string;
  readonly notJudged: string;
  readonly perhapsChance: string;
  readonly described: (metric: string, names: readonly string[], axis: 'time' | 'order') => string;
  readonly exposures: string;
  readonly share: (metric: string) => string;
  /** @param units how many, as a number and as text. */
  readonly counted: (units: number, text: string) => string;
  readonly times: (zone: string) => string;
  readonly noTimes: string;
  readonly drawnFrom: (from: string) => string;
  readonly moreArms: (arms: number) => string;
}

export const chartWords: Readonly<Record<Language, ChartWords>> = {
  en: {
    nothing: (experiment) => `${experiment} has no exposures to compare yet`,
    rates: (rate, against) => `${rate} against ${against}`,
    same: ({ best, base, rates }) => `${best} converts as many units as ${base} (${rates})`,
    differs: ({ best, base, rates, size, isMore }) =>
      `${best} converts ${size} ${isMore ? 'more' : 'fewer'} units than ${base} (${rates})`,
    notJudged: ', not judged yet',
    perhapsChance: ', which may be chance',
    described: (metric, names, axis) =>
      `${metric} of ${names.join(' and ')} ${axis === 'time' ? 'over time' : 'by exposures'}, ` +
      'each with the band that holds at every look at once.',
    exposures: 'exposures',
    share: (metric) => `${metric}, share of units`,
    counted: (units, text) => `${text} ${units === 1 ? 'exposure' : 'exposures'}`,
    times: (zone) => `times in ${zone}`,
    noTimes: 'this data has no times',
    drawnFrom: (from) => `drawn from ${from} on`,
    moreArms: (arms) => `${arms} more arms in the table`,
  },
  hi: {
    nothing: (experiment) => `${experiment} में तुलना के लिए अभी कोई डेटा नहीं है`,
    rates: (rate, against) => `${rate} बनाम ${against}`,
    same: ({ best, base, rates }) => `${best} का कन्वर्ज़न ${base} के बराबर है (${rates})`,
    differs: ({ best, base, rates, size, isMore }) =>
      `${best} का कन्वर्ज़न ${base} से ${size} ${isMore ? 'ज़्यादा' : 'कम'} है (${rates})`,
    notJudged: ', अभी इस पर फ़ैसला नहीं हुआ',
    perhapsChance: ', जो संयोग भी हो सकता है',
    described: (metric, names, axis) =>
      `${names.join(' और ')} का ${metric}, ${axis === 'time' ? 'समय के साथ' : 'यूनिटों की गिनती के साथ'}; ` +
      'हर रेखा की पट्टी सभी जाँचों पर एक साथ लागू होती है।',
    exposures: 'यूनिट',
    share: (metric) => `${metric}, यूनिटों का हिस्सा`,
    counted: (_units, text) => `${text} यूनिट`,
    times: (zone) => `समय ${zone} का`,
    noTimes: 'इस डेटा में समय नहीं है',
    drawnFrom: (from) => `चित्र ${from} से शुरू`,
    moreArms: (arms) => `${arms} और रूप तालिका में`,
  },
};
