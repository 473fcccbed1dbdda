// Lengths of time as people write them, such as “2 hours” or “90 s”.
import type { Language } from './context.ts';

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
};

/** Milliseconds of a text like `2 hours`, `15 min` or `1d`; undefined when it is none. */
export function parseDuration(value: string): number | undefined {
  const match = /^(\d{1,6})\s*([a-z]+)$/i.exec(value.trim());
  if (!match?.[1] || !match[2]) return undefined;
  const unit = match[2].toLowerCase();
  const unitMs = Object.hasOwn(unitsMs, unit)
    ? unitsMs[unit]
    : Object.hasOwn(unitsMs, unit.replace(/s$/, ''))
      ? unitsMs[unit.replace(/s$/, '')]
      : undefined;
  return unitMs === undefined ? undefined : Number(match[1]) * unitMs;
}

interface UnitNames {
  readonly ms: string;
  readonly s: string;
  readonly min: string;
  readonly h: (count: number) => string;
  readonly d: string;
}

const unitNames: Readonly<Record<Language, UnitNames>> = {
  en: { ms: 'ms', s: 's', min: 'min', h: () => 'h', d: 'd' },
  hi: {
    ms: 'मिलीसेकंड',
    s: 'सेकंड',
    min: 'मिनट',
    h: (count) => (count === 1 ? 'घंटा' : 'घंटे'),
    d: 'दिन',
  },
};

/** A length of time in its two largest units: `1 d 4 h`, `12 min`, `3.2 s`, `40 ms`; `1 दिन 4 घंटे` in Hindi. */
export function formatDuration(durationMs: number, language: Language = 'en'): string {
  const say = unitNames[language];
  if (durationMs < 1000) return `${Math.round(durationMs)} ${say.ms}`;
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1)} ${say.s}`;
  const minutes = Math.round(durationMs / 60_000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const parts = [
    days > 0 && `${days} ${say.d}`,
    hours > 0 && `${hours} ${say.h(hours)}`,
    minutes % 60 > 0 && `${minutes % 60} ${say.min}`,
  ];
  return parts.filter(Boolean).slice(0, 2).join(' ');
}
