// Guarantees of the console as a platform: one message for each send, live cards in place, nothing read by others.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createChatActions } from '../../bots/actions.ts';
import { type ConsolePlatform, createConsolePlatform } from '../../bots/console/adapter.ts';
import { type ConsoleDoor, createConsoleDoor } from '../../bots/console/door.ts';
import { ansiText, plainText } from '../../bots/console/render.ts';
import { chatActions } from '../../models/chat-action.ts';
import { type ConsoleMessageRow, consoleMessages } from '../../models/console-message.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { Store } from '../../models/store.ts';
import {
  buttons,
  code,
  context,
  fields,
  list,
  picture,
  type Reply,
  reply,
  table,
  withStatus,
} from '../../src/core/reply.ts';
import { person } from '../support/conversation.ts';
import { createSteppingClock, type SteppingClock } from '../support/stepping-clock.ts';

const uday = person('Uday', 'user');
const meera = person('Meera', 'manager');
const tenant = 'default';

let store: Store;
let clock: SteppingClock;
let platform: ConsolePlatform;
let door: ConsoleDoor;

beforeEach(() => {
  store = createMemoryStore();
  clock = createSteppingClock();
  const messages = store.records<ConsoleMessageRow>(consoleMessages);
  platform = createConsolePlatform({
    messages,
    actions: createChatActions(store.records(chatActions)),
    clock,
  });
  const inbox = { take: () => Promise.reject(new Error('nobody speaks here')) };
  door = createConsoleDoor({ inbox, platform, messages });
});

const send = (id: string, address: string, answer: Reply) =>
  platform.channel.send({ id, tenant, address, body: { kind: 'reply', reply: answer } });
const show = (revision: number, answer: Reply, key = 'incident') =>
  platform.channel.showCard!({ tenant, address: 'room:ops', key, revision }, answer, null);
const texts = async (principal = uday) =>
  (await door.messages(principal, undefined)).messages.map(({ text }) => text);

describe('a send', () => {
  it('twice is one message with one set of buttons', async () => {
    const answer = reply('Switch proposed', buttons({ label: 'Approve', operation: 'task.list', input: {} }));
    const first = await send('obx:1', 'room:ops', answer);
    const [before] = (await door.messages(uday, undefined)).messages;

    expect(await send('obx:1', 'room:ops', answer)).toEqual(first);
    expect((await door.messages(uday, undefined)).messages).toEqual([before]);
    expect(await store.records(chatActions).scoped(tenant).count({})).toBe(1);
  });

  it('to a person is read by nobody else, to the room by everybody of the tenant', async () => {
    await send('1', 'person:usr_uday', reply('for Uday'));
    await send('2', 'room:ops', reply('for all'));

    expect(await texts(uday)).toEqual(['for Uday', 'for all']);
    expect(await texts(meera)).toEqual(['for all']);
    expect(await texts(person('Uday', 'owner', 'en', 'other'))).toEqual([]);
  });

  it.each(['room:secret', 'person:', '', 'person'])('to %j is refused for good', async (address) => {
    await expect(send('1', address, reply('hm'))).rejects.toMatchObject({
      code: 'remote.refused',
      retryable: false,
    });
  });

  it('of an event is refused for good', async () => {
    const event = { type: 'task.added', version: 1, payload: {} };
    const sent = platform.channel.send({
      id: '1',
      tenant,
      address: 'room:ops',
      body: { kind: 'event', event },
    });

    await expect(sent).rejects.toMatchObject({ code: 'remote.refused', retryable: false });
  });
});

describe('a card', () => {
  it('is one message that changes in place', async () => {
    const first = await show(1, reply('3 failures'));
    await send('1', 'room:ops', reply('something else'));

    expect(await show(2, reply('5 failures'))).toEqual(first);
    expect(await texts()).toEqual(['5 failures', 'something else']);
  });

  it('never goes back to an older revision', async () => {
    await show(3, reply('resolved'));
    await show(2, reply('5 failures'));
    await Promise.all([show(4, reply('open again')), show(3, reply('resolved'))]);

    expect(await texts()).toEqual(['open again']);
  });

  it('gives the same button the same key in every revision, and another button another', async () => {
    const keys = async () => (await door.messages(uday, undefined)).messages[0]!.buttons.map(({ id }) => id);
    const silence = { label: 'Silence', operation: 'task.list', input: {} };
    await show(1, reply('3 failures', buttons(silence)));
    const [before] = await keys();
    await show(2, reply('5 failures', buttons({ ...silence, input: { hours: 4 } }, silence)));
    const [other, after] = await keys();

    expect(after).toBe(before);
    expect(other).not.toBe(before);
  });
});

describe('following', () => {
  it('gives what came and what changed since, each once', async () => {
    await send('1', 'room:ops', reply('one'));
    await show(1, reply('card 1'));
    const start = await door.messages(uday, undefined);
    await send('2', 'room:ops', reply('two'));
    await show(2, reply('card 2'));
    const then = await door.messages(uday, start.next);

    expect(start.messages.map(({ text }) => text)).toEqual(['one', 'card 1']);
    expect(then.messages.map(({ text }) => text)).toEqual(['two', 'card 2']);
    expect((await door.messages(uday, then.next)).messages).toEqual([]);
  });

  it('misses nothing that a slower clock wrote late, and repeats nothing', async () => {
    const late = createSteppingClock('2026-11-21T08:59:57.000Z');
    const behind = createConsolePlatform({
      messages: store.records<ConsoleMessageRow>(consoleMessages),
      actions: createChatActions(store.records(chatActions)),
      clock: late,
    });
    await send('1', 'room:ops', reply('in time'));
    const start = await door.messages(uday, undefined);
    await behind.channel.send({
      id: '2',
      tenant,
      address: 'room:ops',
      body: { kind: 'reply', reply: reply('late') },
    });
    const then = await door.messages(uday, start.next);

    expect(then.messages.map(({ text }) => text)).toEqual(['late']);
    expect((await door.messages(uday, then.next)).messages).toEqual([]);
  });

  it('gives each of any stream of messages once, with cursors that stay short', async () => {
    const pauses = fc.array(fc.tuple(fc.nat(7_000), fc.boolean()), { maxLength: 60 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(pauses, async (steps) => {
        run += 1;
        const reader = person(`Reader${run}`, 'user');
        const got: string[] = [];
        let next: string | undefined;
        const look = async () => {
          const page = await door.messages(reader, next);
          next = page.next;
          expect(next.length).toBeLessThanOrEqual(200);
          got.push(...page.messages.filter(({ shared }) => !shared).map(({ text }) => text));
        };
        await look();
        for (const [at, [pauseMs, looks]] of steps.entries()) {
          clock.pass(pauseMs);
          await send(`${run}-${at}`, `person:${reader.actor.id}`, reply(String(at)));
          if (looks) await look();
        }
        await look();

        expect(got).toEqual(steps.map((_, at) => String(at)));
      }),
      { numRuns: 40 },
    );
  });

  it.each(['x!', '', '....', 'zzzzzzzzzzzz', '0.'.repeat(200)])('refuses the place %j', async (after) => {
    await expect(door.messages(uday, after)).rejects.toMatchObject({ code: 'input.invalid' });
  });
});

describe('a picture', () => {
  it('is read by those who may read its message', async () => {
    const { messageId } = await send(
      '1',
      'person:usr_uday',
      reply('See', picture('a line', '<svg>1</svg>'), picture('two', '<svg>2</svg>')),
    );

    expect(await door.picture(uday, messageId, 1)).toBe('<svg>2</svg>');
    for (const [reader, index] of [
      [meera, 0],
      [uday, 2],
      [uday, -1],
      [uday, Number.NaN],
    ] as const)
      await expect(door.picture(reader, messageId, index)).rejects.toMatchObject({
        code: 'record.not_found',
      });
  });
});

describe('text', () => {
  const answer = withStatus(
    'look',
    reply(
      ['Task ', { bold: 'late' }, ': ', { link: 'open', href: 'https://shop.example/t' }],
      fields({ Id: [{ code: 'tsk_1' }] }),
      table(
        [{ label: 'Name' }, { label: 'Paise', numeric: true }],
        [
          ['चाय', '5'],
          ['coffee', '1,200'],
        ],
      ),
      list(['one', 'two']),
      picture('a line that rises', '<svg/>'),
      code('a\n  b'),
      context('as of 15:00'),
      buttons({ label: 'Press', operation: 'task.list', input: {} }),
    ),
  );

  it('reads as a person would read it', () => {
    expect(plainText(answer)).toBe(
      [
        '▲ Task late: open (https://shop.example/t)',
        'Id: tsk_1',
        'Name    Paise',
        'चाय          5',
        'coffee  1,200',
        '- one',
        '- two',
        '[picture: a line that rises]',
        'a',
        '  b',
        'as of 15:00',
      ].join('\n'),
    );
  });

  it('in a terminal is the same but for its colours', () => {
    const esc = String.fromCharCode(27);

    expect(ansiText(answer)).not.toBe(plainText(answer));
    expect(ansiText(answer).replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), '')).toBe(plainText(answer));
  });

  it('of any content never steers the terminal', () => {
    const esc = String.fromCharCode(27);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const hostile = `${text}${esc}[2J${esc}]0;x\u0007\r\u009b31m`;
        const shown = plainText(
          reply(hostile, fields({ [hostile]: hostile }), code(hostile), list([hostile])),
        );

        expect(shown).not.toMatch(/(?![\n\t])\p{Cc}/u);
      }),
    );
  });
});
