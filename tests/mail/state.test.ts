// How far a mail has come does not depend on the order or number in which it is told.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isSettled,
  type MailNews,
  type MailStanding,
  standingAfter,
  standingOf,
} from '../../models/mail-state.ts';

const told: readonly MailNews[] = [
  'sent',
  'delivery_delayed',
  'failed',
  'suppressed',
  'delivered',
  'bounced',
  'complained',
  'refused',
];
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 2, 9, minute));

const fold = (all: readonly MailStanding[], from = standingOf('queued', at(0))): MailStanding =>
  all.reduce((known, one) => standingAfter(known, one) ?? known, from);

function* permutations<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries())
    for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
}

describe('the state of a mail', () => {
  it('is the same after all 40,320 orders of everything that can be told', () => {
    const all = told.map((news, minute) => standingOf(news, at(minute)));
    const ends = new Set<string>();
    let orders = 0;
    for (const order of permutations(all)) {
      orders += 1;
      ends.add(JSON.stringify(fold(order)));
    }

    expect(orders).toBe(40_320);
    expect([...ends]).toEqual([JSON.stringify(standingOf('complained', at(6)))]);
  });

  it('is the same for any news in any order and number, of equal rank and time too', () => {
    const news = fc.record({
      news: fc.constantFrom(...told),
      minute: fc.integer({ min: 0, max: 2 }),
      detail: fc.constantFrom(null, 'a', 'b'),
    });
    const story = fc
      .array(news, { minLength: 1, maxLength: 6 })
      .chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events, ...events, ...events], { minLength: events.length * 3 }),
        ),
      );
    fc.assert(
      fc.property(story, ([events, shuffled]) => {
        const standings = (all: typeof events) =>
          all.map((one) => standingOf(one.news, at(one.minute), one.detail));
        expect(fold(standings(shuffled))).toEqual(fold(standings(events)));
      }),
      { numRuns: 500 },
    );
  });

  it('never goes back', () => {
    const all = told.map((news, minute) => standingOf(news, at(minute)));
    for (const known of all)
      for (const one of all) {
        const next = standingAfter(known, one);
        if (next) expect(next.rank).toBeGreaterThanOrEqual(known.rank);
      }
  });

  it.each([
    [['delivered', 'sent'], 'delivered'],
    [['bounced', 'delivered'], 'bounced'],
    [['complained', 'delivered', 'bounced'], 'complained'],
    [['delivery_delayed', 'sent'], 'delivery_delayed'],
    [['failed', 'sent'], 'failed'],
    [['delivered', 'failed'], 'delivered'],
  ] as const)('after %j is %s', (news, end) => {
    expect(fold(news.map((one) => standingOf(one, at(1)))).state).toBe(end);
  });

  it('that was refused before anybody took it may still come further; anything later is settled', () => {
    const refused = standingOf('refused', at(1));

    expect([refused.state, isSettled(refused)]).toEqual(['failed', false]);
    expect(fold([refused, standingOf('sent', at(2))]).state).toBe('sent');
    for (const news of told.filter((one) => one !== 'refused'))
      expect(isSettled(standingOf(news, at(1)))).toBe(true);
  });
});
