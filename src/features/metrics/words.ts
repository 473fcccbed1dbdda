// How metrics are said: values by their unit, changes, and the sentences of both languages.
import type { Language } from '../../core/context.ts';
import { compactPaise, formatPaise } from '../../core/money.ts';
import type { Text } from '../../core/reply.ts';
import type { MetricUnit } from './definition.ts';
import type { ShownFigure } from './shown.ts';

type Change = ShownFigure['change'];

const count = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 2 });
const NO_VALUE = '—';

/** ₹12,34,567, 1,042, 4.8 % or 320 ms; a dash where the formula has no value. */
export function valueWords(value: number | null, unit: MetricUnit): string {
  if (value === null) return NO_VALUE;
  switch (unit) {
    case 'paise':
      return formatPaise(Math.round(value));
    case 'ratio':
      return `${(value * 100).toFixed(1)} %`;
    case 'count':
      return count.format(value);
    case 'ms':
      return `${count.format(Math.round(value))} ms`;
  }
}

/** The same in little room: money in lakh and crore. */
export function shortValue(value: number, unit: MetricUnit): string {
  return unit === 'paise' ? compactPaise(Math.round(value)) : valueWords(value, unit);
}

const sentences = {
  en: {
    up: (by: string, words: string, was: string) => `Up ${by} against ${words} (${was})`,
    down: (by: string, words: string, was: string) => `Down ${by} against ${words} (${was})`,
    same: (words: string, was: string) => `As in ${words} (${was})`,
    partial: (words: string) => `${words} is not over: the value stands so far, and no change is given`,
    'no-data': (words: string) => `No comparable data for ${words}`,
    present: () => 'As it stands now: what was before is not kept, so no change is given',
    empty: 'No facts have come in yet',
    stale: (since: string) => `No newer facts since ${since}`,
    against: (words: string) => `Change against ${words}`,
    leads: (name: string, value: string, whole: string) => `${name} leads with ${value} of ${whole}`,
    points: 'points',
    other: 'without one',
    partialMark: 'partial',
    incomparable: 'no comparable data',
    askByName: (names: string) => `Ask for these by name: ${names}`,
    exported: (file: string, rows: number): Text => [{ bold: file }, `: ${rows} rows`],
    download: 'Download',
    noFacts: (metric: string, words: string): Text => `No facts behind ${metric} in ${words}`,
    factsBehind: (count: string, metric: string, words: string): Text =>
      `${count} facts behind ${metric}, ${words}`,
    when: 'When',
    what: 'What',
  },
  hi: {
    up: (by: string, words: string, was: string) => `${words} (${was}) से ${by} ज़्यादा`,
    down: (by: string, words: string, was: string) => `${words} (${was}) से ${by} कम`,
    same: (words: string, was: string) => `${words} (${was}) के बराबर`,
    partial: (words: string) => `${words} अभी पूरा नहीं हुआ: यह अब तक का मान है, बदलाव नहीं दिया गया`,
    'no-data': (words: string) => `${words} के लिए तुलना लायक आँकड़े नहीं हैं`,
    present: () => 'अभी की स्थिति: पहले की स्थिति नहीं रखी जाती, इसलिए बदलाव नहीं दिया गया',
    empty: 'अभी तक कोई आँकड़े नहीं आए',
    stale: (since: string) => `${since} के बाद कोई नए आँकड़े नहीं`,
    against: (words: string) => `${words} से तुलना`,
    leads: (name: string, value: string, whole: string) => `${whole} में ${name} सबसे आगे, ${value}`,
    points: 'अंक',
    other: 'बिना नाम',
    partialMark: 'अधूरा',
    incomparable: 'तुलना लायक आँकड़े नहीं',
    askByName: (names: string) => `इन्हें नाम से पूछें: ${names}`,
    exported: (file: string, rows: number): Text => ['फ़ाइल ', { bold: file }, `: ${rows} पंक्तियाँ`],
    download: 'डाउनलोड करें',
    noFacts: (metric: string, words: string): Text => [{ code: metric }, ` के पीछे ${words} में कोई तथ्य नहीं है`],
    factsBehind: (count: string, metric: string, words: string): Text => [
      { code: metric },
      ` के पीछे के ${count} तथ्य, ${words}`,
    ],
    when: 'कब',
    what: 'क्या',
  },
} as const;

export const sentencesIn = (language: Language): (typeof sentences)[Language] => sentences[language];

/** One sentence on the change, or on why there is none. */
export function changeWords(
  change: Change,
  { unit, range }: { readonly unit: MetricUnit; readonly range: { readonly words: string } },
  language: Language,
): string {
  const say = sentences[language];
  const { withheld, difference, against, value } = change;
  if (withheld === 'partial') return say.partial(range.words);
  if (withheld === 'present') return say.present();
  if (withheld === 'no-data' || difference === null) return say['no-data'](against.words);
  const was = valueWords(value, unit);
  if (difference === 0) return say.same(against.words, was);
  const by = sizeWords(change, unit, say.points);
  return difference > 0 ? say.up(by, against.words, was) : say.down(by, against.words, was);
}

/** `12.3 %`, or `1.2 points` of a share. */
function sizeWords({ percent, difference }: Change, unit: MetricUnit, points: string): string {
  if (percent !== null) return `${shareOf(Math.abs(percent))} %`;
  const size = Math.abs(difference ?? 0);
  return unit === 'ratio' ? `${(size * 100).toFixed(1)} ${points}` : valueWords(size, unit);
}

const shareOf = (share: number): string =>
  share >= 10 ? count.format(Math.round(share * 100)) : (share * 100).toFixed(1);

/** `+12.3 %`, `−1.2 points`; empty where no change is given. */
export function shortChange(change: Change, unit: MetricUnit, language: Language): string {
  const { difference, withheld } = change;
  if (difference === null || withheld === 'partial') return '';
  const sign = difference > 0 ? '+' : difference < 0 ? '−' : '±';
  return `${sign}${sizeWords(change, unit, sentences[language].points)}`;
}

export function partName(name: string, language: Language): string {
  return name === '' ? sentences[language].other : name;
}

/** “Revenue was ₹12,34,567 in 1–7 Nov”: the finding of a figure, for titles and for who does not see a picture. */
export function findingOf(
  { name: names, unit, range, value, by, parts }: ShownFigure,
  language: Language,
): string {
  const name = names[language];
  const shown = valueWords(value, unit);
  const partial = range.partial ? ` (${sentences[language].partialMark})` : '';
  const [first] = parts;
  if (by && first) {
    const led = valueWords(first.value, unit);
    const said = sentences[language].leads(partName(first.name, language), led, shown);
    return `${name}, ${range.words}${partial}: ${said}`;
  }
  return `${name}, ${range.words}${partial}: ${shown}`;
}
