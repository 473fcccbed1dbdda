// The verbs of the audit log through the dispatcher: who may, what is found, and that looking leaves a row itself.
import { describe, expect, it } from 'vitest';
import { createDispatcher } from '../../src/core/dispatcher.ts';
import type { Role } from '../../src/core/permissions.ts';
import { auditOperations } from '../../src/features/audit/operations.ts';
import { stores } from '../support/stores.ts';
import { auditWorld, ctxOf, entryOf, noon } from './audit-world.ts';

describe.each(stores)('the audit verbs over $name', ({ create }) => {
  async function room() {
    const world = auditWorld(await create());
    const { audit } = world;
    const dispatcher = createDispatcher({
      operations: auditOperations,
      services: { audit },
      auditDirectly: audit.recordDirectly,
    });
    const run = async (operation: string, raw: unknown, role: Role = 'manager', tenant = 'a') => {
      const { operation: _, ...ctx } = ctxOf(tenant, noon);
      const actor = { ...ctx.actor, role };
      return dispatcher.run({ operation, raw, ctx: { ...ctx, actor } });
    };
    const ids = async (raw: object) => {
      const { output } = await run('audit.list', raw);
      return (output as { rows: { id: string }[] }).rows.map(({ id }) => id);
    };
    return { ...world, run, ids };
  }

  it('lists the newest first and counts all', async () => {
    const { relay, run, pass } = await room();
    await relay('r', 2);
    pass(1000);
    await relay('s', 1);
    const { output, reply } = await run('audit.list', { limit: 2 });
    expect(output).toMatchObject({ total: 3, rows: [{ id: 's1' }, { id: 'r2' }] });
    expect(reply.blocks[0]).toMatchObject({ text: 'The newest 2 of 3 audit rows' });
  });

  it('filters by person, by thing and by time, named or in one word', async () => {
    const { audit, ids, relay } = await room();
    await relay('r', 1);
    const old = new Date(noon.getTime() - 3 * 86_400_000);
    const ravi = { kind: 'person', id: 'usr_2', name: 'Ravi' } as const;
    const entry = { ...entryOf('x'), actor: ravi, operation: 'people.invite', target: 'usr_3' };
    await audit.insertRows([{ id: 'old', tenant: 'a', at: old, entry }]);
    expect(await ids({ who: 'RAVI' })).toEqual(['old']);
    expect(await ids({ who: 'usr_2' })).toEqual(['old']);
    expect(await ids({ about: 'Ravi' })).toEqual(['old']);
    expect(await ids({ what: 'people' })).toEqual(['old']);
    expect(await ids({ about: 'people' })).toEqual(['old']);
    expect(await ids({ about: 'nothing' })).toEqual([]);
    expect(await ids({ about: 'people.invite' })).toEqual(['old']);
    expect(await ids({ about: 'tsk_1' })).toEqual(['r1']);
    expect(await ids({ what: 'task.add', who: 'ravi' })).toEqual([]);
    expect(await ids({ since: '2026-03-02', what: 'task' })).toEqual(['r1']);
    expect(await ids({ about: 'last 2 days', what: 'people' })).toEqual([]);
    expect(await ids({ about: 'last 4 days', what: 'people' })).toEqual(['old']);
  });

  it('leaves a row for every look, and for every look that was refused', async () => {
    const { run, ids } = await room();
    await run('audit.list', {});
    await run('audit.verify', {});
    await expect(run('audit.list', {}, 'user')).rejects.toMatchObject({ code: 'permission.denied' });
    const { output } = await run('audit.list', { what: 'audit' });
    const rows = (output as { rows: { operation: string; outcome: string }[] }).rows;
    expect(rows.map(({ operation, outcome }) => `${operation} ${outcome}`).sort()).toEqual([
      'audit.list denied',
      'audit.list read',
      'audit.verify read',
    ]);
    expect(await ids({ what: 'audit' })).toHaveLength(4);
  });

  it('refuses a time and a head that are none, and shows ones that are', async () => {
    const { run } = await room();
    await expect(run('audit.list', { since: 'whenever' })).rejects.toThrow(
      /since: “whenever” is no time.*7d/,
    );
    await expect(run('audit.verify', { head: '12' })).rejects.toThrow(/head: “12” is no head/);
  });

  it('says that the chain holds, and what is wrong when it does not', async () => {
    const { audit, parts, relay, run } = await room();
    await relay('r', 3);
    await audit.seal('a');
    const good = await run('audit.verify', {});
    expect(good.output).toMatchObject({ holds: true, blocks: 1, rows: 3, problems: [] });
    expect(good.reply).toMatchObject({ status: 'ok' });
    await parts.rows.scoped('a').updateMany(['r2'], { actorId: 'usr_9' });
    const bad = await run('audit.verify', { head: `7:${'0'.repeat(64)}` });
    expect(bad.reply).toMatchObject({ status: 'act' });
    expect(bad.output).toMatchObject({
      holds: false,
      problems: [
        { kind: 'row_altered', row: 'r2' },
        { kind: 'tail_cut', block: 7 },
      ],
    });
  });

  it('never shows the rows of another tenant', async () => {
    const { relay, run } = await room();
    await relay('r', 3, 'a');
    const { output } = await run('audit.list', {}, 'manager', 'b');
    expect(output).toMatchObject({ total: 0, rows: [] });
  });
});
