// How a request stands, in both languages: the sentences that words.ts chooses from.
import { DateTime } from 'luxon';
import type { Language } from '../../core/context.ts';
import { together } from '../../core/names.ts';

interface Standing {
  readonly moment: (at: Date, zone: string) => string;
  readonly progress: (names: readonly string[], needed: number) => string;
  readonly open: (progress: string, until: string) => string;
  readonly approved: (
    names: readonly string[],
    how: { readonly isAlone: boolean; readonly at: string | null; readonly why: string },
  ) => string;
  readonly underway: (approved: string) => string;
  readonly failed: (approved: string, why: string) => string;
  readonly rejected: (by: string | null, at: string | null, why: string) => string;
  readonly withdrawn: (by: string | null, at: string | null, why: string) => string;
  readonly expired: (at: string | null, why: string) => string;
  readonly stale: (why: string) => string;
}

const because = (why: string): string => (why === '' ? '' : `: ${why}`);
const on = (at: string | null): string => (at === null ? '' : ` on ${at}`);
const atTime = (at: string | null): string => (at === null ? '' : ` ${at} बजे`);

const english: Standing = {
  moment: (at, zone) => DateTime.fromJSDate(at, { zone }).toFormat("d LLL 'at' HH:mm"),
  progress: (names, needed) => {
    const who = names.length > 0 ? ` (${together(names)})` : '';
    return `${names.length} of ${needed} said yes${who}`;
  },
  open: (progress, until) => `${progress}, until ${until}`,
  approved: (names, { isAlone, at, why }) =>
    `${together(names)} ${isAlone ? 'self-approved' : 'approved'} it${on(at)}${because(why)}`,
  underway: (approved) => `${approved}; it is being carried out`,
  failed: (approved, why) => `${approved}, and it failed${because(why)}`,
  rejected: (by, at, why) => `${by ?? 'Somebody'} rejected it${on(at)}${because(why)}`,
  withdrawn: (by, at, why) => `${by ?? 'Somebody'} withdrew it${on(at)}${because(why)}`,
  expired: (at, why) => `It expired${on(at)}${because(why)}`,
  stale: (why) => `It no longer fits${because(why)}`,
};

const hindi: Standing = {
  moment: (at, zone) => DateTime.fromJSDate(at, { zone }).setLocale('hi').toFormat('d LLLL, HH:mm'),
  progress: (names, needed) =>
    names.length === 0
      ? `अभी किसी ने मंज़ूरी नहीं दी (${needed} चाहिए)`
      : `${needed} में से ${names.length} मंज़ूरी मिली (${names.join(', ')})`,
  open: (progress, until) => `${progress}; ${until} बजे तक समय है`,
  approved: (names, { isAlone, at, why }) =>
    `${hindiNames(names)} ने${atTime(at)} ${isAlone ? 'अकेले मंज़ूर किया' : 'मंज़ूर किया'}${because(why)}`,
  underway: (approved) => `${approved}; अब इसे लागू किया जा रहा है`,
  failed: (approved, why) => `${approved}, पर यह लागू नहीं हो सका${because(why)}`,
  rejected: (by, at, why) => `${by ?? 'किसी'} ने${atTime(at)} नामंज़ूर किया${because(why)}`,
  withdrawn: (by, at, why) => `${by ?? 'किसी'} ने${atTime(at)} वापस लिया${because(why)}`,
  // Why is in the words already: it was not decided, or not begun, in time.
  expired: (at) => `इसका समय${atTime(at)} निकल गया`,
  stale: (why) => `यह अब लागू नहीं होता${because(why)}`,
};

function hindiNames(names: readonly string[]): string {
  const last = names.at(-1) ?? 'किसी';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} और ${last}` : last;
}

export const standingIn: Readonly<Record<Language, Standing>> = { en: english, hi: hindi };
