// Guarantees of the overview: what waits for this person, each capability's state, and one failing part that stays alone.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PageWorld, pageWorld, TWO_HOURS_MS, wordsOn } from '../support/page-world.ts';
import { armsCsv } from '../support/protocol-world.ts';

const HERE = '/admin';

let world: PageWorld;
beforeEach(async () => {
  world = await pageWorld();
});
afterEach(() => world.close());

async function tileOf(
  label: string,
  role: 'viewer' | 'manager' | 'owner' = 'viewer',
  at = world,
): Promise<string> {
  const { text } = await (await at.signedIn(role)).get(HERE);
  const tile = new RegExp(`<section[^>]*aria-label="${label}"[\\s\\S]*?</section>`).exec(text)?.[0];
  return tile === undefined ? 'none' : wordsOn(tile);
}

describe('the overview', () => {
  it('says of each part what to do next while there is nothing', async () => {
    expect(await tileOf('Protocol runs')).toContain('It has not run yet. Next in 30 min.');
    expect(await tileOf('Experiments')).toContain('There is no experiment yet. Import exposures');
    expect(await tileOf('Tasks pending')).toContain('0 TASKS PENDING');
    expect(await tileOf('Waits for you')).toContain('Nothing waits');
    expect(await tileOf('Outbox', 'owner')).toBe('none');
  });

  it('counts what waits for this person alone', async () => {
    await world.importCsv('offer', armsCsv({ a: [2000, 300], b: [2000, 400] }), 'a');
    await world.runProtocol();

    expect(await tileOf('Waits for you', 'manager')).toContain('1 decision, 0 tasks of yours');
    expect(await tileOf('Waits for you', 'manager')).toContain('Switch offer from a to b?');
    expect(await tileOf('Waits for you', 'viewer')).toContain('0 decisions, 0 tasks of yours');
    expect(await tileOf('Experiments')).toContain('1 needs a decision');
  });

  it('shows missed slots and a protocol that nobody runs', async () => {
    await world.services.protocol.tick(new AbortController().signal);
    world.clock.advance(4 * TWO_HOURS_MS);

    expect(await tileOf('Protocol runs')).toContain('8 h old No slot was entered since.');
  });

  it('shows the outbox to those who may look into it, where there is one', async () => {
    const upkeep = { counts: async () => ({ waiting: 3, dead: 1, oldestMs: 61_000 }) };
    const other = await pageWorld({ upkeep }, world.store);
    try {
      expect(await tileOf('Outbox', 'manager', other)).toContain('1 dead letter, the oldest for 1 min');
      expect(await tileOf('Outbox', 'viewer', other)).toBe('none');
    } finally {
      await other.close();
    }
  });

  it('keeps the other tiles when one fails, and gives the reference that the log has', async () => {
    const list = async () => Promise.reject(new Error('tasks are away'));
    const other = await pageWorld({ tasks: { ...world.services.tasks, list } }, world.store);
    try {
      const failed = await tileOf('Tasks pending', 'viewer', other);
      expect(failed).toMatch(
        /■ Failed This failed because of a fault on our side\. Try again · Reference req_/,
      );
      expect(failed).not.toContain('tasks are away');
      expect(await tileOf('Protocol runs', 'viewer', other)).toContain('It has not run yet');
      expect(other.logs.some((line) => line.includes('tasks are away'))).toBe(true);
    } finally {
      await other.close();
    }
  });

  it('sends somebody who is not signed in to sign in', async () => {
    const { Browser } = await import('../support/web-world.ts');
    const answer = await new Browser(world.url).get(HERE);

    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/login']);
  });
});
