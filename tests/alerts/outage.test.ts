// The chat is down for an hour while 10,000 alerts come: none is lost, and its return brings no flood.
import { describe, expect, it } from 'vitest';
import { alertWorld, MINUTE_MS } from '../support/alert-world.ts';

const ALERTS = 10_000;
const GROUPS = 20;

describe('an hour without a chat', () => {
  it('loses none of 10,000 alerts, and afterwards says only what is still true', async () => {
    const world = alertWorld();
    world.chat.down = true;
    for (let minute = 0; minute < 60; minute += 1) {
      const from = Math.floor((minute * ALERTS) / 60);
      const to = Math.floor(((minute + 1) * ALERTS) / 60);
      for (let n = from; n < to; n += 1) {
        const group = `shop.${n % GROUPS}`;
        await world.raise({ fingerprint: `${group}:${n}`, group, title: `Order ${n} failed` });
      }
      await world.pass(MINUTE_MS, MINUTE_MS);
    }
    // Half of the groups recover before the chat does.
    for (let n = 0; n < ALERTS; n += 1)
      if (n % GROUPS < GROUPS / 2) await world.resolve(`shop.${n % GROUPS}:${n}`);
    await world.pass(2 * MINUTE_MS, 30_000);
    expect(await world.rows()).toBe(ALERTS);
    expect(world.room()).toEqual([]);

    world.chat.down = false;
    await world.pass(20 * MINUTE_MS, 15_000);
    const cards = world.room().filter((message) => message.card);
    expect(cards).toHaveLength(GROUPS / 2);
    expect(cards.every((card) => card.text.includes(`${ALERTS / GROUPS} alerts:`))).toBe(true);
    expect(cards.every((card) => card.text.includes(`+${ALERTS / GROUPS - 5} more`))).toBe(true);
    // One late “in all now” for each group at the most: what was to be said every five minutes is said no more.
    expect(world.room().length - cards.length).toBeLessThanOrEqual(GROUPS / 2);
    expect(world.room().some((message) => message.text.includes('over'))).toBe(false);
  });

  it('shows every open group as it is now, not as it was', async () => {
    const world = alertWorld();
    world.chat.down = true;
    await world.raise();
    await world.pass(30 * MINUTE_MS, MINUTE_MS);
    await world.alerts.acknowledge(world.ctx(), 'job.failed');
    world.chat.down = false;
    await world.pass(5 * MINUTE_MS);
    expect(world.room()).toHaveLength(1);
    expect(world.room()[0]?.text).toContain('Acknowledged: by Asha');
    expect(world.room()[0]?.edits).toBe(0);
  });
});
