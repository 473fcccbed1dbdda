// Guarantees of the durable inbox: one effect and one answer for each update, through repeats, races and crashes.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ChatUpdate } from '../../models/chat-inbox.ts';
import type { FactCollection } from '../../src/core/store.ts';
import { type ChatWorld, createChatWorld, person } from '../support/conversation.ts';
import { createShelf, type Shelf, sampleOperations } from '../support/sample-operations.ts';

const user = person('Uday', 'user');
const LEASE_MS = 60_001;

let shelf: Shelf;
let world: ChatWorld;

beforeEach(() => {
  shelf = createShelf();
  world = createChatWorld(sampleOperations, { shelf });
});

class Killed extends Error {}

/** Dies at the write that ends an update: after the effect, before the answer. */
function dyingBeforeAnswer(
  times: number,
): (updates: FactCollection<ChatUpdate>) => FactCollection<ChatUpdate> {
  let left = times;
  return (updates) => ({
    ...updates,
    scoped: (tenant) => {
      const facts = updates.scoped(tenant);
      return {
        ...facts,
        compareAndSet: (current, change, trace) => {
          if (change.status !== 'done' || left === 0) return facts.compareAndSet(current, change, trace);
          left -= 1;
          throw new Killed('the process was killed');
        },
      };
    },
  });
}

describe('a repeat of one update', () => {
  it('has no second effect and gives the first answer', async () => {
    const { door } = world.process();
    const first = await door.say(user, '/task add Fix receipts', 'k1');
    await door.say(user, '/task add Something else', 'k2');

    expect(await door.say(user, '/task add Fix receipts', 'k1')).toEqual(first);
    expect(shelf.applied).toBe(2);
    expect((await world.messages()).length).toBe(4);
  });

  it('gives the first answer after the state has moved on', async () => {
    const { door } = world.process();
    const first = await door.say(user, '/tasks', 'k1');
    await door.say(user, '/task add Fix receipts', 'k2');

    expect(await door.say(user, '/tasks', 'k1')).toEqual(first);
    expect(first[0]?.text).toContain('0 tasks pending');
  });

  it('that comes while the first is being worked on waits for it', async () => {
    const { door } = world.process();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => door.say(user, '/task add Fix receipts', 'k1')),
    );

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(shelf.applied).toBe(1);
  });

  it('at two processes at once has one effect and one message', async () => {
    const [one, two] = [world.process(), world.process()];
    const answers = await Promise.all([
      one.door.say(user, '/task add Fix receipts', 'k1'),
      two.door.say(user, '/task add Fix receipts', 'k1'),
    ]);

    expect(answers[0]).toEqual(answers[1]);
    expect(shelf.applied).toBe(1);
    expect((await world.messages()).length).toBe(2);
  });

  it('under a key that came with other words is refused', async () => {
    const { door } = world.process();
    await door.say(user, '/task add Fix receipts', 'k1');

    await expect(door.say(user, '/task add Something else', 'k1')).rejects.toMatchObject({
      code: 'key.reused',
    });
    expect(shelf.applied).toBe(1);
  });

  it('is no repeat when another person uses the same key', async () => {
    const { door } = world.process();
    await door.say(user, '/task add Fix receipts', 'k1');
    await door.say(person('Meera', 'manager'), '/task add Fix receipts', 'k1');

    expect(shelf.applied).toBe(2);
  });

  it('is no repeat in another tenant', async () => {
    const { door } = world.process();
    await door.say(user, '/task add Fix receipts', 'k1');
    await door.say(person('Uday', 'user', 'en', 'other'), '/task add Fix receipts', 'k1');

    expect(shelf.applied).toBe(2);
  });
});

describe('an answer', () => {
  it('is one message, however often the outbox sends it', async () => {
    const process = world.process();
    await process.door.say(user, '/task add Fix receipts', 'k1');
    const before = await world.messages();
    await process.deliver();
    await process.deliver();

    expect(await world.messages()).toEqual(before);
  });

  it('leaves in the same write that ends the update', async () => {
    await world.process().door.say(user, '/task add Fix receipts', 'k1');
    const [row] = await world.updates.scoped('default').find({ where: {}, limit: 1 });

    expect(row).toMatchObject({ status: 'done', leaseUntil: null, attempts: 1 });
    expect(row?.outbox).toMatchObject([
      { id: row?.replyItem, content: { kind: 'send', destination: 'console:person:usr_uday' } },
    ]);
  });

  it('reaches its room by the outbox when nobody waits for it any more', async () => {
    const process = world.process();
    const room = 'console:person:usr_uday';
    const content = { kind: 'text' as const, text: '/task add Fix receipts' };
    await process.inbox.take({ platform: 'console', principal: user, room, content, key: 'k1' });
    expect((await world.messages()).length).toBe(1);
    await process.deliver();

    expect((await world.messages()).map(({ author }) => author?.name ?? 'Wardroom')).toEqual([
      'Uday',
      'Wardroom',
    ]);
  });
});

describe('a worker that dies between the effect and the answer', () => {
  it('is followed by one that answers, with one effect and one message', async () => {
    const dying = world.process(dyingBeforeAnswer(1));
    await expect(dying.door.say(user, '/task add Fix receipts', 'k1')).rejects.toThrow(Killed);
    expect(shelf.applied).toBe(1);

    const next = world.process();
    world.clock.pass(LEASE_MS);
    expect(await next.inbox.recover()).toBe(1);
    await next.deliver();

    expect(shelf.applied).toBe(1);
    expect((await next.talker(user).transcript()).slice(1)).toEqual([
      '● Task added: Fix receipts\nId: tsk_1\nPriority: medium',
    ]);
  });

  it('is followed at once by the same process, which knows that nobody is at work', async () => {
    const dying = world.process(dyingBeforeAnswer(1));
    await expect(dying.door.say(user, '/task add Fix receipts', 'k1')).rejects.toThrow(Killed);
    const [answer] = await dying.door.say(user, '/task add Fix receipts', 'k1');

    expect(answer?.text).toContain('tsk_1');
    expect(shelf.applied).toBe(1);
  });

  it('is not disturbed while its lease runs', async () => {
    await expect(world.process(dyingBeforeAnswer(1)).door.say(user, '/tasks', 'k1')).rejects.toThrow(Killed);

    const other = world.process();
    expect(await other.inbox.recover()).toBe(0);
    await expect(other.door.say(user, '/tasks', 'k1')).rejects.toMatchObject({
      code: 'record.busy',
      retryable: true,
    });
    const [row] = await world.updates.scoped('default').find({ where: {}, limit: 1 });
    expect(row?.attempts).toBe(1);
  });

  it('is followed by whoever repeats the update after the lease', async () => {
    const dying = world.process(dyingBeforeAnswer(1));
    await expect(dying.door.say(user, '/task add Fix receipts', 'k1')).rejects.toThrow(Killed);
    world.clock.pass(LEASE_MS);
    const [answer] = await world.process().door.say(user, '/task add Fix receipts', 'k1');

    expect(answer?.text).toContain('tsk_1');
    expect(shelf.applied).toBe(1);
  });

  it('does not answer the next question with the same words', async () => {
    const calm = world.process();
    await calm.door.say(user, '/task assess', 'k1');
    await expect(world.process(dyingBeforeAnswer(1)).door.say(user, '5', 'k2')).rejects.toThrow(Killed);
    world.clock.pass(LEASE_MS);
    await calm.inbox.recover();
    await calm.deliver();

    const talker = calm.talker(user);
    await talker.sees('task: “5” is too short');
    await expect(world.process(dyingBeforeAnswer(1)).door.say(user, '55', 'k3')).rejects.toThrow(Killed);
    world.clock.pass(LEASE_MS);
    await calm.inbox.recover();
    await calm.deliver();
    await talker.sees('How much effort is it?');
    await talker.neverSees('too large');
  });

  it('runs a completed question once', async () => {
    const calm = world.process();
    await calm.door.say(user, '/task assess tsk_1 3', 'k1');
    await expect(world.process(dyingBeforeAnswer(1)).door.say(user, 'some', 'k2')).rejects.toThrow(Killed);
    world.clock.pass(LEASE_MS);
    await calm.inbox.recover();
    await calm.deliver();

    await calm.talker(user).sees('tsk_1: effort 3, risk some');
    expect(shelf.applied).toBe(1);
  });

  it('leaves the one answer to a dangerous question in force', async () => {
    const calm = world.process();
    await calm.door.say(user, '/task add Fix receipts', 'k1');
    const [asked] = await calm.door.say(user, '/task drop tsk_1', 'k2');
    const yes = asked!.buttons[0]!.id;
    await expect(world.process(dyingBeforeAnswer(1)).door.press(user, yes, 'k3')).rejects.toThrow(Killed);
    world.clock.pass(LEASE_MS);
    await calm.inbox.recover();
    await calm.deliver();

    await calm.talker(user).sees('Task tsk_1 dropped.');
    expect(shelf.applied).toBe(2);
  });

  it('cannot end an update that another took over', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const slow = world.process((updates) => ({
      ...updates,
      scoped: (tenant) => {
        const facts = updates.scoped(tenant);
        return {
          ...facts,
          compareAndSet: async (current, change, trace) => {
            await held;
            return facts.compareAndSet(current, change, trace);
          },
        };
      },
    }));
    const late = slow.door.say(user, '/task add Fix receipts', 'k1');
    const next = world.process();
    await new Promise((resolve) => setImmediate(resolve));
    world.clock.pass(LEASE_MS);
    expect(await next.inbox.recover()).toBe(1);
    letGo();
    const [answer] = await late;

    expect(answer?.text).toContain('tsk_1');
    expect(shelf.applied).toBe(1);
    expect((await world.messages()).length).toBe(2);
    const [row] = await world.updates.scoped('default').find({ where: {}, limit: 1 });
    expect(row?.history.filter(({ operation }) => operation === 'chat.answer')).toHaveLength(1);
  });
});

describe('an update that kills every worker', () => {
  it('is given up after five attempts, with an answer that says so', async () => {
    const dying = world.process(dyingBeforeAnswer(5));
    await expect(dying.door.say(user, '/task add Fix receipts', 'k1')).rejects.toThrow(Killed);
    for (let restarts = 0; restarts < 4; restarts += 1) {
      world.clock.pass(LEASE_MS);
      expect(await dying.inbox.recover()).toBe(0);
    }
    world.clock.pass(LEASE_MS);
    expect(await dying.inbox.recover()).toBe(1);
    await dying.deliver();

    const talker = dying.talker(user);
    await talker.sees(/■ This was tried 5 times .*\nReference for staff: req_/);
    world.clock.pass(LEASE_MS);
    expect(await dying.inbox.recover()).toBe(0);
  });
});

describe('the loop', () => {
  it('takes over what was left, and stops when told', async () => {
    await expect(world.process(dyingBeforeAnswer(1)).door.say(user, '/tasks', 'k1')).rejects.toThrow(Killed);
    world.clock.pass(LEASE_MS);
    const next = world.process();
    next.inbox.start();
    await new Promise((resolve) => setImmediate(resolve));
    await next.inbox.stop();
    await next.deliver();

    await next.talker(user).sees('0 tasks pending');
  });
});
