// A storm of 429s: a room that a platform limits for a minute waits alone, and loses nothing but time.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Task, tasks } from '../../models/task.ts';
import { createIds } from '../../src/core/ids.ts';
import { reply } from '../../src/core/reply.ts';
import { traceOf } from '../../src/core/trace.ts';
import { testCtx } from '../support/context.ts';
import { visibleText } from '../support/fakes/slack/fake.ts';
import { type ProgramScene, programScene } from '../support/talkers/program-scene.ts';
import { anyTask } from '../support/talkers/stage.ts';
import { hireInto } from '../support/talkers/team.ts';

const LIMITED_S = 60;
const STEP_MS = 250;
/** What a message may take beyond the pace of its room. */
const GRACE_MS = 2_000;
const MESSAGES = 8;
const SLACK_PACE_MS = 1_000;
const GROUP_PACE_MS = 3_000;

let scene: ProgramScene;
const ids = createIds();

beforeEach(async () => {
  scene = await programScene();
});
afterEach(() => scene.close());

async function announce(destination: string, words: string): Promise<void> {
  const id = ids.fresh('tsk');
  const item = { kind: 'send' as const, destination, body: { kind: 'reply' as const, reply: reply(words) } };
  const trace = traceOf(testCtx({ now: scene.clock.now() }), { target: id }, item);
  await scene.store.facts<Task>(tasks).scoped('default').insertOnce(id, anyTask, trace);
}

/** Lets time pass in small steps, and notes when each message is first seen in its room. */
async function watch(rooms: Readonly<Record<string, () => readonly string[]>>, untilMs: number) {
  const seen = new Map<string, number>();
  while (scene.clock.monotonicMs() < untilMs) {
    scene.clock.pass(STEP_MS);
    await scene.program.outbox.drain();
    for (const [room, read] of Object.entries(rooms))
      for (const words of read()) {
        const key = `${room}: ${words}`;
        if (!seen.has(key)) seen.set(key, scene.clock.monotonicMs());
      }
  }
  return seen;
}

const numbered = Array.from({ length: MESSAGES }, (_, n) => `message ${n + 1}`);

describe('a storm in one room of Slack and one chat of Telegram', () => {
  it('slows no other room, and what waited comes whole, once and in order', async () => {
    const { slack, telegram, clock } = scene;
    const channels = ['storm', 'calm', 'quiet'].map((name) => slack.workspace.addChannel({ name }));
    const groups = ['Storm', 'Calm'].map((title) => telegram.group(title));
    const [storm, calm, quiet] = channels;
    const [stormChat, calmChat] = groups;
    if (!storm || !calm || !quiet || !stormChat || !calmChat) throw new Error('five rooms were made');
    const inSlack = (id: string) => () => slack.workspace.messagesIn(id).map(visibleText);
    const inTelegram = (id: number) => () => telegram.said(id).map(({ text }) => text ?? '');
    const limited = { storm: inSlack(storm.id), Storm: inTelegram(stormChat.id) };
    const free = { calm: inSlack(calm.id), quiet: inSlack(quiet.id), Calm: inTelegram(calmChat.id) };
    const lift = slack.faults.add({
      fault: { kind: 'rate_limited', retryAfterSeconds: LIMITED_S },
      method: 'chat.postMessage',
      channel: storm.id,
    });
    telegram.fail({ kind: 'rate', chat: stormChat.id, retryAfter: LIMITED_S });
    const asha = await scene.voice('slack', 'Asha', await hireInto(scene.store, 'Asha', 'manager'));
    const beganMs = clock.monotonicMs();
    for (const words of numbered) {
      for (const { id } of channels) await announce(`slack:${slack.workspace.team.id}/${id}`, words);
      for (const { id } of groups) await announce(`telegram:${telegram.bot.id}/${id}`, words);
    }
    await asha.says('tasks');

    const seen = await watch({ ...free, ...limited }, beganMs + (LIMITED_S - 5) * 1_000);

    for (const [room, read] of Object.entries(limited)) expect(read(), room).toEqual([]);
    for (const [room, read] of Object.entries(free)) {
      expect(read(), room).toEqual(numbered);
      const pace = room === 'Calm' ? GROUP_PACE_MS : SLACK_PACE_MS;
      for (const [n, words] of numbered.entries()) {
        const tookMs = (seen.get(`${room}: ${words}`) ?? Number.NaN) - beganMs;
        expect(tookMs, `${words} in ${room}`).toBeLessThan((n + 1) * pace + GRACE_MS);
      }
    }
    await asha.sees(/task/i);
    const toStorm = slack.calls.filter(
      ({ method, given }) => method.startsWith('chat.') && given['channel'] === storm.id,
    );
    expect(toStorm, 'nobody knocks again before the minute is over').toHaveLength(1);
    expect(telegram.calls.filter(({ chat }) => chat === stormChat.id)).toHaveLength(1);

    lift();
    telegram.mend();
    await watch({}, beganMs + 2 * LIMITED_S * 1_000);
    for (const [room, read] of Object.entries(limited)) expect(read(), room).toEqual(numbered);
    const health = await scene.program.outbox.health();
    expect(health.waiting).toBe(0);
    const refused = slack.calls.filter(({ outcome }) => /rate.?limited/.test(outcome));
    expect(refused).toHaveLength(1);
  });

  it('is outlived when every room of both platforms is limited at once', async () => {
    const { slack, telegram, clock } = scene;
    const channel = slack.workspace.addChannel({ name: 'all' });
    const group = telegram.group('All');
    const lift = slack.faults.add({ fault: { kind: 'rate_limited', retryAfterSeconds: 30 } });
    telegram.fail({ kind: 'rate', retryAfter: 30 });
    const person = await hireInto(scene.store, 'Ravi', 'manager');
    const ravi = await scene.voice('console', 'Ravi', person);
    for (const words of numbered) {
      await announce(`slack:${slack.workspace.team.id}/${channel.id}`, words);
      await announce(`telegram:${telegram.bot.id}/${group.id}`, words);
    }
    await watch({}, clock.monotonicMs() + 5_000);
    await ravi.says('/tasks');
    await ravi.sees(/task/i);
    lift();
    telegram.mend();
    await watch({}, clock.monotonicMs() + 120_000);
    expect(slack.workspace.messagesIn(channel.id).map(visibleText)).toEqual(numbered);
    expect(telegram.said(group.id).map(({ text }) => text)).toEqual(numbered);
  });
});
