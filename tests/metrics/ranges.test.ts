// Guarantees of the grammar of ranges: what words mean in a zone, over clock changes too, and what is refused.
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { resolveRange, saysRange, stepsOf } from '../../src/core/ranges.ts';

const now = new Date('2026-11-21T08:35:00Z');
const zone = 'Asia/Kolkata';
const range = (text: string) => resolveRange(text, { now, zone });
const wall = (at: Date) => DateTime.fromJSDate(at, { zone }).toFormat('yyyy-LL-dd HH:mm');

describe('the words of a range', () => {
  it.each([
    ['today', '2026-11-21 00:00', '2026-11-22 00:00', '21 Nov'],
    ['yesterday', '2026-11-20 00:00', '2026-11-21 00:00', '20 Nov'],
    ['last 7 days', '2026-11-14 00:00', '2026-11-21 00:00', '14–20 Nov'],
    ['7d', '2026-11-14 00:00', '2026-11-21 00:00', '14–20 Nov'],
    ['last 24 hours', '2026-11-20 14:00', '2026-11-21 14:00', '20 Nov, 14:00–21 Nov, 14:00'],
    ['this month', '2026-11-01 00:00', '2026-12-01 00:00', 'Nov 2026'],
    ['last month', '2026-10-01 00:00', '2026-11-01 00:00', 'Oct 2026'],
    ['this week', '2026-11-16 00:00', '2026-11-23 00:00', '16–22 Nov'],
    ['since monday', '2026-11-16 00:00', '2026-11-22 00:00', '16–21 Nov'],
    ['monday', '2026-11-16 00:00', '2026-11-17 00:00', '16 Nov'],
    ['from 2026-11-01 to 2026-11-07', '2026-11-01 00:00', '2026-11-08 00:00', '1–7 Nov'],
    ['1 to 7 nov', '2026-11-01 00:00', '2026-11-08 00:00', '1–7 Nov'],
    ['28 Oct – 3 Nov', '2026-10-28 00:00', '2026-11-04 00:00', '28 Oct – 3 Nov'],
    ['7/11/2026', '2026-11-07 00:00', '2026-11-08 00:00', '7 Nov'],
    ['q3', '2026-07-01 00:00', '2026-10-01 00:00', '1 Jul – 30 Sep'],
    ['2026-10', '2026-10-01 00:00', '2026-11-01 00:00', 'Oct 2026'],
    ['December', '2025-12-01 00:00', '2026-01-01 00:00', 'Dec 2025'],
    ['2025', '2025-01-01 00:00', '2026-01-01 00:00', '2025'],
    ['kal', '2026-11-20 00:00', '2026-11-21 00:00', '20 Nov'],
    ['aaj', '2026-11-21 00:00', '2026-11-22 00:00', '21 Nov'],
    ['pichle 7 din', '2026-11-14 00:00', '2026-11-21 00:00', '14–20 Nov'],
    ['is mahine', '2026-11-01 00:00', '2026-12-01 00:00', 'Nov 2026'],
    ['पिछले महीने', '2026-10-01 00:00', '2026-11-01 00:00', 'Oct 2026'],
    ['somvar se', '2026-11-16 00:00', '2026-11-22 00:00', '16–21 Nov'],
  ])('“%s” is %s to %s', (text, from, to, words) => {
    const found = range(text);

    expect([wall(found.from), wall(found.to), found.words]).toEqual([from, to, words]);
  });

  it('name the previous like period and the one a year before', () => {
    expect(range('last month').previous.words).toBe('Sep 2026');
    expect(range('from 1 oct to 31 oct').previous.words).toBe('Sep 2026');
    expect(range('last 7 days').previous.words).toBe('7–13 Nov');
    expect(range('q3').previous.words).toBe('1 Apr – 30 Jun');
    expect(range('1–7 nov').yearBefore.words).toBe('1–7 Nov 2025');
  });

  it('say which periods have not ended', () => {
    expect(['today', 'this month', 'since monday', '2026'].map((text) => range(text).partial)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['yesterday', 'last 7 days', 'last month'].some((text) => range(text).partial)).toBe(false);
  });

  it.each(['banana', 'last 0 days', '31 nov', '2026-13', 'last 99999 days', '', 'to', 'maybe'])(
    '“%s” is refused in its own words, with what works',
    (text) => {
      const thrown = (() => {
        try {
          return range(text);
        } catch (error) {
          return error;
        }
      })();

      expect(thrown).toBeInstanceOf(AppError);
      expect(thrown).toMatchObject({ code: 'input.invalid' });
      expect((thrown as AppError).publicMessage).toContain(`“${text}”`);
      expect((thrown as AppError).publicMessage).toContain('last 7 days');
      expect(saysRange(text)).toBe(false);
    },
  );

  it('refuses what has not begun, and more than ten years', () => {
    expect(() => range('2027-01-01')).toThrow('lies in the future');
    expect(() => range('since 2010-01-01')).toThrow('more than 10 years');
  });
});

describe('where the clock changes', () => {
  it('a day of 25 hours has 25 steps, and a week before it is seven days before it', () => {
    const there = { now: new Date('2026-11-02T12:00:00Z'), zone: 'America/New_York' };
    const sunday = resolveRange('2026-11-01', there);
    const week = resolveRange('last 7 days', there);

    expect((sunday.to.getTime() - sunday.from.getTime()) / 3_600_000).toBe(25);
    expect(stepsOf(sunday, there.now)).toHaveLength(25);
    expect(stepsOf(week, there.now)).toHaveLength(7);
    expect(week.from.toISOString()).toBe('2026-10-26T04:00:00.000Z');
    expect(week.to.toISOString()).toBe('2026-11-02T05:00:00.000Z');
    expect(week.previous.from.toISOString()).toBe('2026-10-19T04:00:00.000Z');
  });

  it('a day whose midnight is skipped begins when it begins', () => {
    // Beirut puts its clocks forward at midnight.
    const there = { now: new Date('2026-04-02T12:00:00Z'), zone: 'Asia/Beirut' };
    const day = resolveRange('2026-03-29', there);

    expect(day.from.toISOString()).toBe('2026-03-28T22:00:00.000Z');
    expect(day.to.toISOString()).toBe('2026-03-29T21:00:00.000Z');
    expect(resolveRange('2026-03-30', there).from).toEqual(day.to);
  });
});

const zones = [
  'Asia/Kolkata',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Asia/Beirut',
  'utc',
];
const anyTime = fc.record({
  now: fc.date({ min: new Date('2015-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
  zone: fc.constantFrom(...zones),
});
const anyRange = fc.oneof(
  fc.constantFrom(
    'today',
    'yesterday',
    'q2',
    'monday',
    'since monday',
    'since jan',
    'oct',
    'mtd',
    '2012',
    '1 mar',
  ),
  fc
    .tuple(
      fc.constantFrom('this', 'last'),
      fc.constantFrom('hour', 'day', 'week', 'month', 'quarter', 'year'),
    )
    .map((words) => words.join(' ')),
  fc
    .tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom('hours', 'days', 'weeks', 'months'))
    .map(([count, unit]) => `last ${count} ${unit}`),
);

describe('any range at any time in any zone', () => {
  it('has begun, lies on quarters of an hour, and its previous period ends where it starts', () => {
    fc.assert(
      fc.property(anyTime, anyRange, (time, text) => {
        const found = resolveRange(text, time);
        expect(found.from < found.to).toBe(true);
        expect(found.from <= time.now).toBe(true);
        expect(found.partial).toBe(found.to > time.now);
        expect([found.from, found.to].map((at) => at.getTime() % 900_000)).toEqual([0, 0]);
        expect(found.previous.to).toEqual(found.from);
        expect(found.words).not.toContain('Invalid');
      }),
    );
  });

  it('is tiled by its steps up to now, and only the step that now is in, or a cut one, is partial', () => {
    fc.assert(
      fc.property(anyTime, anyRange, (time, text) => {
        const found = resolveRange(text, time);
        const steps = stepsOf(found, time.now);
        expect(steps[0]?.from).toEqual(found.from);
        expect(steps.slice(1).map((step) => step.from)).toEqual(steps.slice(0, -1).map((step) => step.to));
        expect((steps.at(-1)?.to ?? found.from) >= (found.partial ? time.now : found.to)).toBe(true);
        expect(steps.filter((step) => !step.partial && step.to > time.now)).toEqual([]);
      }),
    );
  });

  it('never throws anything but a refusal, whatever is typed', () => {
    fc.assert(
      fc.property(
        anyTime,
        fc.oneof(
          fc.string(),
          fc
            .array(fc.constantFrom('last', '7', 'days', 'to', 'nov', 'q3', 'se', '..'))
            .map((all) => all.join(' ')),
        ),
        (time, text) => {
          try {
            resolveRange(text, time);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
    );
  });
});
