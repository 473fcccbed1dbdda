import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCtx } from '../support/context.ts';
import { signatureOf } from '../support/fakes/slack/app-door.ts';
import { visibleText } from '../support/fakes/slack/fake.ts';
import type { SlackUser } from '../support/fakes/slack/workspace.ts';
import { type SlackTalker, type SlackWorld, slackWorld } from '../support/slack-world.ts';

let world: SlackWorld;
let asha: SlackTalker;

beforeAll(async () => {
  world = await slackWorld();
  asha = await world.person('Asha', 'admin');
});

afterAll(() => world.close());

const url = (): string => world.appUrl;

/** Posts what Slack would, signed as told. */
async function post(body: string, given: { type?: string; secret?: string; shiftS?: number } = {}) {
  const { type = 'application/json', secret = world.fake.signingSecret, shiftS = 0 } = given;
  const seconds = Math.floor(world.clock.now().getTime() / 1_000) + shiftS;
  return fetch(url(), {
    method: 'POST',
    body,
    headers: {
      'Content-Type': type,
      'X-Slack-Request-Timestamp': String(seconds),
      'X-Slack-Signature': signatureOf(secret, seconds, body),
    },
  });
}

const countUpdates = async (): Promise<number> => (await world.updates()).length;

describe('the door of Slack', () => {
  it('answers the challenge of Slack, and the check of its certificate', async () => {
    expect((await world.fake.verifiesUrl()).answer).toEqual({ challenge: 'prove-it' });
    const checked = await post('ssl_check=1&token=x', { type: 'application/x-www-form-urlencoded' });
    expect(checked.status).toBe(200);
  });

  it('stores nothing that is not proved, is old, or cannot be read', async () => {
    const before = await countUpdates();
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: 'T1',
      event_id: 'Ev1',
      event: { type: 'message' },
    });
    expect((await post(body, { secret: 'another secret' })).status).toBe(401);
    expect((await post(body, { shiftS: -301 })).status).toBe(401);
    expect((await post(body, { shiftS: 330 })).status).toBe(401);
    expect((await fetch(url(), { method: 'POST', body })).status).toBe(401);
    expect((await post('{"type": ')).status).toBe(400);
    expect((await post(body, { type: 'text/plain' })).status).toBe(400);
    expect(await countUpdates()).toBe(before);
  });

  it('takes forms and events whose type names a character set', async () => {
    const form = 'command=%2Fops&text=&user_id=U1&team_id=T1&channel_id=C1&trigger_id=1.2.3';
    const type = 'application/x-www-form-urlencoded; charset=utf-8';
    expect((await post(form, { type })).status).toBe(200);
    await world.settle();
  });

  it('acknowledges a repeat and does nothing twice', async () => {
    const said = await world.fake.says(asha.user, world.ops, '/ops task add "Only once"');
    const [first] = said.delivered;
    for (const retry of [1, 2, 3])
      expect((await world.fake.app.repeat(first!.delivery, retry)).status).toBe(200);
    await world.settle();
    const answers = world.fake
      .seenBy(asha.user, world.ops)
      .filter((one) => visibleText(one).includes('Only once'));
    expect(answers).toHaveLength(1);
    await asha.says('/tasks', world.ops);
    const shown = visibleText(world.fake.seenBy(asha.user, world.ops).at(-1)!);
    expect(shown.match(/Only once/g)).toHaveLength(1);
  });

  it('does not keep what Slack once proved itself with', async () => {
    await asha.says('tasks');
    expect(JSON.stringify((await world.updates()).map(({ body }) => body))).not.toContain('deprecated');
  });
});

describe('who is not heard', () => {
  const all = ['guest', 'bot', 'deleted', 'stranger'] as const;
  const users = new Map<string, SlackUser>();

  beforeAll(() => {
    for (const kind of all) {
      const user = world.fake.workspace.addUser(`The ${kind}`, kind);
      world.ops.members.add(user.id);
      users.set(kind, user);
    }
  });

  it.each(all)('a %s: nothing is done, nothing is said in the room', async (kind) => {
    const user = users.get(kind)!;
    const before = world.fake.workspace
      .messagesIn(world.ops.id)
      .filter(({ onlyFor }) => onlyFor === null).length;
    await world.fake.says(user, world.ops, '/ops task add "By nobody"');
    await world.fake.says(user, world.ops, `<@${world.fake.workspace.bot.id}> tasks`);
    await world.settle();
    const after = world.fake.workspace.messagesIn(world.ops.id).filter(({ onlyFor }) => onlyFor === null);
    expect(after.length).toBe(before + 1);
    await asha.says('/tasks', world.ops);
    expect(visibleText(world.fake.seenBy(asha.user, world.ops).at(-1)!)).not.toContain('By nobody');
  });

  it('a guest is told why, alone', async () => {
    const guest = users.get('guest')!;
    await world.fake.says(guest, world.ops, '/ops tasks');
    await world.settle();
    const told = world.fake.seenBy(guest, world.ops).at(-1);
    expect(told?.onlyFor).toBe(guest.id);
    expect(visibleText(told!)).toContain('Guests of this workspace cannot use Wardroom');
  });

  it('somebody nobody has linked is told how to be, and learns nothing else', async () => {
    const nobody = world.stranger(world.fake.workspace.addUser('Nobody'));
    await nobody.says('tasks');
    await nobody.sees('I do not know you here yet');
    await nobody.says('/ops protocol run', world.ops);
    await nobody.sees('I do not know you here yet', world.ops);
    expect(world.fake.viewOf(nobody.user)).toBeUndefined();
  });

  it('a line that was edited, forwarded, or said to others', async () => {
    const before = await countUpdates();
    const said = await asha.says('what is for lunch', world.ops);
    await world.fake.edits(said!, `<@${world.fake.workspace.bot.id}> tasks`);
    await asha.says(`<@${world.fake.workspace.bot.id}> tasks`, world.ops, { forwarded: true });
    expect(await countUpdates()).toBe(before);
  });

  it('answers in a channel shared with others are for the asker alone, bound or not', async () => {
    const shared = world.fake.workspace.addChannel({ name: 'shared', shared: true, members: [asha.user] });
    await asha.says('/ops room bind', shared);
    await asha.presses('Yes', shared).catch(() => undefined);
    await asha.says('/ops tasks', shared);
    const answers = world.fake.workspace.messagesIn(shared.id).filter(({ byBot }) => byBot);
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.every(({ onlyFor }) => onlyFor === asha.user.id)).toBe(true);
  });
});

describe('a form that somebody else sends', () => {
  it('is refused, nothing is done, and the refusal is in the audit log', async () => {
    const ravi = await world.person('Ravi', 'owner');
    await asha.says('/ops task add', world.ops);
    const open = world.fake.viewOf(asha.user);
    if (!open) throw new Error('a form was opened');
    const { id: user, team } = ravi.user;
    const title = { title: { title: { type: 'plain_text_input', value: 'By another hand' } } };
    const payload = {
      ...{ type: 'view_submission', trigger_id: '1.1.forged', team: { id: team } },
      user: { id: user, team_id: team, name: 'Ravi' },
      view: { ...open.view, id: open.id, hash: open.hash, state: { values: title } },
    };
    const sent = await world.fake.app.deliver({ kind: 'interaction', payload });
    expect(sent.status).toBe(200);
    await ravi.sees('This question was put to somebody else', world.ops);
    const { rows } = await world.program.services.audit.list(testCtx(), { who: 'Ravi', limit: 5 });
    expect(rows[0]).toMatchObject({ operation: 'task.add', outcome: 'denied', door: 'slack' });
    world.fake.workspace.views.clear();
    await asha.says('/ops tasks', world.ops);
    await asha.neverSees('By another hand', world.ops);
  });
});

describe('a form whose time has passed', () => {
  it('becomes a message with a button that opens it', async () => {
    const command = { user: asha.user, channel: world.ops, text: '/ops task add' };
    const stale = await world.fake.staleCommand(command);
    expect(stale.status).toBe(200);
    await world.settle();
    expect(world.fake.viewOf(asha.user)).toBeUndefined();
    expect(await asha.offered(world.ops)).toEqual(['Add a task']);
    await asha.presses('Add a task', world.ops);
    expect(world.fake.viewOf(asha.user)?.view).toMatchObject({ callback_id: 'form' });
    await world.fake.submits(asha.user, { title: 'After all' });
    await asha.sees('After all', world.ops);
  });

  it('that a person closed becomes that message too', async () => {
    const view = world.fake.faults.add({
      fault: { kind: 'error', error: 'not_found' },
      method: 'views.update',
    });
    await asha.says('/ops task add', world.ops);
    view();
    expect(await asha.offered(world.ops)).toEqual(['Add a task']);
  });
});
