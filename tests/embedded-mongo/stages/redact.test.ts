/** `$redact`: what a reader may see of each embedded document. */
import { describe, expect, it } from 'vitest';
import { codeOf, expectDocs, MANUAL, run } from './pipelines.ts';

const THEN = 'then';
const FORECAST = {
  _id: 1,
  tags: ['G', 'STLW'],
  subsections: [
    { subtitle: 'Section 1', tags: ['SI', 'G'], content: 'one' },
    { subtitle: 'Section 2', tags: ['STLW'], content: 'two' },
    { subtitle: 'Section 3', tags: ['TK'], content: { tags: ['G'] } },
    5,
    [{ tags: ['TK'] }, { tags: ['G'] }],
  ],
};
const visible = { $gt: [{ $size: { $setIntersection: ['$tags', ['STLW', 'G']] } }, 0] };

describe(`what may be seen (${MANUAL}redact/)`, () => {
  it('goes down while it may, and drops embedded documents that may not be seen', () => {
    expectDocs(
      run([{ $redact: { $cond: { if: visible, [THEN]: '$$DESCEND', else: '$$PRUNE' } } }], [FORECAST]),
      [
        {
          ...FORECAST,
          subsections: [FORECAST.subsections[0], FORECAST.subsections[1], 5, [{ tags: ['G'] }]],
        },
      ],
    );
  });

  it('keeps a whole document with what is in it, and drops one at the top', () => {
    const stage = {
      $redact: { $cond: [{ $eq: ['$level', 5] }, '$$PRUNE', { $ifNull: ['$keep', '$$DESCEND'] }] },
    };
    const kept = { _id: 1, a: { keep: 'keep', b: { level: 5 } }, c: { level: 5 } };
    expectDocs(run([stage], [{ _id: 2, level: 5 }, kept]), [{ _id: 1, a: kept.a }]);
  });

  it('reads the whole document by $$ROOT at every level', () => {
    const stage = {
      $redact: { $cond: [{ $eq: ['$$ROOT.n', { $ifNull: ['$n', 1] }] }, '$$DESCEND', '$$PRUNE'] },
    };
    expectDocs(run([stage], [{ n: 1, a: { n: 1 }, b: { n: 2 }, c: {} }]), [{ n: 1, a: { n: 1 }, c: {} }]);
  });

  it('refuses any other result, and its variables elsewhere', () => {
    expect(codeOf([{ $redact: '$a' }], [{ a: 5 }])).toBe(17053);
    expect(codeOf([{ $project: { a: '$$PRUNE' } }])).toBe(17276);
  });
});
