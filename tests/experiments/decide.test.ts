/** The verdict: what it proposes, what blocks it, what it never does. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/features/experiments/decide.ts';
import {
  DEFAULT_POLICY,
  type LookInput,
  NOTHING_SPENT,
  type Verdict,
} from '../../src/features/experiments/look.ts';

/** The Cookie Cats experiment: day-7 retention of 90,189 players, no times in the data. */
const COOKIE_CATS: LookInput = {
  policyVersion: '1',
  alpha: 0.05,
  defaultArm: 'gate_40',
  maximumUnits: 90_189,
  arms: [
    { variant: 'gate_30', exposed: 44_700, converted: 8_502 },
    { variant: 'gate_40', exposed: 45_489, converted: 8_279 },
  ],
  excludedUnits: 0,
  days: 'unknown',
  verb: 'keeps',
  policy: { ...DEFAULT_POLICY, mode: 'auto' },
  previous: NOTHING_SPENT,
};

/** Two arms in the middle of a planned 20,000 units; `credit` converts clearly better. */
const MIDWAY: LookInput = {
  ...COOKIE_CATS,
  defaultArm: 'inquiries',
  maximumUnits: 20_000,
  arms: [
    { variant: 'inquiries', exposed: 6_000, converted: 300 },
    { variant: 'credit', exposed: 6_000, converted: 420 },
  ],
  days: 9,
  verb: undefined,
};

const codes = (verdict: Verdict) => verdict.waitsFor.map((reason) => reason.code);

function withArms(input: LookInput, ...counts: [exposed: number, converted: number][]): LookInput {
  const arms = input.arms.map((arm, index) => ({
    ...arm,
    exposed: counts[index]![0],
    converted: counts[index]![1],
  }));
  return { ...input, arms };
}

describe('Cookie Cats', () => {
  test('with gate_40 as the default, gate_30 is proposed and the missing days are asked for', () => {
    const verdict = decide(COOKIE_CATS);
    expect(verdict.kind).toBe('propose');
    expect(verdict.winner).toBe('gate_30');
    expect(codes(verdict)).toEqual(['days_unknown']);
    expect(verdict.canAuto).toBe(false);
    expect(verdict.sentence).toBe(
      'gate_30 keeps 0.8 points more units (19.0 % against 18.2 %), z 3.16 where 1.96 is enough. ' +
        'Switch from gate_40 to gate_30. Open: minimum days: unknown, ask (7 are wanted).',
    );
    const [comparison] = verdict.perChallenger;
    expect(comparison!.alphaSpent).toBeCloseTo(0.05, 12);
    expect(comparison!.difference).toBeCloseTo(0.0082, 4);
    expect(comparison!.interval.low).toBeLessThan(comparison!.difference);
    expect(verdict.srm.blocked).toBe(false);
  });
  test('with gate_30 as the default, it stays and says why', () => {
    const verdict = decide({ ...COOKIE_CATS, defaultArm: 'gate_30' });
    expect(verdict.kind).toBe('stay');
    expect(verdict.winner).toBe(null);
    expect(verdict.perChallenger[0]!.crossed).toBe('worse');
    expect(verdict.sentence).toBe(
      'gate_30 stays: gate_40 keeps 0.8 points fewer units (18.2 % against 19.0 %), which is not chance.',
    );
  });
});

describe('data quality comes first', () => {
  test('a split that does not fit blocks even a clear winner, and spends nothing', () => {
    const verdict = decide(withArms(MIDWAY, [6_000, 300], [5_000, 420]));
    expect(verdict.kind).toBe('blocked');
    expect(verdict.srm.blocked).toBe(true);
    expect(codes(verdict)).toEqual(['sample_ratio']);
    expect(verdict.state).toBe(NOTHING_SPENT);
  });
  test('the same split is right under the weights that made it', () => {
    const input = withArms(MIDWAY, [6_000, 300], [5_000, 350]);
    const verdict = decide({ ...input, weights: { inquiries: 6, credit: 5 } });
    expect(verdict.srm.blocked).toBe(false);
  });
  test('more than 1 % of units in two arms block, 1 % does not', () => {
    expect(codes(decide({ ...MIDWAY, excludedUnits: 122 }))).toEqual(['double_exposure']);
    expect(decide({ ...MIDWAY, excludedUnits: 121 }).kind).toBe('propose');
  });
  test('a feed older than 48 hours blocks a running test and not a full one', () => {
    expect(codes(decide({ ...MIDWAY, feedAgeHours: 48.5 }))).toEqual(['stale_feed']);
    expect(decide({ ...MIDWAY, feedAgeHours: 48 }).kind).toBe('propose');
    expect(decide({ ...MIDWAY, feedAgeHours: 500, maximumUnits: 12_000 }).kind).toBe('propose');
  });
  test.each<[string, Partial<LookInput>]>([
    [
      'more conversions than units',
      { arms: [MIDWAY.arms[0]!, { variant: 'credit', exposed: 5, converted: 6 }] },
    ],
    ['a fraction of a unit', { arms: [MIDWAY.arms[0]!, { variant: 'credit', exposed: 5.5, converted: 1 }] }],
    ['one arm', { arms: [MIDWAY.arms[0]!] }],
    ['twice the same arm', { arms: [MIDWAY.arms[0]!, MIDWAY.arms[0]!] }],
    ['a default that is no arm', { defaultArm: 'nobody' }],
    ['an arm without weight', { weights: { inquiries: 1 } }],
    ['no plan', { maximumUnits: 0 }],
    ['days that are no number', { days: Number.NaN }],
  ])('refuses to judge %s', (_, change) => {
    const verdict = decide({ ...MIDWAY, ...change });
    expect(verdict.kind).toBe('blocked');
    expect(codes(verdict)).toEqual(['input']);
    expect(verdict.canAuto).toBe(false);
  });
  test('a guardrail blocks, with its own words', () => {
    const guardrails = [{ name: 'refunds', blocked: true, text: 'twice as many in credit' }];
    const verdict = decide({ ...MIDWAY, guardrails });
    expect(verdict.kind).toBe('blocked');
    expect(verdict.sentence).toBe('Blocked: refunds: twice as many in credit.');
    expect(verdict.state.looks).toBe(0);
  });
  test('a guardrail that holds promotes nobody', () => {
    const guardrails = [{ name: 'refunds', blocked: false, text: 'fewer' }];
    const even = withArms(MIDWAY, [6_000, 300], [6_000, 310]);
    expect(decide({ ...even, guardrails }).kind).toBe('continue');
  });
});

describe('time', () => {
  test('before the seventh full day nothing is looked at and nothing is spent', () => {
    const verdict = decide({ ...MIDWAY, days: 6 });
    expect(verdict.kind).toBe('too_early');
    expect(verdict.waitsFor[0]).toEqual({ code: 'days', have: 6, need: 7, name: null });
    expect(verdict.state).toBe(NOTHING_SPENT);
    expect(verdict.perChallenger[0]!.boundary).toBe(null);
  });
  test('even a full sample waits for the seventh day', () => {
    expect(decide({ ...MIDWAY, days: 2, maximumUnits: 100 }).kind).toBe('too_early');
  });
  test('on the seventh day a clear winner may switch by itself, under the policy "auto" only', () => {
    expect(decide({ ...MIDWAY, days: 7 })).toMatchObject({
      kind: 'propose',
      winner: 'credit',
      canAuto: true,
    });
    for (const mode of ['approve', 'watch'] as const) {
      expect(decide({ ...MIDWAY, policy: { ...DEFAULT_POLICY, mode } }).canAuto).toBe(false);
    }
  });
  test('at the horizon the test ends and spends what is left', () => {
    const even = withArms(MIDWAY, [6_000, 300], [6_000, 330]);
    const verdict = decide({ ...even, days: 28 });
    expect(verdict.kind).toBe('no_winner');
    expect(verdict.ended).toBe(true);
    expect(verdict.perChallenger[0]!.alphaSpent).toBeCloseTo(0.05, 12);
    expect(verdict.sentence).toContain('No winner');
  });
  test('the horizon ends the test even when no unit came since the last look', () => {
    const even = withArms(MIDWAY, [6_000, 300], [6_000, 330]);
    const before = decide({ ...even, days: 27 });
    const end = decide({ ...even, days: 28, previous: before.state });
    expect(end).toMatchObject({ kind: 'no_winner', ended: true });
    expect(end.perChallenger[0]!.alphaSpent).toBeCloseTo(0.05, 9);
  });
  test('after the end the verdict is stated again, whatever comes, and nothing is spent', () => {
    const end = decide({ ...withArms(MIDWAY, [6_000, 300], [6_000, 330]), days: 28 });
    const later = decide({ ...MIDWAY, days: 40, previous: end.state });
    expect(later).toStrictEqual(end);
    const again = decide({ ...MIDWAY, days: 41, excludedUnits: 9_999, previous: later.state });
    expect(again).toStrictEqual(end);
  });
  test('a look with nothing new spends nothing and repeats the verdict', () => {
    const first = decide({ ...MIDWAY, days: 8 });
    const second = decide({ ...MIDWAY, days: 8, previous: first.state });
    expect(second).toStrictEqual(first);
  });
  test('what crosses between two looks does not count before the next', () => {
    const quiet = decide(withArms(MIDWAY, [6_000, 300], [6_000, 310]));
    const late = decide({ ...withArms(MIDWAY, [6_000, 300], [6_000, 420]), previous: quiet.state });
    expect(late.kind).toBe('continue');
    expect(late.state).toBe(quiet.state);
    const next = decide({ ...withArms(MIDWAY, [6_100, 305], [6_100, 430]), previous: quiet.state });
    expect(next.kind).toBe('propose');
    expect(next.state.looks).toBe(2);
  });
});

describe('enough conversions', () => {
  test('a crossing with fewer than 100 conversions in an arm waits for them', () => {
    const small = { ...withArms(MIDWAY, [900, 30], [900, 99]), maximumUnits: 4_000 };
    const verdict = decide(small);
    expect(verdict.perChallenger[0]!.crossed).toBe('better');
    expect(verdict.kind).toBe('continue');
    expect(verdict.waitsFor).toEqual([{ code: 'conversions', have: 30, need: 100, name: 'credit' }]);
  });
  test('at the end they cannot come any more: no winner', () => {
    const verdict = decide({ ...withArms(MIDWAY, [900, 30], [900, 99]), maximumUnits: 1_800 });
    expect(verdict.kind).toBe('no_winner');
    expect(codes(verdict)).toEqual(['conversions']);
  });
});

describe('value', () => {
  const costly = (costPaise: number): LookInput['arms'] => [
    MIDWAY.arms[0]!,
    { ...MIDWAY.arms[1]!, costPaise },
  ];
  test('a winner that earns less for each unit is not proposed', () => {
    const verdict = decide({ ...MIDWAY, arms: costly(500_000), valuePaise: 300_000 });
    expect(verdict.perChallenger[0]!.value.kind).toBe('worse');
    expect(verdict.kind).toBe('continue');
    expect(codes(verdict)).toEqual(['value_worse']);
  });
  test('at the end the default stays, and the reason is said', () => {
    const arms = costly(500_000);
    const verdict = decide({ ...MIDWAY, arms, valuePaise: 300_000, maximumUnits: 12_000 });
    expect(verdict.kind).toBe('stay');
    expect(verdict.sentence).toContain('but earns less for each unit');
  });
  test('a winner whose earnings are not clear is proposed and never switched to by itself', () => {
    const verdict = decide({ ...MIDWAY, arms: costly(60_000), valuePaise: 200_000 });
    expect(verdict.perChallenger[0]!.value.kind).toBe('unclear');
    expect(verdict).toMatchObject({ kind: 'propose', winner: 'credit', canAuto: false });
  });
  test('costs without a value: proposed with the break-even, never by itself', () => {
    const verdict = decide({ ...MIDWAY, arms: costly(500_000) });
    // 7 % × ₹5,000 = ₹350 a unit for 2 extra conversions in 100 units: ₹17,500 each.
    expect(verdict.perChallenger[0]!.value).toMatchObject({ kind: 'unknown', breakEvenPaise: 1_750_000 });
    expect(verdict).toMatchObject({ kind: 'propose', canAuto: false });
    expect(verdict.sentence).toContain('each extra one costs ₹17,500');
  });
  test('a value far above the cost lets it switch by itself', () => {
    const verdict = decide({ ...MIDWAY, arms: costly(1_000), valuePaise: 500_000 });
    expect(verdict.perChallenger[0]!.value.kind).toBe('better');
    expect(verdict.canAuto).toBe(true);
  });
  test('one cost for every arm changes nothing while a conversion pays, and blocks when it loses', () => {
    const arms = MIDWAY.arms.map((arm) => ({ ...arm, costPaise: 1_000 }));
    expect(decide({ ...MIDWAY, arms, valuePaise: 2_000 }).canAuto).toBe(true);
    expect(decide({ ...MIDWAY, arms, valuePaise: 500 }).kind).toBe('continue');
  });
});

describe('several challengers', () => {
  const three = (a: number, b: number): LookInput => ({
    ...MIDWAY,
    maximumUnits: 30_000,
    arms: [
      { variant: 'inquiries', exposed: 6_000, converted: 300 },
      { variant: 'credit', exposed: 6_000, converted: a },
      { variant: 'discount', exposed: 6_000, converted: b },
    ],
  });
  test('each gets its share of the error', () => {
    const shared = decide({ ...three(330, 330), days: 28 });
    expect(shared.perChallenger.map((one) => one.alphaSpent)).toEqual([
      expect.closeTo(0.025, 12),
      expect.closeTo(0.025, 12),
    ]);
    expect(shared.perChallenger[0]!.boundary).toBeCloseTo(2.2414, 4);
  });
  test('of two that cross, the higher rate is proposed', () => {
    expect(decide(three(420, 460)).winner).toBe('discount');
    expect(decide(three(460, 420)).winner).toBe('credit');
  });
  test('a higher rate that earns less leaves the proposal to the other', () => {
    const input = three(420, 460);
    const arms = input.arms.map((arm) => (arm.variant === 'discount' ? { ...arm, costPaise: 400_000 } : arm));
    expect(decide({ ...input, arms, valuePaise: 300_000 }).winner).toBe('credit');
  });
  test('one that is worse does not end the test while the other is open; both do', () => {
    expect(decide(three(200, 310)).kind).toBe('continue');
    const stay = decide(three(200, 190));
    expect(stay).toMatchObject({ kind: 'stay', ended: true });
    expect(decide({ ...three(200, 310), days: 28 }).kind).toBe('stay');
  });
});
