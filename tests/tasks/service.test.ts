import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import { tasks } from '../../models/task.ts';
import { createTaskService } from '../../src/features/tasks/service.ts';
import { asha, ravi, testCtx } from '../support/context.ts';

const newService = () => {
  const collection = createMemoryStore().facts(tasks);
  return { service: createTaskService({ tasks: collection }), collection };
};

const receipt = { title: 'Wallet receipt is missing', category: 'wallet', priority: 'high' } as const;

describe('tasks', () => {
  it('adds one task however often the same effect is run', async () => {
    const { service } = newService();
    const ctx = testCtx();

    const first = await service.add(ctx, receipt);
    const again = await service.add(ctx, receipt);

    expect(again._id).toBe(first._id);
    expect((await service.list(ctx, 'all', 10)).total).toBe(1);
  });

  it('leaves one audit row with every change', async () => {
    const { service } = newService();
    const task = await service.add(testCtx(), receipt);
    const taken = await service.take(testCtx({ actor: ravi }), task._id);

    const entries = taken.outbox.map((item) => item.content.kind === 'audit' && item.content.entry);
    expect(entries).toHaveLength(2);
    expect(entries[1]).toMatchObject({
      actor: { id: ravi.id },
      target: task._id,
      before: { status: 'open' },
      after: { status: 'taken' },
    });
  });

  it('lets one of two people take a task, and tells the other who holds it', async () => {
    const { service } = newService();
    const task = await service.add(testCtx(), receipt);

    await service.take(testCtx({ actor: asha }), task._id);

    await expect(service.take(testCtx({ actor: ravi }), task._id)).rejects.toMatchObject({
      code: 'record.conflict',
      publicMessage: expect.stringContaining('Asha'),
    });
  });

  it('gives a race of twenty people exactly one holder', async () => {
    const { service } = newService();
    const task = await service.add(testCtx(), receipt);
    const people = Array.from({ length: 20 }, (_, n) => ({ ...ravi, id: `usr_${n}`, name: `Person ${n}` }));

    const outcomes = await Promise.allSettled(
      people.map((actor) => service.take(testCtx({ actor }), task._id)),
    );

    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  it('returns the first outcome when a finished effect is repeated after others changed the task', async () => {
    const { service } = newService();
    const task = await service.add(testCtx(), receipt);
    const taking = testCtx({ actor: ravi });
    await service.take(taking, task._id);
    await service.finish(testCtx(), task._id, 'sent again');

    const repeated = await service.take(taking, task._id);

    expect(repeated.status).toBe('done');
    expect(repeated.history).toHaveLength(3);
  });

  it('refuses to change what is done or dropped', async () => {
    const { service } = newService();
    const task = await service.add(testCtx(), receipt);
    await service.drop(testCtx(), task._id, 'duplicate');

    await expect(service.finish(testCtx(), task._id, '')).rejects.toMatchObject({ code: 'record.conflict' });
  });

  it('finds a task by the beginning of its id, and refuses a beginning of several', async () => {
    const { service } = newService();
    const one = await service.add(testCtx(), receipt);
    await service.add(testCtx(), receipt);

    expect((await service.take(testCtx(), one._id.slice(0, 14)))._id).toBe(one._id);
    await expect(service.take(testCtx(), 'tsk_')).rejects.toMatchObject({ code: 'record.conflict' });
    await expect(service.take(testCtx(), 'tsk_nothing')).rejects.toMatchObject({ code: 'record.not_found' });
  });

  it('lists the most pressing first and one tenant alone', async () => {
    const { service } = newService();
    await service.add(testCtx(), { ...receipt, title: 'later', priority: 'low' });
    await service.add(testCtx(), { ...receipt, title: 'now', priority: 'critical' });
    await service.add(testCtx({ tenant: 'other' }), { ...receipt, title: 'foreign' });

    const { tasks: listed, total } = await service.list(testCtx(), 'pending', 10);

    expect(listed.map((task) => task.title)).toEqual(['now', 'later']);
    expect(total).toBe(2);
  });
});

describe('the import of findings', () => {
  const options = { dryRun: false, acceptGood: false };
  const markdown =
    '# Wallet\n- [ ] Receipts are missing (high)\n- [x] Old one\n\n# Feed\n1. Jumpy leaderboard [low]\n';

  it('takes Markdown with headings as categories and marks as priorities', async () => {
    const { service } = newService();

    const outcome = await service.importFindings(testCtx(), markdown, options);

    expect(outcome).toMatchObject({ read: 3, added: 3, known: 0 });
    const { tasks: pending } = await service.list(testCtx(), 'pending', 10);
    expect(pending.map(({ title, category, priority }) => [title, category, priority])).toEqual([
      ['Receipts are missing', 'Wallet', 'high'],
      ['Jumpy leaderboard', 'Feed', 'low'],
    ]);
  });

  it('changes nothing when the same findings come again, also in another form', async () => {
    const { service } = newService();
    await service.importFindings(testCtx(), markdown, options);

    const again = await service.importFindings(testCtx(), markdown, options);
    const asCsv = await service.importFindings(
      testCtx(),
      'title,category\nreceipts  are missing,Wallet\n',
      options,
    );

    expect([again.added, asCsv.added]).toEqual([0, 0]);
  });

  it('refuses the whole file for one bad line and names it', async () => {
    const { service } = newService();

    const csv = 'title,priority\nGood,high\n,low\nAlso good,urgent\n';
    await expect(service.importFindings(testCtx(), csv, options)).rejects.toMatchObject({
      code: 'input.bad_file',
      fields: [{ field: 'line 3' }, { field: 'line 4', problem: expect.stringContaining('critical, high') }],
    });

    expect((await service.list(testCtx(), 'all', 10)).total).toBe(0);
    expect(await service.importFindings(testCtx(), csv, { ...options, acceptGood: true })).toMatchObject({
      added: 1,
    });
  });

  it('says what would change without changing it', async () => {
    const { service } = newService();

    expect(await service.importFindings(testCtx(), markdown, { ...options, dryRun: true })).toMatchObject({
      added: 3,
    });
    expect((await service.list(testCtx(), 'all', 10)).total).toBe(0);
  });

  it.each([['{"a":'], ['[1,2'], ['title\n"open'], [''], ['\u0000\u0001'], ['[{"title":{"$gt":""}}]']])(
    'refuses %j with an error that names what is wrong',
    async (text) => {
      const { service } = newService();

      await expect(service.importFindings(testCtx(), text, options)).rejects.toMatchObject({
        code: 'input.bad_file',
      });
    },
  );
});
