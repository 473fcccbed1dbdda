// The sentence of a verdict in both languages: every kind of verdict, every reason, every comparison.
import { describe, expect, it } from 'vitest';
import type { Comparison, Verdict, WaitsFor } from '../../src/features/experiments/look.ts';
import { waitsFor } from '../../src/features/experiments/look.ts';
import { describeReason, describeVerdict } from '../../src/features/experiments/words.ts';

const HINDI = /\p{Script=Devanagari}/u;
const ENGLISH = /[A-Za-z]+(?: [A-Za-z]+){2,}/;

const kinds = ['blocked', 'too_early', 'continue', 'propose', 'stay', 'no_winner'] as const;
const codes = [
  ...['input', 'sample_ratio', 'double_exposure', 'stale_feed', 'guardrail', 'days', 'days_unknown'],
  ...['units', 'boundary', 'conversions', 'value_worse', 'value_unclear', 'value_unknown'],
] as readonly WaitsFor['code'][];

const compared = (change: Partial<Comparison>): Comparison => ({
  variant: 'b',
  ...{ rate: 0.2, defaultRate: 0.15, z: 4.16, boundary: 2.51, alphaSpent: 0.01, fraction: 0.5 },
  ...{ difference: 0.05, interval: { low: 0.01, high: 0.09 }, lift: 0.33, conversions: 100, crossed: null },
  value: { kind: 'not_needed', netInterval: null, breakEvenPaise: null },
  ...change,
});

const comparisons = [
  compared({}),
  compared({ difference: 0 }),
  compared({ difference: -0.0002, crossed: 'worse' }),
  compared({ crossed: 'better', value: { kind: 'worse', netInterval: null, breakEvenPaise: null } }),
  compared({ boundary: null }),
];

const facts = (
  kind: Verdict['kind'],
  perChallenger: readonly Comparison[],
  reasons: readonly WaitsFor[],
) => ({
  ...{ kind, perChallenger, waitsFor: reasons, winner: 'b', ended: false },
});

describe('in Hindi', () => {
  it.each(kinds)('%s is said without English, with and without reasons', (kind) => {
    for (const reasons of [[], [waitsFor('days', { have: 3, need: 7 })]])
      for (const one of comparisons) {
        const said = describeVerdict(facts(kind, [one], reasons), { defaultArm: 'a' }, 'hi');
        expect(said).toMatch(HINDI);
        expect(said).not.toMatch(ENGLISH);
        expect(said).toMatch(/।$/);
      }
  });

  it.each(codes)('the reason %s is said without English', (code) => {
    for (const have of [undefined, -1, 120]) {
      const reason = waitsFor(code, { ...(have !== undefined && { have }), need: 7, name: 'सीमा' });
      expect(describeReason(reason, 'hi')).toMatch(HINDI);
      expect(describeReason(reason, 'hi')).not.toMatch(ENGLISH);
    }
  });

  it('names the same arms, rates and limits as in English', () => {
    const given = facts('propose', [compared({})], []);
    const numbers = (text: string): string[] => [...text.matchAll(/\d[\d.,]*/g)].map(([one]) => one).sort();
    const [en, hi] = (['en', 'hi'] as const).map((one) => describeVerdict(given, { defaultArm: 'a' }, one));
    expect(en).toBe(
      'b converts 5.0 points more units (20.0 % against 15.0 %), z 4.16 where 2.51 is enough. Switch from a to b.',
    );
    expect(numbers(hi ?? '')).toEqual(numbers(en ?? ''));
  });
});
