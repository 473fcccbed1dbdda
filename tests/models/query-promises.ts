// What every store promises of queries: the same matches and the same order, and no operator from outside.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../models/store.ts';
import type { FactCollection, Query, Where } from '../../src/core/store.ts';
import { hostileValues, type Note, note, notes, t0, traceFor } from './samples.ts';

export function queryPromises(create: () => Promise<Store>): void {
  let collection: FactCollection<Note>;
  const a = () => collection.scoped('a');
  const day = (n: number): Date => new Date(t0.getTime() + n * 86_400_000);

  beforeEach(async () => {
    collection = (await create()).facts(notes);
    const put = (id: string, body: Parameters<ReturnType<typeof a>['insertOnce']>[1]) =>
      a().insertOnce(id, body, traceFor(id, [], day(Number(id.slice(1)))));
    await put('n1', note('alpha', { rank: 3, dueAt: day(1) }));
    await put('n2', { title: 'beta', rank: 1, done: true, tags: ['x', 'y'] } as unknown as ReturnType<
      typeof note
    >);
    await put('n3', { ...note('Alpha', { rank: 2, dueAt: day(3) }), tags: ['y'] });
    await put('n4', { ...note('éclair', { rank: 10 }), tags: [] });
    await put('n5', note('𝒳', { rank: -1, dueAt: day(2) }));
    await collection.scoped('b').insertOnce('n6', note('alpha', { rank: 3 }), traceFor('n6'));
  });

  const idsOf = async (query: Partial<Query<Note>>): Promise<string[]> =>
    (await a().find({ where: {}, sort: [['_id', 1]], limit: 100, ...query })).map(({ _id }) => _id);

  describe('queries', () => {
    const cases: readonly [string, Where<Note>, string[]][] = [
      ['all', {}, ['n1', 'n2', 'n3', 'n4', 'n5']],
      ['a value', { title: 'alpha' }, ['n1']],
      ['false', { done: false }, ['n1', 'n3', 'n4', 'n5']],
      ['a date', { dueAt: day(3) }, ['n3']],
      ['null: also what is missing', { dueAt: null }, ['n2', 'n4']],
      ['not null: only what is there', { dueAt: { not: null } }, ['n1', 'n3', 'n5']],
      ['not a value: also what is missing', { dueAt: { not: day(1) } }, ['n2', 'n3', 'n4', 'n5']],
      ['in', { title: { in: ['alpha', 'beta', 'gamma'] } }, ['n1', 'n2']],
      ['in with null', { dueAt: { in: [null, day(1)] } }, ['n1', 'n2', 'n4']],
      ['in nothing', { title: { in: [] } }, []],
      ['below', { rank: { lt: 2 } }, ['n2', 'n5']],
      ['up to', { rank: { lte: 2 } }, ['n2', 'n3', 'n5']],
      ['above and up to', { rank: { gt: 1, lte: 3 } }, ['n1', 'n3']],
      ['from', { rank: { gte: 3 } }, ['n1', 'n4']],
      ['dates before: not what is missing', { dueAt: { lt: day(2) } }, ['n1']],
      ['a range of texts by bytes', { title: { gt: 'alpha' } }, ['n2', 'n4', 'n5']],
      ['a list holds', { tags: 'y' }, ['n2', 'n3']],
      ['a list holds not', { tags: { not: 'y' } }, ['n1', 'n4', 'n5']],
      ['no list', { tags: null }, ['n1', 'n5']],
      ['two conditions', { done: false, rank: { gt: 2 } }, ['n1', 'n4']],
      ['bookkeeping', { createdAt: { gt: day(3) }, version: 1 }, ['n4', 'n5']],
      ['ids', { _id: { in: ['n1', 'n6'] } }, ['n1']],
    ];
    it.each(cases)('finds and counts: %s', async (_, where, ids) => {
      expect(await idsOf({ where })).toEqual(ids);
      expect(await a().count(where)).toBe(ids.length);
    });

    const orders: readonly [Query<Note>['sort'], string[]][] = [
      [[['rank', 1]], ['n5', 'n2', 'n3', 'n1', 'n4']],
      [[['rank', -1]], ['n4', 'n1', 'n3', 'n2', 'n5']],
      [[['title', 1]], ['n3', 'n1', 'n2', 'n4', 'n5']],
      [
        [
          ['dueAt', 1],
          ['_id', -1],
        ],
        ['n4', 'n2', 'n1', 'n5', 'n3'],
      ],
      [
        [
          ['done', -1],
          ['dueAt', -1],
          ['_id', 1],
        ],
        ['n2', 'n3', 'n5', 'n1', 'n4'],
      ],
    ];
    it.each(orders)('sorts by %j', async (sort, ids) => {
      expect(await idsOf({ ...(sort ? { sort } : {}) })).toEqual(ids);
    });

    it('limits and skips', async () => {
      expect(await idsOf({ limit: 2 })).toEqual(['n1', 'n2']);
      expect(await idsOf({ limit: 2, skip: 3 })).toEqual(['n4', 'n5']);
      expect(await idsOf({ limit: 2, skip: 9 })).toEqual([]);
      expect(await idsOf({ limit: 0 })).toEqual([]);
    });

    it('refuses a limit or skip that is no count', async () => {
      for (const count of [-1, 1.5, Number.NaN, '5' as unknown as number]) {
        await expect(idsOf({ limit: count })).rejects.toThrow(/is no count/);
        await expect(idsOf({ skip: count })).rejects.toThrow(/is no count/);
      }
    });

    it.each(hostileValues.filter((value) => typeof value === 'object' && !Object.hasOwn(value ?? {}, 'in')))(
      'refuses an operator from outside: %j',
      async (value) => {
        const where = { title: value } as Where<Note>;
        await expect(idsOf({ where })).rejects.toThrow(/query was refused/);
        await expect(a().count(where)).rejects.toThrow(/query was refused/);
        await expect(idsOf({ where: { title: { not: value } } as Where<Note> })).rejects.toThrow(/refused/);
        await expect(idsOf({ where: { title: { in: [value] } } as Where<Note> })).rejects.toThrow(/refused/);
      },
    );

    it.each(['$where', '$or', '__proto__', 'constructor', 'tenant', 'history.by', 'nothing', ''])(
      'refuses a field that nobody declared: %j',
      async (field) => {
        const where = JSON.parse(`{${JSON.stringify(field)}: "x"}`) as Where<Note>;
        await expect(idsOf({ where })).rejects.toThrow(/is no field/);
        await expect(idsOf({ sort: [[field as keyof Note, 1]] })).rejects.toThrow(/is no field/);
      },
    );

    it('refuses a value that the field cannot hold', async () => {
      const wrongs: Where<Note>[] = [
        { rank: '3' },
        { rank: { gte: '' } },
        { title: { in: ['a', 1] } },
        { dueAt: '2026-01-05' },
        { done: { not: 0 } },
        { tags: 7 },
      ];
      for (const where of wrongs) await expect(idsOf({ where })).rejects.toThrow(/query was refused/);
    });

    it('refuses a condition that was left undefined instead of finding everything', async () => {
      await expect(idsOf({ where: { title: undefined } as unknown as Where<Note> })).rejects.toThrow(
        /refused/,
      );
    });

    it('reads over all tenants for a system reason that is on the list, and for no other', async () => {
      const system = collection.acrossTenants('health');
      const found = await system.find({ where: { title: 'alpha' }, sort: [['_id', 1]], limit: 9 });
      expect(found.map(({ tenant }) => tenant)).toEqual(['a', 'b']);
      expect(await system.count({})).toBe(6);
      const curious = collection.acrossTenants('curiosity' as 'health');
      await expect(curious.find({ where: {}, limit: 1 })).rejects.toThrow(/no reason/);
      await expect(curious.count({})).rejects.toThrow(/no reason/);
    });
  });
}
