/** Random windows, partitions and gaps, held against what their definitions say, reckoned the plain way. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plain, run } from './pipelines.ts';

interface Row {
  p: number;
  x: number;
  y: number;
}
const rows = fc
  .array(fc.record({ p: fc.nat(2), x: fc.integer({ min: -6, max: 6 }), y: fc.nat(9) }), { maxLength: 24 })
  .map((list) => [...list].sort((a, b) => a.p - b.p || a.x - b.x));
const distance = fc.integer({ min: -4, max: 4 });
const bound = fc.oneof(distance, fc.constantFrom('unbounded', 'current'));
const bounds = fc
  .tuple(bound, bound)
  .filter(
    ([lower, upper]) => lower === 'unbounded' || upper === 'unbounded' || offset(lower) <= offset(upper),
  );

function offset(value: number | string): number {
  return typeof value === 'number' ? value : 0;
}

/** The rows of the same partition that a window at row `at` takes. */
function windowOf(all: Row[], at: number, kind: string, [lower, upper]: (number | string)[]): Row[] {
  const row = all[at];
  const partition = all.filter(({ p }) => p === row?.p);
  const here = at - all.findIndex(({ p }) => p === row?.p);
  return partition.filter((other, i) => {
    const place = kind === 'documents' ? i - here : other.x - (row?.x ?? 0);
    const isAfter = lower === 'unbounded' || (lower === 'current' ? i >= here : place >= offset(lower ?? 0));
    const isBefore = upper === 'unbounded' || (upper === 'current' ? i <= here : place <= offset(upper ?? 0));
    return isAfter && isBefore;
  });
}

describe('a window of $setWindowFields', () => {
  it.each(['documents', 'range'])('by %s takes the rows its bounds say', (kind) => {
    fc.assert(
      fc.property(rows, bounds, (all, ends) => {
        const window = { [kind]: ends };
        const output = {
          ys: { $push: '$y', window },
          total: { $sum: '$y', window },
          least: { $min: '$y', window },
          first: { $first: '$y', window },
          few: { $lastN: { input: '$y', n: 2 }, window },
        };
        const stage = { $setWindowFields: { partitionBy: '$p', sortBy: { x: 1 }, output } };
        const found = run([stage], all as unknown as Plain[]);
        all.forEach((_, at) => {
          const ys = windowOf(all, at, kind, ends).map(({ y }) => y);
          expect(numbersOf(found[at]?.['ys'])).toEqual(ys);
          expect(Number(found[at]?.['total'])).toBe(ys.reduce((sum, y) => sum + y, 0));
          expect(numberOf(found[at]?.['least'])).toBe(ys.length === 0 ? null : Math.min(...ys));
          expect(numberOf(found[at]?.['first'])).toBe(ys[0] ?? null);
          expect(numbersOf(found[at]?.['few'])).toEqual(ys.slice(-2));
        });
      }),
      { numRuns: 300 },
    );
  });
});

function numberOf(value: unknown): number | null {
  return value === null ? null : Number(value);
}

function numbersOf(value: unknown): number[] {
  return (value as unknown[]).map(Number);
}

describe('$densify', () => {
  it('leaves no step of its bounds without a document, adds nothing else and loses nothing', () => {
    const step = fc.integer({ min: 1, max: 3 });
    const range = fc.tuple(fc.integer({ min: -8, max: 8 }), fc.nat(12));
    fc.assert(
      fc.property(rows, step, range, (all, by, [from, length]) => {
        const spec = {
          field: 'x',
          partitionByFields: ['p'],
          range: { step: by, bounds: [from, from + length] },
        };
        const found = run([{ $densify: spec }], all as unknown as Plain[]).map((doc) => ({
          p: Number(doc['p']),
          x: Number(doc['x']),
          isNew: doc['y'] === undefined,
        }));
        expect(found.filter(({ isNew }) => !isNew)).toHaveLength(all.length);
        for (const p of new Set(all.map((row) => row.p))) {
          const here = found.filter((doc) => doc.p === p);
          const known = new Set(all.filter((row) => row.p === p).map((row) => row.x));
          const wanted: number[] = [];
          for (let x = from; x < from + length; x += by) if (!known.has(x)) wanted.push(x);
          expect(here.filter(({ isNew }) => isNew).map(({ x }) => x)).toEqual(wanted);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('$bucketAuto', () => {
  it('takes each document once, equal values together, in buckets that follow on each other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 8 }),
        (values, most) => {
          const output = { vs: { $push: '$v' } };
          const found = run(
            [{ $bucketAuto: { groupBy: '$v', buckets: most, output } }],
            values.map((v) => ({ v })),
          );
          expect(found.length).toBeLessThanOrEqual(most);
          expect(found.flatMap(({ vs }) => numbersOf(vs))).toEqual([...values].sort((a, b) => a - b));
          found.forEach(({ _id, vs }, i) => {
            const { min, max } = _id as Plain;
            const isLast = i === found.length - 1;
            expect(Number(min)).toBe(numbersOf(vs)[0]);
            const next = found[i + 1]?.['_id'] as Plain | undefined;
            expect(Number(max)).toBe(isLast ? numbersOf(vs).at(-1) : Number(next?.['min']));
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});
