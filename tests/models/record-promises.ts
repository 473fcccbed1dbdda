// What every store promises of plain records: once, one winner, many at a time.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../models/store.ts';
import { UniqueConflict } from '../../models/unique-conflict.ts';
import type { RecordCollection } from '../../src/core/store.ts';
import { hostileValues, type Mark, marks } from './samples.ts';

export function recordPromises(create: () => Promise<Store>): void {
  let collection: RecordCollection<Mark>;
  beforeEach(async () => {
    collection = (await create()).records(marks);
  });
  const a = () => collection.scoped('a');
  const mark = (count: number, rest: { slot?: string; payload?: unknown } = {}) => ({
    color: 'red' as const,
    count,
    ...rest,
  });

  describe('records', () => {
    it('keeps the first outcome when an insert is run again', async () => {
      const first = await a().insertOnce('m1', mark(1));
      expect(first).toEqual({
        record: { _id: 'm1', tenant: 'a', version: 1, color: 'red', count: 1 },
        inserted: true,
      });
      expect(await a().insertOnce('m1', mark(2))).toEqual({ record: first.record, inserted: false });
    });

    it('inserts the new ones of many, leaves the others as they are, and counts', async () => {
      await a().insertOnce('m1', mark(1));
      const rows = ['m0', 'm1', 'm2'].map((id) => ({ id, body: mark(7) }));
      expect(await a().insertMany(rows)).toBe(2);
      expect(await a().insertMany(rows)).toBe(0);
      expect(await a().insertMany([])).toBe(0);
      expect((await a().get('m1'))?.count).toBe(1);
      expect((await a().get('m2'))?.count).toBe(7);
    });

    it('tells of a broken unique key in the middle of many, after the others are in', async () => {
      await a().insertOnce('m1', mark(1, { slot: 's' }));
      const rows = [
        { id: 'm2', body: mark(1) },
        { id: 'm3', body: mark(1, { slot: 's' }) },
        { id: 'm4', body: mark(1) },
      ];
      await expect(a().insertMany(rows)).rejects.toMatchObject({ index: 'tenant_slot' });
      expect(await a().count({})).toBe(3);
    });

    it('holds a partial unique key only over the records it covers', async () => {
      await a().insertOnce('m1', mark(1));
      await a().insertOnce('m2', mark(1));
      await a().insertOnce('m3', mark(1, { slot: 's' }));
      await expect(a().insertOnce('m4', mark(1, { slot: 's' }))).rejects.toBeInstanceOf(UniqueConflict);
    });

    it('lets one of 20 rivals on one version win', async () => {
      const { record } = await a().insertOnce('m1', mark(0));
      const rivals = Array.from({ length: 20 }, (_, n) => a().compareAndSet(record, { count: n }));
      const winners = (await Promise.all(rivals)).filter((outcome) => outcome !== null);
      expect(winners).toHaveLength(1);
      expect(await a().get('m1')).toEqual(winners[0]);
      expect(winners[0]?.version).toBe(2);
    });

    it('changes each of many that still has its version, and leaves the others', async () => {
      const ids = ['m1', 'm2', 'm3'];
      await a().insertMany(ids.map((id) => ({ id, body: mark(1) })));
      const read = await a().find({ where: {}, sort: [['_id', 1]], limit: 9 });
      const changes = read.map((current, n) => ({ current, change: { count: 10 + n } }));
      if (read[1]) await a().compareAndSet(read[1], { count: 5 });
      expect(await a().compareAndSetMany(changes)).toBe(2);
      expect(await a().compareAndSetMany(changes)).toBe(0);
      expect(await a().compareAndSetMany([])).toBe(0);
      expect(await collection.scoped('b').compareAndSetMany(changes)).toBe(0);
      const now = await a().find({ where: {}, sort: [['_id', 1]], limit: 9 });
      expect(now.map(({ count, version }) => [count, version])).toEqual([
        [10, 2],
        [5, 2],
        [12, 2],
      ]);
    });

    it('marks many at a time, only those there are', async () => {
      await a().insertMany(['m1', 'm2', 'm3'].map((id) => ({ id, body: mark(1) })));
      expect(await a().updateMany(['m1', 'm3', 'm3', 'm9'], { color: 'blue' })).toBe(2);
      expect(await a().updateMany([], { color: 'blue' })).toBe(0);
      const blue = await a().find({ where: { color: 'blue' }, sort: [['_id', 1]], limit: 9 });
      expect(blue.map(({ _id, version }) => [_id, version])).toEqual([
        ['m1', 2],
        ['m3', 2],
      ]);
    });

    it('refuses what does not fit the definition, also in the middle of many, and writes none of those', async () => {
      const misfits: readonly [unknown, RegExp][] = [
        [{ color: 'green', count: 1 }, /color is none of red, blue/],
        [{ color: 'red', count: -1 }, /count is less than 0/],
        [{ color: 'red', count: Number.NaN }, /count is no Number/],
        [{ color: 'red' }, /count is required/],
        [{ color: null, count: 1 }, /color is required/],
        [{ color: 'red', count: '1' }, /count is no Number/],
        [{ color: 'red', count: 1, tenant: 'b' }, /tenant is not declared/],
      ];
      for (const [body, reason] of misfits) {
        const wrong = body as ReturnType<typeof mark>;
        await expect(a().insertOnce('m1', wrong)).rejects.toThrow(reason);
        const rows = [
          { id: 'm2', body: mark(1) },
          { id: 'm3', body: wrong },
        ];
        await expect(a().insertMany(rows)).rejects.toThrow(reason);
      }
      expect(await a().count({})).toBe(0);
    });

    it('refuses an id that is no text', async () => {
      for (const id of ['', { $gt: '' }, null, 7])
        await expect(a().insertOnce(id as string, mark(1))).rejects.toThrow(/is no id/);
      expect(await a().count({})).toBe(0);
    });

    it.each(hostileValues)('never finds by a hostile id: %j', async (id) => {
      await a().insertOnce('m1', mark(1));
      const outcome = await a()
        .get(id as string)
        .catch(() => null);
      expect(outcome).toBeNull();
      expect(
        await a()
          .updateMany([id as string], { count: 9 })
          .catch(() => 0),
      ).toBe(0);
      expect((await a().get('m1'))?.count).toBe(1);
    });
  });
}
