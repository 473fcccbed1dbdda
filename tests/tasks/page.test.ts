// Guarantees of the page of tasks: how many are pending at a glance, and each with what this person may do about it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formsTo, type PageWorld, pageWorld, press, wordsOn } from '../support/page-world.ts';

const HERE = '/admin/pending';

let world: PageWorld;
beforeEach(async () => {
  world = await pageWorld();
});
afterEach(() => world.close());

const add = (title: string, priority: 'critical' | 'medium' = 'medium') =>
  world.services.tasks.add(world.ctx(), { title, category: 'payments', priority });

describe('the page of tasks', () => {
  it('says 0 TASKS PENDING when it is so', async () => {
    const done = await add('Old one');
    await world.services.tasks.finish(world.ctx(), done._id, 'sent');
    const shown = wordsOn((await (await world.signedIn('viewer')).get(HERE)).text);

    expect(shown).toContain('● 0 TASKS PENDING');
    expect(shown).toContain('Nothing is pending.');
  });

  it('lists them by priority with category, status, owner and age', async () => {
    await add('Later');
    const first = await add('At once', 'critical');
    await world.services.tasks.take(world.ctx(), first._id);
    world.clock.advance(3 * 3_600_000);
    const shown = wordsOn((await (await world.signedIn('viewer')).get(HERE)).text);

    expect(shown).toContain('▲ 2 TASKS PENDING');
    expect(shown).toMatch(/At once tsk_\S+ \S+ payments ■ critical Taken Asha 3 h ago .* Later/);
  });

  it('shows other views by a plain form in the address', async () => {
    const dropped = await add('Duplicate');
    await world.services.tasks.drop(world.ctx(), dropped._id, 'seen twice');
    const viewer = await world.signedIn('viewer');

    expect(wordsOn((await viewer.get(`${HERE}?view=dropped`)).text)).toContain('Duplicate seen twice');
    expect(wordsOn((await viewer.get(`${HERE}?view=mine`)).text)).toContain('You hold no task.');
    expect(wordsOn((await viewer.get(`${HERE}?view=nonsense`)).text)).toContain('Nothing is pending.');
  });

  it('goes on over fifty', async () => {
    for (let n = 0; n < 51; n += 1) await add(`Task ${n}`);
    const viewer = await world.signedIn('viewer');

    expect(wordsOn((await viewer.get(HERE)).text)).toContain('1–50 of 51');
    expect(wordsOn((await viewer.get(`${HERE}?page=2`)).text)).toContain('51–51 of 51');
  });

  it('gives a viewer nothing to press, and refuses what a viewer forges', async () => {
    const task = await add('Hands off');
    const viewer = await world.signedIn('viewer');
    const { text } = await viewer.get(HERE);
    expect(text).not.toContain('/admin/operations/task.');
    const [form] = formsTo((await (await world.signedIn('user')).get(HERE)).text, 'task.done');
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';

    expect((await viewer.post('/admin/operations/task.done', { ...form, _csrf })).status).toBe(403);
    const [left] = (await world.services.tasks.list(world.ctx(), 'pending', 10)).tasks;
    expect([left?._id, left?.status]).toEqual([task._id, 'open']);
  });
});

describe('its buttons, without script', () => {
  it('take, finish and drop a task; dropping asks why first', async () => {
    await add('Receipts');
    const user = await world.signedIn('user', 'Ravi');
    expect(await press(user, HERE, 'task.take')).toEqual({ status: 303, location: HERE });
    expect(wordsOn((await user.get(HERE)).text)).toMatch(/Receipts is held by Ravi/);
    await press(user, HERE, 'task.drop');
    expect((await user.get(HERE)).text).toContain('role="alert"');
    expect((await world.services.tasks.list(world.ctx(), 'pending', 1)).total).toBe(1);
    await press(user, HERE, 'task.drop', { reason: 'Duplicate' });
    expect(wordsOn((await user.get(HERE)).text)).toContain('0 TASKS PENDING');
  });

  it('pressed twice do a thing once', async () => {
    const user = await world.signedIn('user');
    const [form] = formsTo((await user.get(HERE)).text, 'task.add');
    const posted = { ...form, title: 'Only once', category: 'feeds', priority: 'high' };
    await Promise.all([1, 2].map(() => user.post('/admin/operations/task.add', posted)));

    expect(
      (await world.services.tasks.list(world.ctx(), 'pending', 10)).tasks.map((task) => task.title),
    ).toEqual(['Only once']);
  });

  it('import a check-list for those who may, who also see the command', async () => {
    const user = await world.signedIn('user');
    expect(formsTo((await user.get(HERE)).text, 'task.import')).toEqual([]);
    const manager = await world.signedIn('manager');
    expect((await manager.get(HERE)).text).toContain('npm run cli -- task import findings.md --dry-run');
    await press(manager, HERE, 'task.import', { content: '- [ ] Fix receipts (high)\n- [ ] Check feeds' });

    expect(wordsOn((await manager.get(HERE)).text)).toContain('2 TASKS PENDING');
  });

  it('show hostile words in every field as words', async () => {
    const evil = '"><img src=x onerror=alert(1)>';
    await world.services.tasks.add(world.ctx(), { title: evil, category: evil, priority: 'high' });
    const user = await world.signedIn('user', '<script>alert(2)</script>');
    await press(user, HERE, 'task.take');
    const { text } = await user.get(HERE);

    expect(text).not.toMatch(/<img src=x|<script>alert/);
    expect(wordsOn(text).split(evil).length).toBeGreaterThan(3);
  });
});
