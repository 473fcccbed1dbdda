/** Properties of the verdict that hold for any log of looks. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/features/experiments/decide.ts';
import {
  type Arm,
  DEFAULT_POLICY,
  type LookInput,
  NOTHING_SPENT,
  type SpendState,
  type Verdict,
} from '../../src/features/experiments/look.ts';

/** New units of one tick: about as many in each arm, mostly; and the share of them that converts. */
const ticks = (arms: number) => {
  const perArm = fc.tuple(fc.nat(8), fc.double({ min: 0, max: 1, noNaN: true }));
  const tick = fc
    .tuple(fc.nat(400), fc.array(perArm, { minLength: arms, maxLength: arms }))
    .map(([units, each]) => each.map(([extra, rate]): [number, number] => [units + extra, rate]));
  const lopsided = fc.array(fc.tuple(fc.nat(400), fc.double({ min: 0, max: 1, noNaN: true })), {
    minLength: arms,
    maxLength: arms,
  });
  return fc.array(fc.oneof({ weight: 9, arbitrary: tick }, { weight: 1, arbitrary: lopsided }), {
    minLength: 1,
    maxLength: 6,
  });
};
const settings = fc.record({
  days: fc.oneof(fc.constant('unknown' as const), fc.integer({ min: 5, max: 26 })),
  maximumUnits: fc.integer({ min: 1, max: 6_000 }),
  excludedUnits: fc.nat(20),
  mode: fc.constantFrom('approve', 'auto', 'watch'),
  valuePaise: fc.option(fc.integer({ min: -1_000, max: 100_000 }), { nil: undefined }),
  costPaise: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
});
type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never;

const NAMES = ['a', 'b', 'c'];

/** Runs the looks one after the other, each on the state of the one before. */
function run(
  days: [number, number][][],
  options: Settings,
  names = NAMES,
): { log: LookInput[]; verdicts: Verdict[] } {
  const log: LookInput[] = [];
  const verdicts: Verdict[] = [];
  let arms: Arm[] = days[0]!.map((_, index) => ({ variant: names[index]!, exposed: 0, converted: 0 }));
  let previous: SpendState = NOTHING_SPENT;
  days.forEach((tick, index) => {
    arms = arms.map((arm, position) => {
      const [units, rate] = tick[position]!;
      const converted = arm.converted + Math.round(units * rate);
      return { variant: arm.variant, exposed: arm.exposed + units, converted, costPaise: options.costPaise };
    });
    const input: LookInput = {
      policyVersion: '1',
      alpha: 0.05,
      defaultArm: 'a',
      maximumUnits: options.maximumUnits,
      arms,
      excludedUnits: options.excludedUnits,
      days: options.days === 'unknown' ? 'unknown' : options.days + index,
      valuePaise: options.valuePaise,
      policy: { ...DEFAULT_POLICY, mode: options.mode as 'auto' },
      previous,
    };
    const verdict = decide(input);
    log.push(input);
    verdicts.push(verdict);
    previous = verdict.state;
  });
  return { log, verdicts };
}

const finite = (text: string) => !/null|NaN|Infinity/.test(text);

describe('for any counts and any log of looks', () => {
  test('the stored log replays to the same verdicts, bit for bit', () => {
    fc.assert(
      fc.property(ticks(3), settings, (days, options) => {
        const { log, verdicts } = run(days, options);
        const stored: LookInput[] = JSON.parse(JSON.stringify(log));
        expect(stored.map(decide)).toStrictEqual(JSON.parse(JSON.stringify(verdicts)));
      }),
      { numRuns: 60 },
    );
  });
  test('there is always a verdict, its numbers are finite, and the default is never proposed', () => {
    fc.assert(
      fc.property(ticks(3), settings, (days, options) => {
        for (const verdict of run(days, options).verdicts) {
          expect(verdict.winner).not.toBe('a');
          expect(verdict.winner !== null).toBe(verdict.kind === 'propose');
          expect(verdict.sentence.length).toBeGreaterThan(10);
          expect(verdict.sentence).not.toMatch(/NaN|Infinity|undefined|null/);
          for (const one of verdict.perChallenger) {
            expect(finite(JSON.stringify([one.z, one.difference, one.interval, one.alphaSpent]))).toBe(true);
            expect(one.alphaSpent).toBeLessThanOrEqual(0.025 + 1e-12);
            expect(one.interval.low).toBeLessThanOrEqual(one.difference);
            expect(one.interval.high).toBeGreaterThanOrEqual(one.difference);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
  test('it switches by itself only with enough days, enough conversions, nothing open, and under "auto"', () => {
    fc.assert(
      fc.property(ticks(2), settings, (days, options) => {
        const { log, verdicts } = run(days, options);
        verdicts.forEach((verdict, index) => {
          if (!verdict.canAuto) return;
          const input = log[index]!;
          expect(input.policy.mode).toBe('auto');
          expect(input.days).toBeGreaterThanOrEqual(7);
          expect(verdict.srm.bayesFactor).toBeLessThan(1000);
          expect(verdict.waitsFor).toEqual([]);
          for (const arm of input.arms) expect(arm.converted).toBeGreaterThanOrEqual(100);
        });
      }),
      { numRuns: 100 },
    );
  });
  test('the error spent never falls, and never rises after the end', () => {
    fc.assert(
      fc.property(ticks(2), settings, (days, options) => {
        let spent = 0;
        let ended: string | null = null;
        for (const verdict of run(days, options).verdicts) {
          const now = verdict.state.boundary.spentPerSide;
          expect(now).toBeGreaterThanOrEqual(spent);
          spent = now;
          if (ended !== null) expect(JSON.stringify(verdict)).toBe(ended);
          if (verdict.ended) ended = JSON.stringify(verdict);
        }
      }),
      { numRuns: 60 },
    );
  });
  test('swapping the two arms mirrors every number and turns "better" into "worse"', () => {
    fc.assert(
      fc.property(ticks(2), settings, (days, options) => {
        const plain = { ...options, costPaise: undefined };
        const swapped = days.map(([first, second]) => [second!, first!]);
        const one = run(days, plain).verdicts[0]!;
        const other = run(swapped, plain).verdicts[0]!;
        expect(other.srm.bayesFactor).toBeCloseTo(one.srm.bayesFactor, 8);
        one.perChallenger.forEach((comparison, index) => {
          const mirrored = other.perChallenger[index]!;
          expect(mirrored.z + comparison.z).toBe(0);
          expect(mirrored.difference + comparison.difference).toBe(0);
          expect(mirrored.interval.low + comparison.interval.high).toBeCloseTo(0, 12);
          expect(mirrored.boundary).toBe(comparison.boundary);
          const turned = { better: 'worse', worse: 'better' } as const;
          expect(mirrored.crossed).toBe(comparison.crossed === null ? null : turned[comparison.crossed]);
        });
      }),
      { numRuns: 100 },
    );
  });
});
