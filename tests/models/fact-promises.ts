// What every store promises of facts: once, one winner, history, and items that only the relay takes away.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../models/store.ts';
import { UniqueConflict } from '../../models/unique-conflict.ts';
import type { FactCollection } from '../../src/core/store.ts';
import { withTenant } from '../../src/core/tenant.ts';
import { hostileValues, type Note, note, notes, t0, traceFor } from './samples.ts';

const later = (seconds: number): Date => new Date(t0.getTime() + seconds * 1000);

export function factPromises(create: () => Promise<Store>): void {
  let collection: FactCollection<Note>;
  beforeEach(async () => {
    collection = (await create()).facts(notes);
  });
  const a = () => collection.scoped('a');

  describe('facts', () => {
    it('writes body, bookkeeping, history and items in one document', async () => {
      const { record, inserted } = await a().insertOnce('n1', note('one'), traceFor('e1', ['x', 'y']));
      expect(inserted).toBe(true);
      expect(record).toEqual({
        _id: 'n1',
        tenant: 'a',
        version: 1,
        createdAt: t0,
        updatedAt: t0,
        ...note('one'),
        history: [traceFor('e1').history],
        outbox: [
          { id: 'n1:1:0', at: t0, content: traceFor('e', ['x']).items[0] },
          { id: 'n1:1:1', at: t0, content: traceFor('e', ['y']).items[0] },
        ],
      });
      expect(await a().get('n1')).toEqual(record);
    });

    it('keeps the first outcome when an insert is run again', async () => {
      const first = await a().insertOnce('n1', note('one'), traceFor('e1', ['x']));
      const again = await a().insertOnce('n1', note('other'), traceFor('e1', ['x']));
      expect(again).toEqual({ record: first.record, inserted: false });
    });

    it('lets one of 20 rival inserts win', async () => {
      const rivals = Array.from({ length: 20 }, (_, n) =>
        a().insertOnce('n1', note('one', { rank: n }), traceFor(`e${n}`)),
      );
      const outcomes = await Promise.all(rivals);
      expect(outcomes.filter(({ inserted }) => inserted)).toHaveLength(1);
      expect(new Set(outcomes.map(({ record }) => record.rank)).size).toBe(1);
    });

    it('lets one of 20 rivals on one version win', async () => {
      const { record } = await a().insertOnce('n1', note('one'), traceFor('e1'));
      const rivals = Array.from({ length: 20 }, (_, n) =>
        a().compareAndSet(record, { rank: n }, traceFor(`r${n}`, ['x'])),
      );
      const winners = (await Promise.all(rivals)).filter((outcome) => outcome !== null);
      expect(winners).toHaveLength(1);
      const stored = await a().get('n1');
      expect(stored).toEqual(winners[0]);
      expect(stored).toMatchObject({ version: 2, outbox: [{ id: 'n1:2:0' }] });
      expect(stored?.history).toHaveLength(2);
    });

    it('changes only the fields given and says when', async () => {
      const { record } = await a().insertOnce('n1', note('one', { payload: { deep: [1] } }), traceFor('e1'));
      const changed = await a().compareAndSet(record, { dueAt: later(9) }, traceFor('e2', [], later(5)));
      expect(changed).toEqual({
        ...record,
        version: 2,
        dueAt: later(9),
        updatedAt: later(5),
        history: [...record.history, traceFor('e2', [], later(5)).history],
      });
    });

    it('changes nothing for a version that has passed, and nothing for a record that is not there', async () => {
      const { record } = await a().insertOnce('n1', note('one'), traceFor('e1'));
      await a().compareAndSet(record, { rank: 2 }, traceFor('e2'));
      expect(await a().compareAndSet(record, { rank: 3 }, traceFor('e3'))).toBeNull();
      expect(await a().compareAndSet({ ...record, _id: 'n9' }, { rank: 3 }, traceFor('e4'))).toBeNull();
      expect((await a().get('n1'))?.rank).toBe(2);
    });

    it('keeps the newest 200 history entries', async () => {
      let { record } = await a().insertOnce('n1', note('one'), traceFor('e0'));
      for (let n = 1; n <= 205; n += 1) {
        const changed = await a().compareAndSet(record, { rank: n }, traceFor(`e${n}`));
        record = changed ?? record;
      }
      expect(record.version).toBe(206);
      expect(record.history).toHaveLength(200);
      expect(record.history[0]?.effectKey).toBe('e6');
      expect(record.history.at(-1)?.effectKey).toBe('e205');
    });

    it('refuses a second holder of a unique key, at insert and at change, and names the index', async () => {
      await a().insertOnce('n1', note('one'), traceFor('e1'));
      const second = await a().insertOnce('n2', note('two'), traceFor('e2'));
      const rivals = [
        () => a().insertOnce('n3', note('one'), traceFor('e3')),
        () => a().compareAndSet(second.record, { title: 'one' }, traceFor('e4')),
      ];
      for (const rival of rivals) {
        const refusal = await rival().catch((thrown: unknown) => thrown);
        expect(refusal).toBeInstanceOf(UniqueConflict);
        expect(refusal).toMatchObject({ code: 'record.conflict', index: 'tenant_title' });
      }
      expect((await a().get('n2'))?.version).toBe(1);
      expect(await a().get('n3')).toBeNull();
    });

    it('gives a unique key free when its holder lets go of it', async () => {
      const { record } = await a().insertOnce('n1', note('one'), traceFor('e1'));
      await a().compareAndSet(record, { title: 'renamed' }, traceFor('e2'));
      expect((await a().insertOnce('n2', note('one'), traceFor('e3'))).inserted).toBe(true);
    });

    it.each(hostileValues)(
      'stores a hostile payload as it is and believes none of it: %j',
      async (payload) => {
        const { record } = await a().insertOnce('n1', note('one', { payload }), traceFor('e1'));
        expect(JSON.stringify(record.payload)).toBe(JSON.stringify(payload));
        const changed = await a().compareAndSet(record, { payload: [payload] }, traceFor('e2'));
        expect(JSON.stringify(changed?.payload)).toBe(JSON.stringify([payload]));
        const stored = await a().get('n1');
        expect(JSON.stringify(stored?.payload)).toBe(JSON.stringify([payload]));
        expect(stored?.tenant).toBe('a');
      },
    );

    it.each(hostileValues.filter((value) => typeof value === 'object'))(
      'refuses a hostile value in a field of another type: %j',
      async (value) => {
        const { record } = await a().insertOnce('n1', note('one'), traceFor('e1'));
        const title = value as unknown as string;
        await expect(a().insertOnce('n2', note(title), traceFor('e2'))).rejects.toThrow(/title is no String/);
        await expect(a().compareAndSet(record, { title }, traceFor('e3'))).rejects.toThrow(
          /title is no String/,
        );
        expect(await a().count({})).toBe(1);
      },
    );

    it('refuses what a database cannot hold, in a payload and in what is to be delivered', async () => {
      const { record } = await a().insertOnce('n1', note('one'), traceFor('e1'));
      let deep: unknown = 1;
      for (let depth = 0; depth < 200; depth += 1) deep = { deep };
      for (const wrong of [
        deep,
        { _bsontype: 'ObjectId', id: 'x' },
        { 'a\0b': 1 },
        () => 1,
        [new Map()],
        5n,
      ]) {
        const payload = { inside: wrong };
        const refused = { code: 'input.invalid' };
        await expect(a().insertOnce('n2', note('two', { payload }), traceFor('e2'))).rejects.toMatchObject(
          refused,
        );
        await expect(a().compareAndSet(record, { payload }, traceFor('e3'))).rejects.toMatchObject(refused);
        const event = { type: 'x', version: 1, payload };
        const items = [{ kind: 'send', destination: 'd', body: { kind: 'event', event } }] as const;
        const trace = { ...traceFor('e4'), items };
        await expect(a().compareAndSet(record, { rank: 2 }, trace)).rejects.toMatchObject(refused);
      }
      expect(await a().find({ where: {}, limit: 9 })).toEqual([record]);
    });

    it('refuses a field that is not declared, and the bookkeeping from outside', async () => {
      const { record } = await a().insertOnce('n1', note('one'), traceFor('e1'));
      for (const extra of [
        { tenant: 'b' },
        { version: 9 },
        { outbox: [] },
        { $set: { rank: 2 } },
        { colour: 'red' },
      ]) {
        await expect(a().insertOnce('n2', { ...note('two'), ...extra }, traceFor('e2'))).rejects.toThrow(
          /is not declared/,
        );
        await expect(a().compareAndSet(record, extra as Partial<Note>, traceFor('e3'))).rejects.toThrow(
          /is not declared/,
        );
      }
      expect(await a().find({ where: {}, limit: 9 })).toEqual([record]);
    });

    it('hands out copies: no caller holds a reference into the store', async () => {
      const payload = { deep: ['kept'] };
      const { record } = await a().insertOnce('n1', note('one', { payload }), traceFor('e1', ['x']));
      payload.deep.push('after');
      (record.payload as typeof payload).deep.push('after');
      record.history[0]?.at.setFullYear(1999);
      for (const found of [await a().get('n1'), ...(await a().find({ where: {}, limit: 1 }))])
        expect(found).toMatchObject({ payload: { deep: ['kept'] }, history: [{ at: t0 }] });
    });
  });

  describe('pending items', () => {
    it('shows what is due, of every tenant, and no more than asked for', async () => {
      await a().insertOnce('n1', note('one'), traceFor('e1', ['x']));
      await collection.scoped('b').insertOnce('n2', note('one'), traceFor('e2', ['y'], later(10)));
      await a().insertOnce('n3', note('three'), traceFor('e3'));
      const due = await collection.pending.due(t0, 10);
      expect(due.map(({ _id, tenant }) => [_id, tenant])).toEqual([['n1', 'a']]);
      expect(due[0]?.outbox.map(({ id }) => id)).toEqual(['n1:1:0']);
      expect(await collection.pending.due(later(10), 10)).toHaveLength(2);
      expect(await collection.pending.due(later(10), 1)).toHaveLength(1);
    });

    it('removes what was handed on and keeps what was pushed meanwhile', async () => {
      const { record } = await a().insertOnce('n1', note('one'), traceFor('e1', ['x']));
      const taken = await collection.pending.due(t0, 10);
      await a().compareAndSet(record, { rank: 2 }, traceFor('e2', ['y']));
      await collection.pending.remove(taken);
      await collection.pending.remove(taken);
      const left = await collection.pending.due(t0, 10);
      expect(left.flatMap(({ outbox }) => outbox.map(({ id }) => id))).toEqual(['n1:2:0']);
      expect((await a().get('n1'))?.version).toBe(2);
      await collection.pending.remove(left);
      expect(await collection.pending.due(t0, 10)).toEqual([]);
    });

    it('serves the relay whoever’s work woke it', async () => {
      await collection.scoped('b').insertOnce('n1', note('one'), traceFor('e1', ['x']));
      await withTenant('a', async () => collection.pending.remove(await collection.pending.due(t0, 10)));
      expect(await collection.pending.due(t0, 10)).toEqual([]);
    });

    it('never removes the items of another tenant', async () => {
      await a().insertOnce('n1', note('one'), traceFor('e1', ['x']));
      const taken = await collection.pending.due(t0, 10);
      await collection.pending.remove(taken.map((fact) => ({ ...fact, tenant: 'b' })));
      expect(await collection.pending.due(t0, 10)).toEqual(taken);
    });
  });
}
