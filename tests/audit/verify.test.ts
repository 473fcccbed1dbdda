// Verifying: every way to tamper with the log or its chain is found and named, and an honest log is not accused.
import { describe, expect, it } from 'vitest';
import type { AuditBlock } from '../../models/audit-block.ts';
import type { AuditRow } from '../../models/audit-log.ts';
import type { Body, RecordCollection, Stored } from '../../src/core/store.ts';
import { blockHash } from '../../src/features/audit/chain.ts';
import { verifyChain } from '../../src/features/audit/verify.ts';
import { stores } from '../support/stores.ts';
import { auditWorld } from './audit-world.ts';

/** The collection with some of its records gone, as if somebody had deleted them behind our back. */
function without<T extends Stored>(
  collection: RecordCollection<T>,
  gone: readonly string[],
): RecordCollection<T> {
  return {
    ...collection,
    scoped(tenant) {
      const records = collection.scoped(tenant);
      const left = async () => {
        const all = await records.find({ where: {}, limit: 10_000 });
        return new Set(all.map(({ _id }) => _id).filter((id) => !gone.includes(id)));
      };
      return {
        ...records,
        get: async (id) => (gone.includes(id) ? null : records.get(id)),
        find: async (query) => {
          const ids = await left();
          const found = await records.find({ ...query, limit: 10_000 });
          return found.filter(({ _id }) => ids.has(_id)).slice(0, query.limit);
        },
        count: async (where) => {
          const ids = await left();
          return (await records.find({ where, limit: 10_000 })).filter(({ _id }) => ids.has(_id)).length;
        },
      };
    },
  };
}

describe.each(stores)('verify over $name', ({ create }) => {
  /** Three blocks of three rows: r1 … r3, s1 … s3, t1 … t3. */
  async function chained() {
    const world = auditWorld(await create());
    for (const prefix of ['r', 's', 't']) {
      await world.relay(prefix, 3);
      await world.audit.seal('a');
    }
    return world;
  }

  async function alter<T extends Stored>(
    collection: RecordCollection<T>,
    id: string,
    change: Partial<Body<T>>,
  ): Promise<void> {
    expect(await collection.scoped('a').updateMany([id], change)).toBe(1);
  }

  it('finds nothing in an honest log', async () => {
    const { audit } = await chained();
    const head = await audit.head('a');
    expect(await audit.verify('a', head ? [head] : [])).toEqual({
      blocks: 3,
      rows: 9,
      open: 0,
      head,
      problems: [],
    });
  });

  const alterations: readonly Partial<Body<AuditRow>>[] = [
    { actorId: 'usr_2' },
    { at: new Date(0) },
    { outcome: 'read' },
    { after: { status: 'done' } },
    { after: null },
    { reason: 'because' },
    { what: [] },
  ];
  it.each(alterations)('finds a row that was altered: %j', async (change) => {
    const { audit, parts } = await chained();
    await alter(parts.rows, 's2', change);
    expect((await audit.verify('a')).problems).toEqual([{ kind: 'row_altered', block: 2, row: 's2' }]);
  });

  it('finds a row that was removed', async () => {
    const { parts } = await chained();
    const report = await verifyChain({ ...parts, rows: without(parts.rows, ['s2']) }, 'a');
    expect(report.problems).toEqual([{ kind: 'row_removed', block: 2, row: 's2' }]);
  });

  it('finds a block that was removed from the middle, and the rows that lost their seal', async () => {
    const { parts } = await chained();
    const { problems } = await verifyChain({ ...parts, blocks: without(parts.blocks, ['a:2']) }, 'a');
    expect(problems.filter(({ row }) => row === '')).toEqual([{ kind: 'block_removed', block: 2, row: '' }]);
    expect(problems.filter(({ kind }) => kind === 'row_unchained').map(({ row }) => row)).toEqual([
      's1',
      's2',
      's3',
    ]);
  });

  it('finds a block whose rows were cut out together with them', async () => {
    const { parts } = await chained();
    const block = await parts.blocks.scoped('a').get('a:2');
    await alter(parts.blocks, 'a:2', { rows: (block?.rows ?? []).filter(({ id }) => id !== 's2') });
    const { problems } = await verifyChain({ ...parts, rows: without(parts.rows, ['s2']) }, 'a');
    expect(problems).toEqual([{ kind: 'block_altered', block: 2, row: '' }]);
  });

  it('finds a block that was sealed again with another key', async () => {
    const { parts, audit } = await chained();
    const block = await parts.blocks.scoped('a').get('a:3');
    if (!block) throw new Error('no block');
    const forged: AuditBlock = { ...block, rows: block.rows.slice(0, 2) };
    await alter(parts.blocks, 'a:3', { rows: forged.rows, hash: blockHash('a guessed key', forged) });
    expect((await audit.verify('a')).problems.map(({ kind, block: n }) => [kind, n])).toContainEqual([
      'block_altered',
      3,
    ]);
  });

  it('finds a cut tail by the rows that it leaves behind', async () => {
    const { parts } = await chained();
    const { problems } = await verifyChain({ ...parts, blocks: without(parts.blocks, ['a:3']) }, 'a');
    expect(problems.map(({ kind, row }) => [kind, row])).toEqual([
      ['row_unchained', 't1'],
      ['row_unchained', 't2'],
      ['row_unchained', 't3'],
    ]);
  });

  it('finds a tail that was cut cleanly only against the head that was posted', async () => {
    const { parts, audit } = await chained();
    const head = await audit.head('a');
    const cut = {
      ...parts,
      rows: without(parts.rows, ['t1', 't2', 't3']),
      blocks: without(parts.blocks, ['a:3']),
    };
    expect((await verifyChain(cut, 'a')).problems).toEqual([]);
    expect((await verifyChain(cut, 'a', head ? [head] : [])).problems).toEqual([
      { kind: 'tail_cut', block: 3, row: '' },
    ]);
  });

  it('tells of a row that has been open for over a minute, and not before', async () => {
    const world = await chained();
    await world.relay('u', 1);
    expect(await world.audit.verify('a')).toMatchObject({ open: 1, problems: [] });
    world.pass(60_001);
    expect((await world.audit.verify('a')).problems).toEqual([{ kind: 'row_unsealed', block: 0, row: 'u1' }]);
  });

  it('accuses nobody while rows come in and are sealed', async () => {
    const world = await chained();
    const busy = async () => {
      for (let n = 0; n < 10; n += 1) {
        await world.relay(`v${n}-`, 7);
        await world.audit.seal('a');
      }
    };
    const reports: unknown[] = [];
    const watch = async () => {
      for (let n = 0; n < 10; n += 1) reports.push(...(await world.audit.verify('a')).problems);
    };
    await Promise.all([busy(), watch(), watch()]);
    expect(reports).toEqual([]);
  });
});
