// The bench of webhooks measures what it says: its moments lie where the rate puts them, and its quantiles are ranks.
import { describe, expect, it } from 'vitest';
import { momentOf, quantile } from './webhook-load.ts';

describe('the load of the bench', () => {
  it('has as many calls in each second as the rate says, which rises evenly', () => {
    const rates = { from: 10, to: 100, seconds: 300 };
    const moments = Array.from({ length: 16_500 }, (_, number) => momentOf(number, rates));
    const within = (second: number): number =>
      moments.filter((moment) => moment >= second && moment < second + 1).length;
    expect([within(0), within(150), within(298)].map((calls) => Math.round(calls / 5) * 5)).toEqual([
      10, 55, 100,
    ]);
    expect(moments.at(-1)).toBeLessThan(300);
    expect(momentOf(50, { from: 10, to: 10, seconds: 9 })).toBe(5);
  });

  it('takes the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect([quantile(values, 0.95), quantile(values, 0.99), quantile([7], 0.5)]).toEqual([95, 99, 7]);
  });
});
