// Sealing: every row stands in exactly one block, whoever races and whenever a sealer dies.
import { describe, expect, it } from 'vitest';
import { sealTenant } from '../../src/features/audit/sealer.ts';
import { Killed, Life, livedBy } from '../support/killed-store.ts';
import { stores } from '../support/stores.ts';
import { auditWorld } from './audit-world.ts';

describe.each(stores)('the sealer over $name', ({ create }) => {
  const world = async () => auditWorld(await create());

  it('seals every row once, in blocks that follow each other', async () => {
    const { audit, relay, parts } = await world();
    await relay('r', 1_203);
    expect(await audit.seal('a')).toBe(1_203);
    expect(await audit.seal('a')).toBe(0);
    const report = await audit.verify('a');
    expect(report).toMatchObject({ blocks: 3, rows: 1_203, open: 0, problems: [] });
    const blocks = await parts.blocks.scoped('a').find({ where: {}, sort: [['n', 1]], limit: 9 });
    expect(blocks.map(({ n, rows }) => [n, rows.length])).toEqual([
      [1, 500],
      [2, 500],
      [3, 203],
    ]);
    expect(await audit.head('a')).toEqual({ n: 3, hash: blocks[2]?.hash });
  });

  it('lets four sealers and a writer race and loses or doubles no row', async () => {
    const { audit, relay } = await world();
    const write = async () => {
      for (let n = 0; n < 12; n += 1) await relay(`w${n}-`, 25);
    };
    let writing = true;
    const sealWhileWriting = async () => {
      let sealed = 0;
      while (writing) {
        sealed += await audit.seal('a');
        await new Promise((resolve) => setImmediate(resolve));
      }
      return sealed + (await audit.seal('a'));
    };
    const sealers = [1, 2, 3, 4].map(sealWhileWriting);
    await write();
    writing = false;
    const counts = await Promise.all(sealers);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300);
    expect(await audit.verify('a')).toMatchObject({ rows: 300, open: 0, problems: [] });
  });

  it('finishes what a sealer left that was killed between any two steps', async () => {
    let deaths = 0;
    for (const moment of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const { audit, relay, parts } = await world();
        await relay('old', 3);
        await audit.seal('a');
        await relay('new', 4);
        const life = new Life(at, moment);
        const dying = { ...parts, rows: livedBy(life, parts.rows), blocks: livedBy(life, parts.blocks) };
        const death = await sealTenant(dying, 'a').catch((thrown: unknown) => thrown);
        await relay('late', 2);
        await audit.seal('a');
        expect(await audit.verify('a')).toMatchObject({ rows: 9, open: 0, problems: [] });
        if (!(death instanceof Killed)) break;
        deaths += 1;
      }
    }
    expect(deaths).toBeGreaterThanOrEqual(12);
  });

  it('seals every tenant in a chain of its own', async () => {
    const { audit, relay } = await world();
    await relay('a', 2, 'a');
    await relay('b', 3, 'b');
    expect(await audit.sealAll()).toBe(5);
    expect(await audit.verify('a')).toMatchObject({ blocks: 1, rows: 2, problems: [] });
    expect(await audit.verify('b')).toMatchObject({ blocks: 1, rows: 3, problems: [] });
    expect((await audit.head('a'))?.hash).not.toBe((await audit.head('b'))?.hash);
  });

  it('keeps a row that the relay brings again, sealed as it was', async () => {
    const { audit, relay } = await world();
    await relay('r', 2);
    await audit.seal('a');
    await relay('r', 3);
    expect(await audit.seal('a')).toBe(1);
    expect(await audit.verify('a')).toMatchObject({ rows: 3, open: 0, problems: [] });
  });
});
