// The sentences of a verdict in both languages: words.ts puts them together.
import type { Language } from '../../core/context.ts';
import { formatPaise } from '../../core/money.ts';
import type { WaitsFor } from './look.ts';

interface Compared {
  readonly variant: string;
  readonly defaultArm: string;
  /** What a converting unit does, in English. */
  readonly verb: string;
  /** The size of the difference in points, as text. */
  readonly points: string;
  readonly isMore: boolean;
  /** Both rates, as text. */
  readonly rates: string;
}

interface VerdictWords {
  readonly rates: (rate: string, defaultRate: string) => string;
  readonly same: (compared: Pick<Compared, 'variant' | 'defaultArm' | 'verb' | 'rates'>) => string;
  readonly differs: (compared: Compared) => string;
  readonly bound: (z: string, boundary: string) => string;
  readonly notChance: string;
  readonly perhapsChance: string;
  readonly earnsLess: string;
  readonly blocked: (asks: string) => string;
  readonly tooEarly: (asks: string) => string;
  readonly propose: (because: string, defaultArm: string, winner: string | null) => string;
  readonly open: (asks: string) => string;
  readonly stay: (defaultArm: string, whys: string) => string;
  readonly noWinner: (defaultArm: string, seen: string, asks: string) => string;
  readonly goOn: (seen: string, asks: string) => string;
  readonly reason: Readonly<Record<WaitsFor['code'], (reason: WaitsFor) => string>>;
}

const english: VerdictWords = {
  rates: (rate, defaultRate) => `${rate} against ${defaultRate}`,
  same: ({ variant, defaultArm, verb, rates }) =>
    `${variant} ${verb} as many units as ${defaultArm} (${rates})`,
  differs: ({ variant, verb, points, isMore, rates }) =>
    `${variant} ${verb} ${points} points ${isMore ? 'more' : 'fewer'} units (${rates})`,
  bound: (z, boundary) => `, z ${z} where ${boundary} is enough`,
  notChance: ', which is not chance',
  perhapsChance: ', which may be chance',
  earnsLess: ', but earns less for each unit',
  blocked: (asks) => `Blocked: ${asks}.`,
  tooEarly: (asks) => `Too early to judge: ${asks}.`,
  propose: (because, defaultArm, winner) =>
    `${because === '' ? '' : `${because}. `}Switch from ${defaultArm} to ${winner}.`,
  open: (asks) => ` Open: ${asks}.`,
  stay: (defaultArm, whys) => `${defaultArm} stays: ${whys}.`,
  noWinner: (defaultArm, seen, asks) =>
    `No winner: the test has ended and ${defaultArm} stays. ${seen}, which may be chance` +
    `${asks === '' ? '' : ` (${asks})`}.`,
  goOn: (seen, asks) => `Not decided: ${seen}. Waiting for: ${asks}.`,
  reason: {
    input: ({ name }) => `these counts cannot be judged (${name})`,
    sample_ratio: ({ have, need }) =>
      `the split of units does not fit the weights (Bayes factor ${whole(have)}, limit ${whole(need)})`,
    double_exposure: ({ have, need }) =>
      `${percent(have ?? 0, 1)} of the units saw two variants (limit ${percent(need ?? 0, 0)})`,
    stale_feed: ({ have, need }) => `the newest data is ${whole(have)} hours old (limit ${whole(need)})`,
    guardrail: ({ name }) => name ?? 'a guardrail',
    days: ({ have, need }) => `${whole(have)} of ${whole(need)} full days`,
    days_unknown: ({ need }) => `minimum days: unknown, ask (${whole(need)} are wanted)`,
    units: ({ have, need }) => `${whole(have)} of ${whole(need)} units`,
    boundary: ({ have, need, name }) =>
      `z ${(have ?? 0).toFixed(2)} of ${name}, ${(need ?? 0).toFixed(2)} is enough`,
    conversions: ({ have, need, name }) => `${whole(have)} of ${whole(need)} conversions in an arm (${name})`,
    value_worse: ({ name }) => `${name} earns less for each unit`,
    value_unclear: ({ name }) => `whether ${name} earns more for each unit is not clear`,
    value_unknown: ({ have: breakEvenPaise }) => {
      if (breakEvenPaise === null) return 'the value of a conversion is unknown';
      if (breakEvenPaise <= 0) return 'the value of a conversion is unknown; the extra ones cost nothing';
      return `the value of a conversion is unknown; each extra one costs ${formatPaise(breakEvenPaise)}`;
    },
  },
};

const hindi: VerdictWords = {
  rates: (rate, defaultRate) => `${rate} बनाम ${defaultRate}`,
  same: ({ variant, defaultArm, rates }) => `${variant} का कन्वर्ज़न ${defaultArm} के बराबर है (${rates})`,
  differs: ({ variant, defaultArm, points, isMore, rates }) =>
    `${variant} का कन्वर्ज़न ${defaultArm} से ${points} अंक ${isMore ? 'ज़्यादा' : 'कम'} है (${rates})`,
  bound: (z, boundary) => `, z ${z} है और ${boundary} काफ़ी है`,
  notChance: ', और यह संयोग नहीं है',
  perhapsChance: ', जो संयोग भी हो सकता है',
  earnsLess: ', पर हर यूनिट पर कमाई कम है',
  blocked: (asks) => `रोक लगी है: ${asks}।`,
  tooEarly: (asks) => `फ़ैसला करना अभी जल्दबाज़ी होगी: ${asks}।`,
  propose: (because, defaultArm, winner) =>
    `${because === '' ? '' : `${because}। `}${defaultArm} की जगह ${winner} चालू करें।`,
  open: (asks) => ` अभी बाकी है: ${asks}।`,
  stay: (defaultArm, whys) => `${defaultArm} ही रहेगा: ${whys}।`,
  noWinner: (defaultArm, seen, asks) =>
    `कोई विजेता नहीं: टेस्ट पूरा हो गया और ${defaultArm} ही रहेगा। ${seen}, जो संयोग भी हो सकता है` +
    `${asks === '' ? '' : ` (${asks})`}।`,
  goOn: (seen, asks) => `अभी तय नहीं है: ${seen}। इनका इंतज़ार है: ${asks}।`,
  reason: {
    input: ({ name }) => `इन आँकड़ों पर फ़ैसला नहीं किया जा सकता (${name})`,
    sample_ratio: ({ have, need }) =>
      `यूनिटों का बँटवारा तय हिस्सों से मेल नहीं खाता (Bayes factor ${whole(have)}, सीमा ${whole(need)})`,
    double_exposure: ({ have, need }) =>
      `${percent(have ?? 0, 1)} यूनिटों ने दो रूप देखे (सीमा ${percent(need ?? 0, 0)})`,
    stale_feed: ({ have, need }) => `सबसे नया डेटा ${whole(have)} घंटे पुराना है (सीमा ${whole(need)})`,
    guardrail: ({ name }) => name ?? 'एक सुरक्षा सीमा',
    days: ({ have, need }) => `${whole(need)} में से ${whole(have)} पूरे दिन हुए`,
    days_unknown: ({ need }) => `डेटा कितने दिनों का है, यह पता नहीं; पूछ लें (${whole(need)} दिन चाहिए)`,
    units: ({ have, need }) => `${whole(need)} में से ${whole(have)} यूनिट`,
    boundary: ({ have, need, name }) =>
      `${name} का z ${(have ?? 0).toFixed(2)} है, ${(need ?? 0).toFixed(2)} काफ़ी है`,
    conversions: ({ have, need, name }) => `एक रूप (${name}) में ${whole(need)} में से ${whole(have)} कन्वर्ज़न`,
    value_worse: ({ name }) => `${name} से हर यूनिट पर कमाई कम है`,
    value_unclear: ({ name }) => `${name} से हर यूनिट पर कमाई ज़्यादा है या नहीं, यह साफ़ नहीं`,
    value_unknown: ({ have: breakEvenPaise }) => {
      if (breakEvenPaise === null) return 'एक कन्वर्ज़न का मूल्य पता नहीं';
      if (breakEvenPaise <= 0) return 'एक कन्वर्ज़न का मूल्य पता नहीं; अतिरिक्त कन्वर्ज़न पर कोई खर्च नहीं';
      return `एक कन्वर्ज़न का मूल्य पता नहीं; हर अतिरिक्त कन्वर्ज़न पर ${formatPaise(breakEvenPaise)} खर्च`;
    },
  },
};

export const verdictWords: Readonly<Record<Language, VerdictWords>> = { en: english, hi: hindi };

export function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`;
}

function whole(value: number | null): string {
  const number = value ?? 0;
  return number >= 1e15 ? number.toExponential(1) : Math.floor(number).toLocaleString('en-IN');
}
