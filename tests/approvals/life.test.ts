// The life of a request: what is asked, how votes count, what ends it, and that it is carried out once and told everywhere.
import { describe, expect, it } from 'vitest';
import { systemActor } from '../../src/core/actor.ts';
import { AppError } from '../../src/core/errors.ts';
import { plainSpans } from '../../src/core/reply.ts';
import { areEnough } from '../../src/features/approvals/votes.ts';
import { setMember } from '../support/members.ts';
import { approvalWorld, asha, clerk, meera, person, ROOMS, ravi, TEA } from './approval-world.ts';

type World = Awaited<ReturnType<typeof approvalWorld>>;

const HOUR_MS = 3_600_000;

const approve = (world: World, actor: typeof asha, approval: string, more: object = {}) =>
  world.run(actor, 'approval.approve', { approval, ...more });
const reject = (world: World, actor: typeof asha, approval: string, reason = '') =>
  world.run(actor, 'approval.reject', { approval, reason });

async function cardsOf(world: World, id: string) {
  const items = await world.itemsOf(id);
  return items.flatMap((item) => (item.kind === 'card' ? [item] : []));
}

const textOf = (card: { reply: { blocks: readonly object[] } } | undefined): string =>
  (card?.reply.blocks ?? [])
    .map((block) => ('text' in block ? plainSpans(block.text as string) : ''))
    .join('\n');

describe('an operation that people must approve', () => {
  it('does nothing when it is called, through any door, and gives the request', async () => {
    const world = await approvalWorld();

    const outcome = await world.run(clerk, 'price.set', { item: TEA, paise: 900 }, 'http');

    expect(outcome.approval).toMatch(/^apr_/);
    expect(outcome.output).toMatchObject({ approval: outcome.approval, state: 'open', needed: 1 });
    expect((await world.price()).paise).toBe(500);
  });

  it('is one request however often the same effect asks for it', async () => {
    const world = await approvalWorld();
    const again = { effectKey: 'the-same' };

    const first = await world.run(clerk, 'price.set', { item: TEA, paise: 900 }, 'http', again);
    const second = await world.run(clerk, 'price.set', { item: TEA, paise: 900 }, 'http', again);

    expect(second.approval).toBe(first.approval);
    expect((await cardsOf(world, first.approval ?? '')).length).toBe(ROOMS.length);
  });

  it('refuses what the operation itself would refuse, before anybody is asked', async () => {
    const world = await approvalWorld();
    await world.alter({ frozen: true });

    await expect(world.ask(clerk)).rejects.toMatchObject({ code: 'record.conflict' });
    expect((await world.run(asha, 'approval.list', { view: 'all' })).output).toMatchObject({ total: 0 });
  });

  it('shows what would change, who may decide and until when, in every room', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk, 900, 2);

    const cards = await cardsOf(world, id);

    expect(cards.map(({ destination }) => destination)).toEqual(ROOMS);
    const shown = JSON.stringify(cards[0]?.reply);
    for (const words of [
      'Set tea to 900?',
      '500 → ',
      'Clerk',
      '0 of 2 said yes',
      '3 people can vote',
      'Approve price',
    ])
      expect(shown).toContain(words);
    expect(shown).toContain((await world.get(id)).payloadHash.slice(0, 8));
  });
});

describe('votes', () => {
  it('carry it out at the last one that is needed, once, under the request’s own id', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk, 900, 2);

    const first = await approve(world, asha, id, { note: 'fine' });
    expect((await world.price()).paise).toBe(500);
    await approve(world, ravi, id);

    expect(first.output).toMatchObject({ state: 'open', given: 1 });
    const price = await world.price();
    expect(price.paise).toBe(900);
    expect(price.history.filter(({ effectKey }) => effectKey === id)).toHaveLength(1);
    expect(await world.get(id)).toMatchObject({ state: 'done', wakeAt: null, selfApproved: false });
  });

  it('of one person count once, whichever doors they come through', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk, 900, 2);

    for (const door of ['slack', 'telegram', 'console', 'page', 'http'] as const)
      await world.run(asha, 'approval.approve', { approval: id }, door);

    expect(await world.get(id)).toMatchObject({ state: 'open', votes: [{ voter: asha.id }] });
    expect((await world.price()).paise).toBe(500);
  });

  it('from all doors mix', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk, 900, 3);

    await world.run(asha, 'approval.approve', { approval: id }, 'slack');
    await world.run(ravi, 'approval.approve', { approval: id }, 'telegram');
    await world.run(meera, 'approval.approve', { approval: id }, 'page');

    expect(await world.get(id)).toMatchObject({ state: 'done' });
  });

  it('end it with one no, whatever was said before', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk, 900, 3);
    await approve(world, asha, id);
    await approve(world, ravi, id);

    await reject(world, meera, id, 'too dear');

    expect(await world.get(id)).toMatchObject({ state: 'rejected', endedBy: 'Meera', reason: 'too dear' });
    expect(world.deeds.ends).toMatchObject([{ approval: id, state: 'rejected', by: 'Meera' }]);
    await expect(approve(world, asha, id)).rejects.toMatchObject({
      code: 'record.conflict',
      publicMessage: expect.stringMatching(/is decided: Meera rejected it on .*: too dear/),
    });
    expect((await world.price()).paise).toBe(500);
  });

  it('of twenty at once carry it out once, and the late ones are told who was first', async () => {
    const rivals = Array.from({ length: 20 }, (_, n) => person(`P${n}`));
    const world = await approvalWorld({ members: [clerk, ...rivals] });
    const id = await world.ask(clerk, 900, 1);

    const outcomes = await Promise.allSettled(rivals.map((rival) => approve(world, rival, id)));

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await world.get(id)).votes).toHaveLength(1);
    expect((await world.price()).history.filter(({ effectKey }) => effectKey === id)).toHaveLength(1);
  });

  it('on another payload are refused', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    const { payloadHash } = await world.get(id);

    await expect(approve(world, asha, id, { hash: 'deadbeef' })).rejects.toMatchObject({
      code: 'record.conflict',
      publicMessage: expect.stringContaining('another payload'),
    });
    await approve(world, asha, id, { hash: payloadHash.slice(0, 8).toUpperCase() });
    expect((await world.get(id)).state).toBe('done');
  });

  it('leave audit rows with both hashes, denials too', async () => {
    const world = await approvalWorld();
    const id = await world.ask(asha);
    const { payloadHash, stateHash } = await world.get(id);

    await expect(approve(world, asha, id)).rejects.toMatchObject({ code: 'permission.denied' });
    await approve(world, ravi, id);

    const rows = (await world.itemsOf(id)).flatMap((item) => (item.kind === 'audit' ? [item.entry] : []));
    expect(rows.map(({ operation, actor }) => [operation, actor.name])).toEqual([
      ['price.set', 'Asha'],
      ['approval.approve', 'Ravi'],
      ['approval.execute', 'Wardroom'],
    ]);
    for (const row of [...rows, ...world.denials])
      expect(row.after).toMatchObject({ payloadHash, stateHash });
    expect(world.denials).toMatchObject([{ outcome: 'denied', target: id, actor: { id: asha.id } }]);
  });
});

describe('the team, as it stands at the execution', () => {
  it.each(['removed', 'demoted'] as const)(
    'does not count the vote of somebody %s meanwhile',
    async (how) => {
      const world = await approvalWorld();
      const id = await world.ask(clerk, 900, 2);
      await approve(world, asha, id);
      if (how === 'removed') await setMember(world.store, asha, 'removed');
      else await setMember(world.store, { ...asha, role: 'user' });

      await approve(world, ravi, id);

      const left = await world.get(id);
      expect(left).toMatchObject({ state: 'open', votes: [{ void: 'may no longer vote' }, { void: null }] });
      expect((await world.price()).paise).toBe(500);
      await approve(world, meera, id);
      expect((await world.get(id)).state).toBe('done');
    },
  );

  it('asks again when votes fell away after they had been enough', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk, 900, 2);
    await approve(world, asha, id);
    world.deeds.describeFailsWith = new AppError('database.unavailable', 'Away.');
    await approve(world, ravi, id);
    expect((await world.get(id)).state).toBe('approved');

    await setMember(world.store, asha, 'removed');
    world.deeds.describeFailsWith = null;
    world.clock.advance(60_000);
    await world.approvals.sweep();

    expect(await world.get(id)).toMatchObject({ state: 'open', approvedAt: null });
    expect((await world.price()).paise).toBe(500);
    expect(JSON.stringify((await cardsOf(world, id)).at(-1))).toContain('Approve price');
  });

  it('begins nothing after the end of its time, though it was approved in time', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    world.deeds.describeFailsWith = new AppError('database.unavailable', 'Away.');
    await approve(world, asha, id);
    world.deeds.describeFailsWith = null;
    world.clock.advance(25 * HOUR_MS);

    await world.approvals.sweep();

    expect(await world.get(id)).toMatchObject({
      state: 'expired',
      reason: 'approved in time, and not begun in time',
    });
    expect((await world.price()).paise).toBe(500);
  });

  it('carries nothing out for somebody who may not ask any more', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    await setMember(world.store, clerk, 'removed');

    await approve(world, asha, id);

    expect(await world.get(id)).toMatchObject({
      state: 'stale',
      reason: 'Clerk may not ask for this any more',
    });
    expect((await world.price()).paise).toBe(500);
  });
});

describe('what must still hold', () => {
  it('is looked at again at the execution: a changed fact makes it stale', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    await world.alter({ paise: 600 });

    const outcome = await approve(world, asha, id);

    expect(outcome.output).toMatchObject({ state: 'stale' });
    expect((await world.price()).paise).toBe(600);
    expect(world.deeds.ends).toMatchObject([{ state: 'stale' }]);
  });

  it('may be a refusal, whose words are told', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    await world.alter({ frozen: true });

    await approve(world, asha, id);

    expect(await world.get(id)).toMatchObject({ state: 'stale', reason: 'tea is frozen' });
    expect(textOf((await cardsOf(world, id)).at(-1))).toContain('It no longer fits: tea is frozen.');
  });
});

describe('an edited request', () => {
  it('starts again: the older one is withdrawn with its votes, and names the new one', async () => {
    const world = await approvalWorld();
    const old = await world.ask(clerk, 900, 2);
    await approve(world, asha, old);

    const edited = await world.ask(clerk, 950, 2);

    expect(edited).not.toBe(old);
    expect(await world.get(old)).toMatchObject({ state: 'withdrawn', replacedBy: edited });
    expect(await world.get(edited)).toMatchObject({ state: 'open', votes: [] });
    await expect(approve(world, ravi, old)).rejects.toMatchObject({ code: 'record.conflict' });
  });

  it('is the same request when nothing was edited', async () => {
    const world = await approvalWorld();

    expect(await world.ask(clerk)).toBe(await world.ask(clerk));
  });

  it('of somebody else must wait until the first is decided', async () => {
    const world = await approvalWorld();
    await world.ask(clerk);

    await expect(world.ask(asha, 950)).rejects.toMatchObject({
      code: 'record.conflict',
      publicMessage: expect.stringContaining('Clerk has asked for “Set tea to 900” already'),
    });
  });
});

describe('time', () => {
  it('ends a request: a vote after its end is refused, and it says so everywhere', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    world.clock.advance(24 * HOUR_MS);

    await expect(approve(world, asha, id)).rejects.toMatchObject({
      code: 'record.conflict',
      publicMessage: expect.stringContaining('It expired on'),
    });
    expect(await world.get(id)).toMatchObject({ state: 'expired', reason: 'nobody decided in time' });
    expect((await world.price()).paise).toBe(500);
  });

  it('ends it without anybody: the sweep does', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    world.clock.advance(24 * HOUR_MS);

    await world.approvals.sweep();
    await world.approvals.sweep();

    expect(await world.get(id)).toMatchObject({ state: 'expired', wakeAt: null });
    expect(world.deeds.ends).toHaveLength(1);
  });

  it('brings a reminder at half of it and shortly before its end, each once, and never a flood', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    const reminders = async () =>
      (await world.itemsOf(id)).filter((item) => item.kind === 'send' && item.destination === ROOMS[0])
        .length;
    const seen: number[] = [];
    for (let hour = 1; hour < 24; hour += 1) {
      world.clock.advance(HOUR_MS);
      await world.approvals.sweep();
      await world.approvals.sweep();
      seen.push(await reminders());
    }

    expect(seen.indexOf(1)).toBe(11);
    expect(seen.indexOf(2)).toBe(22);
    expect(seen.at(-1)).toBe(2);
  });

  it('told of ten waiting requests is one message', async () => {
    const world = await approvalWorld();
    const ids: string[] = [];
    for (let n = 0; n < 10; n += 1) {
      await world.services.prices
        .scoped('default')
        .insertOnce(`item${n}`, { paise: 1, frozen: false }, { history: historyOf(n), items: [] });
      const outcome = await world.run(clerk, 'price.set', { item: `item${n}`, paise: 2 });
      ids.push(outcome.approval ?? '');
    }
    world.clock.advance(12 * HOUR_MS);

    await world.approvals.sweep();

    const items = (await Promise.all(ids.map((id) => world.itemsOf(id)))).flat();
    const sent = items.filter((item) => item.kind === 'send' && item.destination === ROOMS[0]);
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(sent)).toContain('10 requests wait for a decision');
  });

  it('is a day unless the operation says otherwise', async () => {
    const world = await approvalWorld();
    const { expiresAt, createdAt } = await world.get(await world.ask(clerk));

    expect(expiresAt.getTime() - createdAt.getTime()).toBe(24 * HOUR_MS);
  });
});

describe('one’s own request', () => {
  it('can be taken back, by oneself or an admin, and by nobody else', async () => {
    const world = await approvalWorld({ members: [asha, ravi, clerk, person('Boss', 'admin')] });
    const id = await world.ask(clerk);

    await expect(world.run(ravi, 'approval.withdraw', { approval: id })).rejects.toMatchObject({
      code: 'permission.denied',
    });
    await world.run(clerk, 'approval.withdraw', { approval: id, reason: 'no need' });
    expect(await world.get(id)).toMatchObject({ state: 'withdrawn', endedBy: 'Clerk' });

    const other = await world.ask(clerk);
    await world.run(person('Boss', 'admin'), 'approval.withdraw', { approval: other });
    expect((await world.get(other)).state).toBe('withdrawn');
  });

  it('is approved by oneself only where nobody else could, with its id typed, and recorded so', async () => {
    const world = await approvalWorld({ members: [asha, clerk] });
    const id = await world.ask(asha, 900, 2);
    const short = id.slice(4, 10);

    await expect(approve(world, asha, id)).rejects.toMatchObject({
      code: 'approval.confirm',
      publicMessage: expect.stringContaining(`/approve ${short} --confirm ${short}`),
    });
    await expect(approve(world, asha, id, { confirm: 'yes' })).rejects.toMatchObject({
      code: 'approval.confirm',
    });
    await approve(world, asha, id, { confirm: short });

    expect(await world.get(id)).toMatchObject({ state: 'done', selfApproved: true });
    expect(textOf((await cardsOf(world, id)).at(-1))).toContain('Asha self-approved it on');
  });

  it('is not approved by oneself, typed or not, once somebody else could', async () => {
    const world = await approvalWorld();
    const id = await world.ask(asha);

    await expect(approve(world, asha, id, { confirm: id.slice(4, 10) })).rejects.toMatchObject({
      code: 'permission.denied',
      publicMessage: expect.stringContaining('somebody else must approve it: Ravi, Meera'),
    });
  });
});

describe('the execution', () => {
  it('that is refused ends the request as failed, and the card says why', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    world.deeds.failWith = new AppError('remote.refused', 'The shop refused it.');

    await approve(world, asha, id);

    expect(await world.get(id)).toMatchObject({
      state: 'failed',
      reason: 'The shop refused it',
      wakeAt: null,
    });
    expect(textOf((await cardsOf(world, id)).at(-1))).toContain('and it failed: The shop refused it.');
    expect(world.deeds.ends).toMatchObject([{ state: 'failed' }]);
  });

  it('that meets a passing fault is tried again by the sweep, and given up after five tries', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    world.deeds.failWith = new AppError('database.unavailable', 'The database does not answer.');
    await approve(world, asha, id);
    expect((await world.get(id)).state).toBe('executing');
    world.deeds.failWith = null;
    world.clock.advance(60_000);
    await world.approvals.sweep();
    expect((await world.get(id)).state).toBe('done');

    const other = await world.ask(clerk, 950);
    world.deeds.failWith = new AppError('database.unavailable', 'The database does not answer.');
    await approve(world, asha, other);
    for (let n = 0; n < 6; n += 1) {
      world.clock.advance(60_000);
      await world.approvals.sweep();
    }
    expect(await world.get(other)).toMatchObject({
      state: 'failed',
      attempts: 5,
      reason: expect.stringContaining('whether it took effect is not known'),
    });
  });

  it('that met a fault of ours after its effect is found done, not failed', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    world.deeds.failAfterWith = new Error('the answer was lost');
    await approve(world, asha, id);
    world.deeds.failAfterWith = null;
    expect((await world.get(id)).state).toBe('executing');
    world.clock.advance(60_000);

    await world.approvals.sweep();

    expect((await world.get(id)).state).toBe('done');
    expect((await world.price()).history.filter(({ effectKey }) => effectKey === id)).toHaveLength(1);
  });

  it('leaves every card at the outcome, without buttons, and one event at each end', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    await approve(world, asha, id, { note: 'agreed with the supplier' });

    const { version } = await world.get(id);
    const newest = (await cardsOf(world, id)).filter(({ revision }) => revision === version);
    const events = (await world.itemsOf(id)).flatMap((item) => (item.kind === 'event' ? [item.event] : []));

    expect(newest.map(({ destination }) => destination)).toEqual(ROOMS);
    for (const card of newest) {
      expect(textOf(card)).toMatch(/Asha approved it on .*: agreed with the supplier/);
      expect(textOf(card)).toContain('tea costs 900 now');
      expect(card.reply.blocks.some(({ kind }) => kind === 'buttons')).toBe(false);
    }
    expect(events.map(({ type, payload }) => [type, payload['outcome']])).toEqual([
      ['approval.requested', undefined],
      ['approval.decided', 'done'],
    ]);
  });

  it('is for what the protocol asks as for what people ask', async () => {
    const world = await approvalWorld();
    const ctx = world.ctxOf(systemActor, { door: 'job' });
    const { ticket } = await world.approvals.desk.open(ctx, 'price.set', { item: TEA, paise: 700 });

    await approve(world, asha, ticket.id);

    expect((await world.price()).paise).toBe(700);
  });
});

const historyOf = (n: number) => ({
  effectKey: `seed-${n}`,
  at: new Date(0),
  by: 'system',
  operation: 'test',
});

describe('counting', () => {
  it('takes two votes of one person for one, however they came to be there', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk, 900, 2);
    await approve(world, asha, id);
    const { votes } = await world.get(id);

    expect(areEnough({ needed: 2 }, [...votes, ...votes])).toBe(false);
  });
});
