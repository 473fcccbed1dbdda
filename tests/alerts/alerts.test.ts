// Alerts from the first word to the last: gathered, told, counted, looked after, silenced, called out, over.
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import { alertWorld, HOUR_MS, MINUTE_MS } from '../support/alert-world.ts';
import { ravi } from '../support/context.ts';

const people = [
  { id: 'usr_asha', name: 'Asha', language: 'en' as const, destinations: ['chat:asha'] },
  { id: 'usr_ravi', name: 'Ravi', language: 'en' as const, destinations: ['chat:ravi'] },
];

describe('an alert', () => {
  it('is shown in one card after 30 seconds of gathering', async () => {
    const world = alertWorld();
    await world.raise();
    await world.pass(20_000);
    expect(world.room()).toEqual([]);
    await world.pass(20_000);
    const [card, ...more] = world.room();
    expect(card?.text).toMatch(/^▲ The job nightly failed\n/);
    expect(more).toEqual([]);
    expect(world.events).toEqual(['alert.raised']);
  });

  it('raised by the same effect again is counted once', async () => {
    const world = alertWorld();
    expect(await world.raise({}, 'one effect')).toBe(true);
    expect(await world.raise({}, 'one effect')).toBe(false);
    await world.raise({}, 'another effect');
    await world.pass(MINUTE_MS);
    expect(world.room()[0]?.text).toContain('The job nightly failed (2 times)');
  });

  it('of the same group is on the same card, and what came later is told once in its thread', async () => {
    const world = alertWorld();
    await world.raise();
    await world.pass(MINUTE_MS);
    for (let n = 0; n < 7; n += 1)
      await world.raise({ fingerprint: `job.failed:${n}`, title: `The job ${n} failed` });
    await world.pass(MINUTE_MS);
    expect(world.room()).toHaveLength(1);
    expect(world.room()[0]?.text).toMatch(/8 alerts: job\.failed[\s\S]*\+3 more/);
    await world.pass(5 * MINUTE_MS);
    const [card, word, ...rest] = world.room();
    expect(word?.text).toContain('8 alerts: job.failed: 8 in all now.');
    expect(word?.under).toBe(card?.id);
    expect(rest).toEqual([]);
  });

  it('that is over edits its card and says so once', async () => {
    const world = alertWorld();
    await world.raise();
    await world.pass(MINUTE_MS);
    await world.resolve();
    await world.pass(10 * MINUTE_MS);
    const [card, word, ...rest] = world.room();
    expect(card?.text).toMatch(/^● The job nightly failed: over/);
    expect(word?.text).toContain('over after');
    expect(rest).toEqual([]);
    expect(world.events).toEqual(['alert.raised', 'alert.resolved']);
  });

  it('that comes and goes within the gathering is counted and says nothing', async () => {
    const world = alertWorld();
    await world.raise();
    await world.pass(10_000);
    await world.resolve();
    await world.pass(10 * MINUTE_MS);
    expect(world.room()).toEqual([]);
    expect(await world.rows()).toBe(1);
  });

  it('that flaps stays one card, and tells no more than every five minutes', async () => {
    const world = alertWorld();
    for (let minute = 0; minute < 60; minute += 1) {
      await world.raise();
      await world.pass(40_000);
      await world.resolve();
      await world.pass(20_000);
    }
    const cards = world.room().filter((message) => message.card);
    expect(cards).toHaveLength(1);
  });

  it('that nobody acknowledges is told again after four hours; an acknowledged one is not', async () => {
    const loud = alertWorld();
    await loud.raise();
    await loud.pass(5 * HOUR_MS, MINUTE_MS);
    expect(loud.room().filter((message) => message.text.includes('has lasted'))).toHaveLength(1);
    const known = alertWorld();
    await known.raise();
    await known.pass(MINUTE_MS);
    await known.alerts.acknowledge(known.ctx(), 'job.failed');
    await known.pass(5 * HOUR_MS, MINUTE_MS);
    expect(known.room()).toHaveLength(1);
    expect(known.room()[0]?.text).toContain('Acknowledged: by Asha');
  });

  it('without an end of its own is over when it was not seen again', async () => {
    const world = alertWorld();
    await world.raise({ lastsMs: HOUR_MS });
    await world.pass(30 * MINUTE_MS, MINUTE_MS);
    await world.raise({ lastsMs: HOUR_MS });
    await world.pass(50 * MINUTE_MS, MINUTE_MS);
    expect(world.room()[0]?.text).not.toContain('over');
    await world.pass(20 * MINUTE_MS, MINUTE_MS);
    expect(world.room()[0]?.text).toMatch(/over[\s\S]*It was not seen again/);
  });
});

describe('people', () => {
  it('are called one after the other about a critical alert, 15 minutes apart, and then all', async () => {
    const world = alertWorld(undefined, people);
    await world.raise({ severity: 'critical' });
    await world.pass(16 * MINUTE_MS);
    expect(world.room('asha')).toHaveLength(1);
    expect(world.room('ravi')).toHaveLength(0);
    await world.pass(15 * MINUTE_MS);
    expect(world.room('ravi')).toHaveLength(1);
    await world.pass(15 * MINUTE_MS);
    expect([world.room('asha').length, world.room('ravi').length]).toEqual([2, 2]);
    await world.pass(2 * HOUR_MS, MINUTE_MS);
    expect([world.room('asha').length, world.room('ravi').length]).toEqual([2, 2]);
  });

  it('are called with buttons that are for nobody else', async () => {
    const store = createMemoryStore();
    const world = alertWorld(store, people);
    await world.raise({ severity: 'critical' });
    await world.pass(35 * MINUTE_MS, MINUTE_MS);
    const rows = await store.records(outboxRows).scoped('default').find({ where: {}, limit: 100 });
    const readers = new Map<string, Set<string | undefined>>();
    for (const { destination, body } of rows)
      for (const block of body.kind === 'reply' ? body.reply.blocks : [])
        for (const { onlyFor } of block.kind === 'buttons' ? block.buttons : [])
          readers.set(destination, (readers.get(destination) ?? new Set()).add(onlyFor));
    expect(readers).toEqual(
      new Map([
        ['chat:asha', new Set(['usr_asha'])],
        ['chat:ravi', new Set(['usr_ravi'])],
      ]),
    );
  });

  it('are called each in their own language, while the card in the room stays English', async () => {
    const [asha, second] = people;
    if (!asha || !second) throw new Error('two people are called here');
    const world = alertWorld(undefined, [asha, { ...second, language: 'hi' }]);
    await world.raise({ severity: 'critical' });
    await world.pass(35 * MINUTE_MS, MINUTE_MS);
    expect(world.room('asha')[0]?.text).toMatch(/You are next: nobody has acknowledged it for \d+ min\./);
    const told = world.room('ravi')[0]?.text ?? '';
    expect(told).toMatch(/अब आपकी बारी है: इसे अब तक किसी ने नहीं देखा \(\d+ मिनट\)।/);
    expect(told).toContain('खोलें');
    expect(told).not.toMatch(/You are next|Open/);
    expect(world.room()[0]?.text).toContain('Since');
    expect(world.room()[0]?.text).not.toMatch(/[\u0900-\u097f]/);
  });

  it('are called in the order of the policy, and not at all once somebody knows', async () => {
    const world = alertWorld(undefined, people);
    await world.alerts.setPolicy(world.ctx(), { order: ['Ravi', 'Asha'] });
    await world.raise({ severity: 'critical' });
    await world.pass(16 * MINUTE_MS);
    expect([world.room('asha').length, world.room('ravi').length]).toEqual([0, 1]);
    await world.alerts.acknowledge(world.ctx({ actor: ravi }), 'job.failed');
    await world.pass(2 * HOUR_MS, MINUTE_MS);
    expect([world.room('asha').length, world.room('ravi').length]).toEqual([0, 1]);
    await expect(world.alerts.setPolicy(world.ctx(), { order: ['Nobody'] })).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });

  it('give an alert to those alone who can look after it, and are no longer called about it', async () => {
    const world = alertWorld(undefined, people);
    await world.raise({ severity: 'critical' });
    await world.pass(MINUTE_MS);
    await expect(world.alerts.assign(world.ctx(), 'job.failed', 'Nobody')).rejects.toMatchObject({
      code: 'input.invalid',
      publicMessage: expect.stringContaining('these can: Asha, Ravi'),
    });
    await world.alerts.assign(world.ctx(), 'job.failed', 'ravi');
    await world.pass(HOUR_MS, MINUTE_MS);
    expect(world.room()[0]?.text).toContain('Looked after: by Ravi');
    expect([world.room('asha'), world.room('ravi')]).toEqual([[], []]);
  });

  it('who silence an alert hear nothing until then, and of it again if it goes on', async () => {
    const world = alertWorld(undefined, people);
    await world.raise({ severity: 'critical' });
    await world.pass(MINUTE_MS);
    const until = new Date(world.clock.now().getTime() + HOUR_MS);
    await world.alerts.silence(world.ctx(), 'job.failed', until);
    await world.raise({ fingerprint: 'job.failed:other', title: 'Another failed', severity: 'critical' });
    await world.pass(50 * MINUTE_MS, MINUTE_MS);
    expect(world.room().filter((message) => !message.card)).toEqual([]);
    expect(world.room('asha')).toEqual([]);
    await world.pass(30 * MINUTE_MS, MINUTE_MS);
    expect(world.room().filter((message) => !message.card)).toHaveLength(1);
    expect(world.room('asha')).toHaveLength(1);
  });

  it('end an alert by hand with a reason; a button of an earlier episode is told so', async () => {
    const world = alertWorld();
    await world.raise();
    await world.pass(MINUTE_MS);
    const group = await world.alerts.resolve(world.ctx(), 'job.failed', 'restarted');
    expect(group).toMatchObject({ status: 'resolved', resolvedWhy: 'Asha: restarted', firing: 0 });
    await expect(world.alerts.acknowledge(world.ctx(), 'job.failed')).rejects.toMatchObject({
      code: 'record.conflict',
    });
    await world.pass(HOUR_MS, MINUTE_MS);
    await world.raise();
    await world.pass(MINUTE_MS);
    await expect(world.alerts.acknowledge(world.ctx(), group._id, group.episode)).rejects.toMatchObject({
      code: 'record.conflict',
    });
    expect(world.room().filter((message) => message.card)).toHaveLength(2);
  });

  it('who act at once leave one outcome, and the same press again changes nothing', async () => {
    const world = alertWorld();
    await world.raise();
    await world.pass(MINUTE_MS);
    const press = world.ctx();
    await Promise.all([
      world.alerts.acknowledge(press, 'job.failed'),
      world.alerts.acknowledge(press, 'job.failed'),
      world.alerts.acknowledge(world.ctx({ actor: ravi }), 'job.failed'),
      world.resolve(),
    ]);
    await world.pass(MINUTE_MS);
    const group = await world.alerts.find(world.ctx(), 'job.failed');
    expect(group.status).toBe('resolved');
    expect(group.history.filter((entry) => entry.effectKey === press.effectKey).length).toBeLessThanOrEqual(
      1,
    );
  });
});

describe('small things at night', () => {
  it('wait for the morning; what is serious does not', async () => {
    const world = alertWorld();
    await world.alerts.setPolicy(world.ctx(), { quiet: '22:00-08:00' });
    world.clock.advance(14 * HOUR_MS); // 23:30 in Kolkata
    await world.raise({ fingerprint: 'small', group: 'small', title: 'A small thing', severity: 'info' });
    await world.raise({ fingerprint: 'large', group: 'large', title: 'A large thing' });
    await world.pass(10 * MINUTE_MS, MINUTE_MS);
    expect(world.room().map((message) => message.text.split('\n')[0])).toEqual(['▲ A large thing']);
    await world.pass(9 * HOUR_MS, 10 * MINUTE_MS);
    expect(world.room().filter((message) => message.card)).toHaveLength(2);
  });
});

describe('what watches a thing', () => {
  it('raises what is new, resolves what is gone, and leaves alerts of others alone', async () => {
    const world = alertWorld();
    const ill = {
      fingerprint: 'health:outbox',
      group: 'health',
      title: 'Old',
      severity: 'warning',
      source: 'health',
    } as const;
    await world.raise();
    await world.alerts.observe('default', 'health', [ill]);
    await world.alerts.observe('default', 'health', [ill]);
    await world.pass(MINUTE_MS);
    expect(
      world
        .room()
        .map((message) => message.text.split('\n')[0])
        .sort(),
    ).toEqual(['▲ Old', '▲ The job nightly failed']);
    await world.alerts.observe('default', 'health', []);
    await world.pass(MINUTE_MS);
    expect((await world.alerts.list(world.ctx(), 'open')).groups.map((group) => group.name)).toEqual([
      'job.failed',
    ]);
  });
});
