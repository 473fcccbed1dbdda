import { afterEach, describe, expect, it } from 'vitest';
import { createChatActions } from '../../bots/actions.ts';
import { createSlackApi } from '../../bots/slack/api.ts';
import { createSlackChannel } from '../../bots/slack/channel.ts';
import { createModals } from '../../bots/slack/modals.ts';
import { createDirectory } from '../../bots/slack/people.ts';
import { createPictures } from '../../bots/slack/pictures.ts';
import { createPost } from '../../bots/slack/post.ts';
import { createAnswerUrls } from '../../bots/slack/response.ts';
import { chatActions } from '../../models/chat-action.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { slackSends } from '../../models/slack-send.ts';
import { type Task, tasks } from '../../models/task.ts';
import type { AppError } from '../../src/core/errors.ts';
import { createLogger } from '../../src/core/logger.ts';
import type { OutboxContent } from '../../src/core/outbox-item.ts';
import { picture, reply } from '../../src/core/reply.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import { postSigned } from '../../src/outbox/signed-post.ts';
import { type SlackFakeOptions, startSlackFake, visibleText } from '../support/fakes/slack/fake.ts';
import type { SlackMessage } from '../support/fakes/slack/workspace.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { until } from '../support/program.ts';

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const task = {
  ...{ title: 'Something', source: 'chat', category: 'general', priority: 'low' as const, rank: 3 },
  ...{ status: 'open' as const, ownerId: null, ownerName: null, doneAt: null, note: '' },
};

/** The channel of Slack under a real outbox, and a Slack beside it; ten seconds pass in one. */
async function world(options: SlackFakeOptions = {}) {
  const clock = createFastClock(10);
  const fake = await startSlackFake({ nowMs: () => clock.now().getTime(), ...options });
  open.push(fake.close);
  const logs: string[] = [];
  const scrub = createScrubber();
  const logger = createLogger({ level: 'debug', sink: { write: (line) => logs.push(line) }, scrub });
  const store = createMemoryStore();
  const api = createSlackApi({ token: fake.tokens.bot, url: fake.apiUrl, logger });
  const actions = createChatActions(store.records(chatActions));
  const post = (url: string, body: string) => postSigned({ url, body, headers: {}, timeoutMs: 10_000 });
  const answerUrls = createAnswerUrls({ apiUrl: fake.apiUrl, post, logger });
  const channel = createSlackChannel({
    post: createPost({ api, answerUrls }),
    pictures: createPictures({ api, draw: async () => Buffer.from('PNG'), logger }),
    modals: createModals({ api, actions, clock, logger }),
    directory: createDirectory({ api, clock }),
    actions,
    sends: store.records(slackSends),
    clock,
    readOn: () => 'Read on in the console.',
  });
  const facts = store.facts<Task>(tasks);
  const outbox = createOutbox({
    ...{ store, facts: [facts], audit: { insertRows: async () => undefined }, channels: [channel] },
    ...{ clock, random: () => 0.5, logger, worker: 'one', pollMs: 20 },
  });
  outbox.start();
  open.push(outbox.stop);
  let count = 0;
  /** Leaves these in the outbox, as a write would. */
  const leave = async (...items: OutboxContent[]): Promise<void> => {
    count += 1;
    const at = clock.now();
    const history = { effectKey: `effect-${count}`, at, by: 'test', operation: 'test.run' };
    await facts.scoped('default').insertOnce(`tsk_${count}`, task, { history, items });
    outbox.nudge();
  };
  const send = (destination: string, words: string, place = {}): OutboxContent => ({
    kind: 'send',
    destination,
    body: { kind: 'reply', reply: reply(words), place },
  });
  const team = fake.workspace.team.id;
  const at = (id: string): string => `slack:${team}/${id}`;
  const idle = (): Promise<unknown> =>
    until(async () => ((await outbox.health()).waiting === 0 ? true : undefined));
  return { fake, clock, channel, outbox, leave, send, at, idle, logs };
}

const seen = (messages: readonly SlackMessage[]): string[] => messages.map(visibleText);

describe('messages to Slack', () => {
  it('of one channel keep their order and the pace of a second', async () => {
    const { fake, leave, send, at, idle } = await world();
    const ops = fake.workspace.addChannel({ name: 'ops' });
    await leave(...Array.from({ length: 6 }, (_, n) => send(at(ops.id), `message ${n}`)));
    await until(() => (fake.workspace.messagesIn(ops.id).length === 6 ? true : undefined));
    await idle();
    const messages = fake.workspace.messagesIn(ops.id);
    expect(seen(messages)).toEqual(Array.from({ length: 6 }, (_, n) => `message ${n}`));
    expect(fake.calls.filter(({ outcome }) => outcome === 'ratelimited')).toEqual([]);
  });

  it('to a limited channel hold up no other, and arrive after the wait that was asked for', async () => {
    const { fake, leave, send, at, clock } = await world();
    const [slow, free] = [fake.workspace.addChannel({ name: 'a' }), fake.workspace.addChannel({ name: 'b' })];
    fake.faults.add({
      fault: { kind: 'rate_limited', retryAfterSeconds: 20 },
      method: 'chat.postMessage',
      channel: slow.id,
      times: 1,
    });
    const before = clock.now().getTime();
    await leave(send(at(slow.id), 'to the limited one'), send(at(free.id), 'to the other'));
    await until(() => (fake.workspace.messagesIn(free.id).length > 0 ? true : undefined));
    expect(fake.workspace.messagesIn(slow.id)).toHaveLength(0);
    await until(() => (fake.workspace.messagesIn(slow.id).length > 0 ? true : undefined));
    expect((fake.workspace.messagesIn(slow.id)[0]?.atMs ?? 0) - before).toBeGreaterThan(19_000);
  });

  it('of an outage wait and arrive once, in order', async () => {
    const { fake, leave, send, at, idle } = await world();
    const ops = fake.workspace.addChannel({ name: 'ops' });
    const lift = fake.faults.add({ fault: { kind: 'status', status: 503 } });
    await leave(send(at(ops.id), 'first'), send(at(ops.id), 'second'));
    await until(() => (fake.calls.length >= 2 ? true : undefined));
    lift();
    await until(() => (fake.workspace.messagesIn(ops.id).length >= 2 ? true : undefined));
    await idle();
    expect(seen(fake.workspace.messagesIn(ops.id))).toEqual(['first', 'second']);
  });

  it('whose answer was lost may be shown twice, are counted, and share their name', async () => {
    const { fake, leave, send, at, idle, outbox } = await world();
    const ops = fake.workspace.addChannel({ name: 'ops' });
    fake.faults.add({ fault: { kind: 'lost' }, method: 'chat.postMessage', times: 1 });
    await leave(send(at(ops.id), 'hello'));
    await until(() => (fake.workspace.messagesIn(ops.id).length === 2 ? true : undefined));
    await idle();
    expect((await outbox.health()).ambiguous).toBe(1);
    const [one, two] = fake.workspace.messagesIn(ops.id);
    expect(one?.metadata).toEqual(two?.metadata);
    expect(JSON.stringify(one?.metadata)).toContain('msg_');
  });

  it('to a channel that is not there are given up at once, with Slack’s word for it', async () => {
    const { fake, leave, send, at, outbox, logs } = await world();
    await leave(send(at('C0NOWHERE'), 'hello'));
    await until(async () => ((await outbox.health()).dead === 1 ? true : undefined));
    expect(fake.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
    expect(logs.join('\n')).toContain('channel_not_found');
  });

  it('wait while the token is revoked, and say what to mend', async () => {
    const { fake, leave, send, at, outbox, logs } = await world();
    const ops = fake.workspace.addChannel({ name: 'ops' });
    fake.revokeToken();
    await leave(send(at(ops.id), 'hello'));
    await until(() => (fake.calls.some(({ outcome }) => outcome === 'token_revoked') ? true : undefined));
    expect(await outbox.health()).toMatchObject({ waiting: 1, dead: 0 });
    expect(logs.join('\n')).toContain('token_revoked');
  });

  it('of several parts go on where they stopped', async () => {
    const { fake, leave, send, at, idle } = await world();
    const ops = fake.workspace.addChannel({ name: 'ops' });
    await leave(send(at(ops.id), 'word '.repeat(4_000)));
    await until(() => (fake.workspace.messagesIn(ops.id).length === 1 ? true : undefined));
    fake.faults.add({ fault: { kind: 'status', status: 500 }, method: 'chat.postMessage', times: 1 });
    await idle();
    const messages = fake.workspace.messagesIn(ops.id);
    expect(messages).toHaveLength(2);
    expect(messages[1]?.threadTs).toBe(messages[0]?.ts);
  });
});

describe('live cards in Slack', () => {
  it('are edited in place, and shown anew when somebody deleted them', async () => {
    const { fake, leave, at, idle } = await world();
    const ops = fake.workspace.addChannel({ name: 'ops' });
    const card = (revision: number, words: string): OutboxContent => ({
      kind: 'card',
      ...{ destination: at(ops.id), key: 'alert', revision, reply: reply(words) },
    });
    await leave(card(1, 'one failed'));
    await until(() => (fake.workspace.messagesIn(ops.id).length === 1 ? true : undefined));
    await leave(card(2, 'two failed'));
    await until(() => (fake.workspace.messagesIn(ops.id)[0]?.edits === 1 ? true : undefined));
    await idle();
    expect(seen(fake.workspace.messagesIn(ops.id))).toEqual(['two failed']);
    fake.workspace.messages.length = 0;
    await leave(card(3, 'all well'));
    await until(() => (fake.workspace.messagesIn(ops.id).length === 1 ? true : undefined));
    expect(seen(fake.workspace.messagesIn(ops.id))).toEqual(['all well']);
  });

  it('hold what stands under them in their thread', async () => {
    const { fake, leave, send, at } = await world();
    const ops = fake.workspace.addChannel({ name: 'ops' });
    const card: OutboxContent = {
      kind: 'card',
      ...{ destination: at(ops.id), key: 'alert', revision: 1, reply: reply('one failed') },
    };
    await leave(card, send(at(ops.id), 'acknowledged by Asha', { underCard: 'alert' }));
    await until(() => (fake.workspace.messagesIn(ops.id).length === 2 ? true : undefined));
    const [shown, under] = fake.workspace.messagesIn(ops.id);
    expect(under?.threadTs).toBe(shown?.ts);
  });

  it('to a person go to their private channel, and are edited there', async () => {
    const { fake, leave, at } = await world();
    const asha = fake.workspace.addUser('Asha');
    const card = (revision: number): OutboxContent => ({
      kind: 'card',
      ...{ destination: at(asha.id), key: 'alert', revision, reply: reply(`revision ${revision}`) },
    });
    await leave(card(1));
    const own = fake.workspace.directChannel(asha);
    await until(() => (fake.workspace.messagesIn(own.id).length === 1 ? true : undefined));
    await leave(card(2));
    await until(() => (fake.workspace.messagesIn(own.id)[0]?.edits === 1 ? true : undefined));
  });
});

describe('pictures in Slack', () => {
  const chart = reply('Revenue', picture('Revenue rose to ₹12,000', '<svg/>'));

  it('are shown with their words, once Slack has looked at them', async () => {
    const { fake, channel, at, leave } = await world({ fileReadyAfterMs: 1_500 });
    const ops = fake.workspace.addChannel({ name: 'ops' });
    await leave({ kind: 'send', destination: at(ops.id), body: { kind: 'reply', reply: chart } });
    await until(() => (fake.workspace.messagesIn(ops.id).length === 1 ? true : undefined));
    const [file] = fake.workspace.files.values();
    expect(fake.workspace.files.size).toBe(1);
    expect(file?.altText).toBe('Revenue rose to ₹12,000');
    expect(fake.workspace.messagesIn(ops.id)[0]?.blocks[1]).toEqual({
      type: 'image',
      slack_file: { id: file?.id },
      alt_text: 'Revenue rose to ₹12,000',
    });
    expect(channel.scheme).toBe('slack');
  });

  it('are told in words where the app may not upload', async () => {
    const { fake, at, leave } = await world();
    const ops = fake.workspace.addChannel({ name: 'ops' });
    fake.faults.add({
      fault: { kind: 'error', error: 'missing_scope' },
      method: 'files.getUploadURLExternal',
    });
    await leave({ kind: 'send', destination: at(ops.id), body: { kind: 'reply', reply: chart } });
    await until(() => (fake.workspace.messagesIn(ops.id).length === 1 ? true : undefined));
    expect(seen(fake.workspace.messagesIn(ops.id))[0]).toContain('Picture: Revenue rose to ₹12,000');
  });
});

describe('a message for one person', () => {
  it('goes to them alone, by the next way where the last is closed', async () => {
    const { fake, leave, send, at, idle } = await world();
    const asha = fake.workspace.addUser('Asha');
    const inside = fake.workspace.addChannel({ name: 'inside', members: [asha] });
    const outside = fake.workspace.addChannel({ name: 'outside', withBot: false, members: [asha] });
    await leave(
      send(at(inside.id), 'beside you', { onlyFor: asha.id }),
      send(at(outside.id), 'at home', { onlyFor: asha.id }),
    );
    await until(() => (fake.workspace.messages.length === 2 ? true : undefined));
    await idle();
    expect(fake.workspace.messagesIn(inside.id)[0]?.onlyFor).toBe(asha.id);
    expect(fake.workspace.messagesIn(outside.id)).toHaveLength(0);
    expect(seen(fake.workspace.messagesIn(fake.workspace.directChannel(asha).id))).toEqual(['at home']);
  });

  it('is not sent to an address that is none of Slack’s', async () => {
    const { fake, channel } = await world();
    const asha = fake.workspace.addUser('Asha');
    const outside = fake.workspace.addChannel({ name: 'outside', withBot: false, members: [asha] });
    const body = {
      kind: 'reply' as const,
      reply: reply('secret'),
      place: { handle: 'http://169.254.169.254/latest/meta-data' },
    };
    const address = `${fake.workspace.team.id}/${outside.id}`;
    const refused = await channel
      .send({ id: 'x', tenant: 'default', address, body })
      .catch((error: AppError) => error);
    expect(refused).toMatchObject({ code: 'remote.refused', retryable: false });
  });
});
