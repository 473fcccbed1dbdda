// How rates read: percentages and percentage points, with as many digits as tell them apart.
import type { Language } from '../../core/context.ts';

const pointsIn: Readonly<Record<Language, string>> = { en: 'points', hi: 'अंक' };

/** 0.1902 → `19.0 %`. */
export function percent(rate: number): string {
  return `${(rate * 100).toFixed(Math.abs(rate) < 0.001 && rate !== 0 ? 3 : 1)} %`;
}

/** 0.0082 → `+0.8 points`, in English unless told. */
export function points(difference: number, language: Language = 'en'): string {
  const digits = Math.abs(difference) < 0.001 ? 2 : 1;
  return `${difference < 0 ? '−' : '+'}${Math.abs(difference * 100).toFixed(digits)} ${pointsIn[language]}`;
}
