// Guarantees of the chart of an experiment and of its forecasts: what is drawn, from where, and what is not claimed.
import { describe, expect, it } from 'vitest';
import { chartPicture, experimentChart } from '../../src/features/experiments/chart.tsx';
import { findingOf } from '../../src/features/experiments/finding.ts';
import { endsBy, expectedAt, type Pace, unitsPerDay } from '../../src/features/experiments/forecast.ts';
import { waitsFor } from '../../src/features/experiments/look.ts';
import type { ShownReport } from '../../src/features/experiments/shapes.ts';
import { svgToPng } from '../../src/ui/png.ts';

const DAY_MS = 86_400_000;

function report(rates: Readonly<Record<string, number>>, given: Partial<ShownReport> = {}): ShownReport {
  const variants = Object.entries(rates);
  const arms = variants.map(([variant, rate]) => ({
    variant,
    exposed: 10_000,
    converted: Math.round(rate * 10_000),
    rate,
    costPaise: null,
  }));
  return {
    experiment: 'offer',
    metric: 'converted',
    status: 'running',
    default: variants[0]?.[0] ?? '',
    current: variants[0]?.[0] ?? '',
    axis: 'order',
    units: arms.length * 10_000,
    maxUnits: 50_000,
    excludedUnits: 0,
    asOf: '2026-11-02T09:30:00.000Z',
    policy: { mode: 'approve', minDays: 7, minConversionsPerArm: 100, horizonDays: 28 },
    arms,
    verdict: null,
    comparisons: [],
    proposal: null,
    decisions: [],
    series: variants.map(([variant, rate]) => ({ variant, points: pointsAt(rate) })),
    ...given,
  };
}

const pointsAt = (rate: number) =>
  Array.from({ length: 20 }, (_, step) => {
    const half = 0.05 / (step + 1);
    const x = (step + 1) * 1000;
    return { x, exposed: x / 2, rate, low: Math.max(0, rate - half), high: rate + half };
  });

describe('the chart', () => {
  it('draws the default first and at most four lines, the others being in the table', () => {
    const drawn = experimentChart(report({ base: 0.1, a: 0.11, b: 0.12, c: 0.13, d: 0.09 }), 'Asia/Kolkata');

    expect(drawn?.chart.lines.map((line) => line.name)).toEqual(['base', 'c', 'b', 'a']);
    expect(drawn?.note).toContain('1 more arms in the table');
  });

  it('leaves out early bands that would press the rest flat, and says from where it is drawn', () => {
    const drawn = experimentChart(report({ base: 0.1, a: 0.11 }), 'Asia/Kolkata');

    expect(drawn?.chart.lines[0]?.points[0]?.x).toBe(4000);
    expect(drawn?.chart.lines[0]?.points).toHaveLength(17);
    expect(drawn?.note).toContain('drawn from 4,000 on');
  });

  it('counts exposures where the data has no times, and writes the reader’s zone where it has', () => {
    expect(experimentChart(report({ base: 0.1, a: 0.11 }), 'Asia/Kolkata')?.chart.x).toEqual({
      kind: 'count',
      label: 'exposures',
    });
    const timed = experimentChart(report({ base: 0.1, a: 0.11 }, { axis: 'time' }), 'Asia/Kolkata');
    expect(timed?.chart.x).toEqual({ kind: 'time', zone: 'Asia/Kolkata', label: 'IST' });
  });

  it('is nothing while there is nothing to draw', () => {
    const empty = report({ base: 0.1, a: 0.11 }, { series: [{ variant: 'base', points: [] }] });

    expect(experimentChart(empty, 'Asia/Kolkata')).toBeNull();
    expect(chartPicture(empty, 'Asia/Kolkata')).toEqual([]);
  });

  it('is a picture that stands alone, small and drawable, with the finding as its words', async () => {
    const [block] = chartPicture(report({ base: 0.1, '<b>&"a': 0.11 }), 'Asia/Kolkata');
    if (block?.kind !== 'picture') throw new Error('no picture');

    expect(block.alt).toBe(
      '<b>&"a converts 1.0 points more units than base (11.0 % against 10.0 %), not judged yet',
    );
    expect(block.svg).not.toContain('<b>&');
    expect(block.svg.length).toBeLessThan(12_000);
    expect(
      Buffer.from(await svgToPng(block.svg))
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });
});

describe('the finding', () => {
  const settled = { variant: 'a', interval: { low: 0, high: 0 }, lift: 0, z: 3, boundary: 2, fraction: 1 };

  it('says that nobody has judged it before a look, and chance until a look has settled it', () => {
    const shares = { base: 0.1, a: 0.09 };
    expect(findingOf(report(shares))).toMatch(/1\.0 points fewer units .*, not judged yet$/);
    const open = report(shares, { comparisons: [{ ...settled, difference: -0.01, crossed: null }] });
    expect(findingOf(open)).toMatch(/1\.0 points fewer units .*, which may be chance$/);
    const sure = report(
      { base: 0.1, a: 0.11 },
      { comparisons: [{ ...settled, difference: 0.01, crossed: 'better' }] },
    );
    expect(findingOf(sure)).toBe('a converts 1.0 points more units than base (11.0 % against 10.0 %)');
  });

  it('claims nothing of arms that nobody has seen', () => {
    const unseen = report({ base: 0.1, a: 0.11 });
    const arms = unseen.arms.map((arm) => ({ ...arm, exposed: 0, converted: 0, rate: null }));
    expect(findingOf({ ...unseen, arms })).toBe('offer has no exposures to compare yet');
  });
});

describe('a forecast', () => {
  const now = new Date('2026-11-10T00:00:00Z');
  const pace: Pace = {
    firstAt: new Date(now.getTime() - 5 * DAY_MS),
    lastAt: now,
    units: 5000,
    maxUnits: 20_000,
    horizonDays: 28,
    now,
  };
  const daysFromNow = (at: Date | null): number | null => at && (at.getTime() - now.getTime()) / DAY_MS;

  it('goes by the pace so far, for days, units and conversions', () => {
    expect(unitsPerDay(pace)).toBe(1000);
    expect(daysFromNow(expectedAt(waitsFor('days', { have: 5, need: 7 }), pace))).toBe(2);
    expect(daysFromNow(expectedAt(waitsFor('units', { have: 5000, need: 20_000 }), pace))).toBe(15);
    expect(daysFromNow(expectedAt(waitsFor('conversions', { have: 50, need: 100 }), pace))).toBe(5);
    expect(daysFromNow(endsBy(pace))).toBe(15);
    expect(daysFromNow(endsBy({ ...pace, horizonDays: 8 }))).toBe(3);
  });

  it('says nothing of evidence, of data without times, of a first hour, and of what should have come long ago', () => {
    expect(expectedAt(waitsFor('boundary', { have: 1, need: 2 }), pace)).toBeNull();
    expect(
      expectedAt(waitsFor('days', { have: 5, need: 7 }), { ...pace, firstAt: null, lastAt: null }),
    ).toBeNull();
    const hour = { ...pace, firstAt: new Date(now.getTime() - 3_600_000) };
    expect(expectedAt(waitsFor('units', { have: 50, need: 100 }), hour)).toBeNull();
    expect(unitsPerDay(hour)).toBeNull();
    expect(expectedAt(waitsFor('days', { have: 2, need: 3 }), pace)).toBeNull();
  });
});
