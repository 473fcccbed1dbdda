// Where announcements go: the rooms of the environment and those bound since, each once, and nobody else's.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outboxRows } from '../../models/outbox-row.ts';
import { type Task, tasks } from '../../models/task.ts';
import type { Principal } from '../../src/core/actor.ts';
import { TEAM_ROOMS } from '../../src/core/outbox-item.ts';
import { reply } from '../../src/core/reply.ts';
import { traceOf } from '../../src/core/trace.ts';
import { testCtx } from '../support/context.ts';
import { buttonsOf, visibleText } from '../support/fakes/slack/fake.ts';
import { armsCsv } from '../support/protocol-world.ts';
import { type ProgramScene, programScene } from '../support/talkers/program-scene.ts';
import { anyTask } from '../support/talkers/stage.ts';
import { hireInto } from '../support/talkers/team.ts';

const HALF_A_DAY_MS = 12 * 3_600_000 + 60_000;
const GATHERED_MS = 31_000;

/** A message of ours as it stands in a room now. */
interface Seen {
  readonly id: string;
  readonly text: string;
  readonly buttons: readonly string[];
  /** The message that it hangs under. */
  readonly under: string | null;
}

interface Room {
  readonly destination: string;
  seen(): readonly Seen[];
}

let scene: ProgramScene;
let asha: Principal;
let ravi: Principal;

beforeEach(async () => {
  scene = await programScene();
  asha = await hireInto(scene.store, 'Asha', 'admin');
  ravi = await hireInto(scene.store, 'Ravi', 'manager');
});
afterEach(() => scene.close());

const ctx = (by: Principal = asha) => testCtx({ actor: by.actor, tenant: by.tenant, now: scene.clock.now() });

function slackRoom(name: string, shared = false): Room {
  const { workspace } = scene.slack;
  return slackRoomOf(workspace.addChannel({ name, shared }).id);
}

function slackRoomOf(id: string): Room {
  const { workspace } = scene.slack;
  return {
    destination: `slack:${workspace.team.id}/${id}`,
    seen: () =>
      workspace
        .messagesIn(id)
        .filter(({ byBot, onlyFor }) => byBot && onlyFor === null)
        .map((one) => ({
          id: one.ts,
          text: visibleText(one),
          buttons: buttonsOf(one),
          under: one.threadTs,
        })),
  };
}

const telegramRoom = (name: string): Room => telegramRoomOf(scene.telegram.group(name).id);

function telegramRoomOf(id: number): Room {
  return {
    destination: `telegram:${scene.telegram.bot.id}/${id}`,
    seen: () =>
      scene.telegram.said(id).map((one) => ({
        id: String(one.message_id),
        text: one.text ?? one.caption ?? '',
        buttons: one.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [],
        under: one.reply_to_message ? String(one.reply_to_message.message_id) : null,
      })),
  };
}

const platforms = { slack: slackRoom, telegram: telegramRoom } as const;

/** The channel and the group that the environment names. */
function namedRooms(): { readonly slack: Room; readonly telegram: Room } {
  const channel = [...scene.slack.workspace.channels.values()].find(({ name }) => name === 'ops');
  const chat = [...scene.telegram.world.rooms.values()].find((room) => room.chat.title === 'Ops');
  if (!channel || !chat) throw new Error('the environment names no room');
  return { slack: slackRoomOf(channel.id), telegram: telegramRoomOf(chat.chat.id) };
}

/** Says a verb that asks first, and presses yes. */
async function sure(platform: 'slack' | 'telegram', verb: string, room: Room): Promise<void> {
  const voice = await scene.voice(platform, `Asha${verb.replace(' ', '')}`, asha);
  await voice.says(`${platform === 'slack' ? '/ops ' : '/'}${verb} ${room.destination}`);
  await scene.deliver();
  await voice.presses(`Yes, ${verb}`);
  await scene.deliver();
}

/** A proposal that waits, as the run that found it leaves it. */
async function propose(): Promise<void> {
  const { experiments, protocol } = scene.program.services;
  await experiments.importFile(ctx(), {
    ...{ experiment: 'offer', content: armsCsv({ old: [2000, 300], neu: [2000, 400] }), default: 'old' },
    ...{ columns: {}, max: undefined, costPaise: new Map(), valuePaise: undefined },
    ...{ dryRun: false, acceptGood: false },
  });
  const run = await protocol.start(ctx(), []);
  await protocol.finish('default', run._id, new AbortController().signal);
}

async function raise(title: string): Promise<void> {
  const { alerts } = scene.program.services;
  await alerts.raise(ctx(), {
    fingerprint: title,
    group: title,
    title,
    severity: 'critical',
    source: 'test',
  });
  await alerts.drain();
  scene.clock.pass(GATHERED_MS);
  await alerts.drain();
  await scene.deliver();
}

/** Leaves an announcement of a tenant to be delivered, as any write would. */
async function announce(tenant: string, words: string): Promise<void> {
  const body = { kind: 'reply' as const, reply: reply(words) };
  const trace = traceOf(testCtx({ tenant, now: scene.clock.now() }), { target: words }, {
    ...{ kind: 'send', destination: TEAM_ROOMS, body },
  } as const);
  await scene.store.facts<Task>(tasks).scoped(tenant).insertOnce(`tsk_${words}`, anyTask, trace);
  await scene.deliver();
}

const about = (room: Room, words: RegExp): readonly Seen[] =>
  room.seen().filter(({ text }) => words.test(text));

describe.each(['slack', 'telegram'] as const)('a room bound in %s', (platform) => {
  let room: Room;
  beforeEach(async () => {
    room = platforms[platform]('second');
    await sure(platform, 'room bind', room);
  });

  it('gets the cards of runs, requests and alerts, once each, and they are edited to their outcome', async () => {
    await propose();
    await raise('Vouchers run out');

    const [run, request, alert, ...more] = room.seen();
    expect(more).toEqual([]);
    expect(run?.text).toMatch(/^.?.?Protocol run by Asha is done and needs a decision/);
    expect(request).toMatchObject({ buttons: [expect.stringMatching(/^Approve/), 'Reject'] });
    expect(alert?.text).toContain('Vouchers run out');

    await scene.program.services.experiments.approve(ctx(ravi), 'offer', 1, 'as planned');
    await scene.program.services.alerts.resolve(ctx(), 'Vouchers run out', 'bought more');
    scene.clock.pass(GATHERED_MS);
    await scene.program.services.alerts.drain();
    await scene.deliver();

    // A card that loses its picture cannot be edited in Telegram: it is sent anew, and the one before is taken away.
    const [outcome, ...others] = about(room, /Switch offer from/);
    expect(others).toEqual([]);
    expect(outcome).toMatchObject({ text: expect.stringMatching(/: done[\s\S]*Ravi/), buttons: [] });
    const edited = room.seen().find(({ id }) => id === alert?.id);
    expect(edited?.text).toContain('Vouchers run out: over');
    const later = room.seen().filter(({ id }) => ![run?.id, outcome?.id, alert?.id].includes(id));
    expect(later.map(({ under }) => under)).toEqual([alert?.id]);
    expect(about(namedRooms()[platform], /Vouchers run out: over after/)).toHaveLength(1);
  });

  it('is told nothing any more once it is unbound; a card that stands there loses its news and its buttons', async () => {
    await raise('Vouchers run out');
    await sure(platform, 'room unbind', room);
    const before = room.seen();
    await raise('Mails bounce');
    expect(room.seen()).toEqual(before);

    await scene.program.services.alerts.acknowledge(ctx(), 'Vouchers run out');
    await scene.program.services.alerts.resolve(ctx(), 'Vouchers run out', 'bought more');
    await scene.deliver();
    expect(room.seen()).toMatchObject([{ text: 'This room is not told of it any more.', buttons: [] }]);
    expect(about(namedRooms()[platform], /Vouchers run out: over/)).not.toEqual([]);
  });

  it('that is bound again goes on where it was', async () => {
    await raise('Vouchers run out');
    await sure(platform, 'room unbind', room);
    await scene.program.services.alerts.acknowledge(ctx(), 'Vouchers run out');
    await scene.deliver();
    await sure(platform, 'room bind', room);
    await scene.program.services.alerts.assign(ctx(), 'Vouchers run out');
    await scene.deliver();
    expect(room.seen()).toMatchObject([{ text: expect.stringContaining('Looked after') }]);
  });
});

describe('a reminder of a request', () => {
  it('is a reply to its card in Slack and Telegram, and a message like any other in the console', async () => {
    await propose();
    await scene.deliver();
    scene.clock.pass(HALF_A_DAY_MS);
    await scene.program.services.approvals.sweep();
    await scene.deliver();
    for (const room of Object.values(namedRooms())) {
      const [card] = room.seen().filter(({ buttons }) => buttons.includes('Reject'));
      const reminders = about(room, /Still to decide: Switch offer from old to neu[\s\S]*\/approve/);
      expect(reminders).toMatchObject([{ under: card?.id, buttons: [] }]);
    }
    const { messages } = await scene.program.services.console.messages(asha, undefined);
    expect(messages.filter(({ text }) => text.includes('Still to decide'))).toHaveLength(1);
  });
});

describe('a room with two names', () => {
  it('is told once where it is bound and in the environment too', async () => {
    const named = namedRooms();
    await sure('slack', 'room bind', named.slack);
    await sure('telegram', 'room bind', named.telegram);
    await propose();
    await raise('Vouchers run out');
    for (const room of Object.values(named)) {
      expect(about(room, /Vouchers run out/)).toHaveLength(1);
      expect(about(room, /Protocol run by/)).toHaveLength(1);
    }
  });

  it('is told once where a group of the environment was bound by its new number', async () => {
    const named = namedRooms();
    const old = [...scene.telegram.world.rooms.values()].find((room) => room.chat.title === 'Ops');
    if (!old) throw new Error('no group');
    const { id } = scene.telegram.upgrades(old.chat);
    const grown = telegramRoomOf(id);
    await announce('default', 'first words');
    await sure('telegram', 'room bind', grown);
    await announce('default', 'second words');
    expect(named.telegram.seen()).toEqual([]);
    expect(grown.seen().map(({ text }) => text)).toEqual(['first words', 'second words']);
  });
});

describe('a group that the environment names by its public name', () => {
  it('is known by its number once it was written to: told once, and answered openly', async () => {
    await scene.close();
    scene = await programScene({ TELEGRAM_CHAT_ID: '@ops_room' });
    asha = await hireInto(scene.store, 'Asha', 'admin');
    const { telegram } = namedRooms();
    await announce('default', 'first words');
    await sure('telegram', 'room bind', telegram);
    await announce('default', 'second words');
    expect(telegram.seen().map(({ text }) => text)).toEqual(['first words', 'second words']);
    const voice = await scene.voice('telegram', 'Asha2', asha);
    await voice.inTeam.says('/tasks');
    await scene.deliver();
    expect(telegram.seen().at(-1)?.text).toMatch(/task/i);
  });
});

describe('the rooms of another tenant', () => {
  const elsewhere = { kind: 'person', id: 'usr_else', name: 'Else', role: 'admin' } as const;
  const other: Principal = { tenant: 'other', actor: elsewhere, zone: 'Asia/Kolkata', language: 'en' };

  it('are told nothing of ours, and ours nothing of theirs', async () => {
    const [ours, theirs] = [slackRoom('ours'), slackRoom('theirs')];
    await scene.program.services.rooms.bind(ctx(), ours.destination);
    await scene.program.services.rooms.bind(ctx(other), theirs.destination);
    await announce('default', 'our words');
    await announce('other', 'their words');
    const words = (room: Room) => room.seen().map(({ text }) => text);
    expect(words(ours)).toEqual(['our words']);
    expect(words(theirs)).toEqual(['their words']);
    for (const named of Object.values(namedRooms())) expect(words(named)).toEqual(['our words']);
  });

  it('cannot be bound: not those that were, not those of the operator', async () => {
    const ours = slackRoom('ours');
    await scene.program.services.rooms.bind(ctx(), ours.destination);
    for (const { destination } of [ours, namedRooms().telegram])
      await expect(scene.program.services.rooms.bind(ctx(other), destination)).rejects.toMatchObject({
        code: 'record.conflict',
        publicMessage: expect.stringContaining('belongs to another team'),
      });
  });
});

it('are not shown in a channel that another organisation reads, bound as it may be', async () => {
  const shared = slackRoom('shared', true);
  await scene.program.services.rooms.bind(ctx(), shared.destination);
  await announce('default', 'our words');
  await raise('Vouchers run out');
  expect(shared.seen()).toEqual([]);
  const rows = scene.store.records(outboxRows).scoped('default');
  const lost = await rows.find({ where: { status: 'dead' }, limit: 10 });
  expect(lost).toMatchObject([{ problem: expect.stringContaining('shared with another organisation') }]);
});
