/** The conformance runner judges strictly: what applies, what matches, and what may fail. */
import { Long } from 'mongodb';
import { describe, expect, it } from 'vitest';
import type { TestFile, UnifiedTest } from '../conformance/format.ts';
import { difference, type Named } from '../conformance/match.ts';
import { complaints, describeSuites, type Result } from '../conformance/report.ts';
import { isMet, refusedBy } from '../conformance/requirements.ts';

const server = { version: '7.0.14', topology: 'replicaset' };
const named: Named = { sessionId: () => ({ id: 'a' }), value: () => 5 };

function testOf(name: string, args: object): [TestFile, UnifiedTest] {
  const test = { description: 'd', operations: [{ name, object: 'collection', arguments: args }] };
  return [
    { suite: 's', name: 'f', content: { description: 'f', schemaVersion: '1.0', tests: [test] } },
    test,
  ];
}

describe('what applies', () => {
  it.each([
    [undefined, true],
    [[{ minServerVersion: '4.2' }], true],
    [[{ maxServerVersion: '7.0' }], true],
    [[{ maxServerVersion: '6.99' }], false],
    [[{ minServerVersion: '8.0' }], false],
    [[{ topologies: ['sharded'] }], false],
    [[{ topologies: ['single'] }, { topologies: ['replicaset'] }], true],
    [[{ serverless: 'require' }], false],
    [[{ serverless: 'forbid' }], true],
    [[{ auth: true }], false],
  ])('requirements %j hold for a one-member set of 7.0: %s', (requirements, holds) => {
    expect(isMet(requirements, server)).toBe(holds);
  });

  it.each([
    ['createChangeStream', {}, 'change streams'],
    ['find', { filter: { $where: 'true' } }, 'server-side JavaScript'],
    ['find', { filter: {}, collation: { locale: 'en' } }, 'collations beyond the simple one'],
    ['find', { filter: {}, collation: { locale: 'simple' } }, undefined],
    ['createCollection', { capped: true }, 'capped collections'],
    ['insertOne', { document: { x: 1 } }, undefined],
  ])('%s with %j is refused for: %s', (name, args, reason) => {
    expect(refusedBy(...testOf(name, args))).toBe(reason);
  });
});

describe('what matches', () => {
  it.each<[unknown, unknown, boolean]>([
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, false],
    [{ a: Long.fromNumber(1) }, { a: 1 }, true],
    [{ a: 1 }, { a: '1' }, false],
    [[{ a: 1 }], [{ a: 1 }, { a: 1 }], false],
    [{ a: { $$exists: false } }, { a: null }, false],
    [{ a: { $$exists: false } }, {}, true],
    [{ a: { $$type: ['int', 'long'] } }, { a: Long.fromNumber(5) }, true],
    [{ a: { $$type: 'string' } }, { a: 5 }, false],
    [{ a: { $$unsetOrMatches: 3 } }, {}, true],
    [{ a: { $$unsetOrMatches: 3 } }, { a: 4 }, false],
    [{ a: { $$matchesEntity: 'five' } }, { a: 5 }, true],
    [{ lsid: { $$sessionLsid: 's' } }, { lsid: { id: 'b' } }, false],
    [{ sort: { a: 1 } }, { sort: new Map([['a', 1]]) }, true],
    [null, undefined, false],
  ])('%j against %j: %s', (expected, actual, matches) => {
    expect(difference(expected, actual, named, true) === undefined).toBe(matches);
  });
});

describe('what may fail', () => {
  const passed = (test: string): Result => ({ suite: 's', test, outcome: 'passed' });
  const failed = (test: string): Result => ({ suite: 's', test, outcome: 'failed', detail: 'why' });
  const many = Array.from({ length: 99 }, (_, at) => passed(`p${at}`));

  it('is on the list, and nothing else', () => {
    expect(complaints([...many, failed('x')], [{ test: 'x', reason: 'r' }])).toEqual([]);
    expect(complaints([...many, failed('x')], [])).toEqual([expect.stringContaining('failed: x')]);
  });

  it('leaves the list when it passes or is gone', () => {
    expect(complaints(many, [{ test: 'p1', reason: 'r' }])).toEqual([expect.stringContaining('take it off')]);
    expect(complaints(many, [{ test: 'q', reason: 'r' }])).toEqual([expect.stringContaining('no such test')]);
  });

  it('is at most two in a hundred, however long the list', () => {
    const results = [...many.slice(0, 97), failed('x'), failed('y'), failed('z')];
    const known = ['x', 'y', 'z'].map((test) => ({ test, reason: 'r' }));
    expect(complaints(results, known)).toEqual(['less than 98 % passed']);
    expect(complaints([], [])).not.toEqual([]);
  });

  it('is counted per suite, apart from what was skipped', () => {
    const skipped: Result[] = [
      { suite: 's', test: 'r', outcome: 'refused' },
      { suite: 's', test: 'q', outcome: 'requirements' },
    ];
    expect(describeSuites([passed('a'), failed('b'), ...skipped])[0]).toBe(
      's: run 2, passed 1, failed 1, skipped: own requirements 1, refused list 1, driver 0; 50.0 %',
    );
  });
});
