import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visibleText } from '../support/fakes/slack/fake.ts';
import { type SlackTalker, type SlackWorld, slackWorld } from '../support/slack-world.ts';

let world: SlackWorld;
let asha: SlackTalker;
let vik: SlackTalker;

beforeAll(async () => {
  world = await slackWorld();
  asha = await world.person('Asha', 'manager');
  vik = await world.person('Vik', 'viewer');
});

afterAll(() => world.close());

describe('somebody of the team, in Slack', () => {
  it('says a verb in the private channel and sees its answer, with its buttons', async () => {
    await asha.says('task add "Fix the receipts" --priority high');
    await asha.sees('Added *Fix the receipts* (high)');
    expect(await asha.offered()).toContain('Done');
  });

  it('presses a button and sees what it did', async () => {
    await asha.says('task add "Call the bank"');
    await asha.presses('Done');
    await asha.sees('Call the bank');
    await asha.says('/tasks done');
    await asha.sees('Call the bank');
  });

  it('uses the one command, a command of its own, and a mention in the room of the team', async () => {
    await asha.says('/ops task add "By the command"', world.ops);
    await asha.sees('By the command', world.ops);
    await asha.says('/tasks', world.ops);
    await asha.sees('By the command', world.ops);
    const mention = await asha.says(`<@${world.fake.workspace.bot.id}> tasks`, world.ops);
    const answer = world.fake.seenBy(vik.user, world.ops).at(-1);
    expect(answer).toMatchObject({ threadTs: mention?.ts, onlyFor: null });
  });

  it('is answered once, although a mention arrives as two events', async () => {
    const before = (await world.updates()).length;
    await asha.says(`<@${world.fake.workspace.bot.id}> me`, world.ops);
    expect((await world.updates()).length).toBe(before + 1);
  });

  it('is asked for what is missing in a form, told what is wrong in it, and answered where it began', async () => {
    await asha.says('/ops task add --priority low', world.ops);
    const open = world.fake.viewOf(asha.user);
    expect(open?.view).toMatchObject({ callback_id: 'form', submit: { text: 'Send' } });
    const wrong = await world.fake.submits(asha.user, { title: 'x'.repeat(301) });
    expect(wrong.answer).toMatchObject({ response_action: 'errors', errors: { title: expect.any(String) } });
    const right = await world.fake.submits(asha.user, { title: 'By the form' });
    expect(right).toMatchObject({ status: 200, answer: '' });
    expect(world.fake.viewOf(asha.user)).toBeUndefined();
    await asha.sees('Added *By the form* (low)', world.ops);
  });

  it('makes a task of a message by its menu', async () => {
    const said = await vik.says('The wallet shows the wrong total', world.ops);
    await world.fake.shortcut(asha.user, 'task_add', said);
    await world.settle();
    expect(JSON.stringify(world.fake.viewOf(asha.user)?.view)).toContain('The wallet shows the wrong total');
    await world.fake.submits(asha.user, {});
    await asha.sees('Added *The wallet shows the wrong total*', world.ops);
  });

  it('is denied what their role does not hold, and nothing is done', async () => {
    await vik.says('/ops task add "Not mine to add"', world.ops);
    await vik.sees(/may not|not allowed|needs|permission/i, world.ops);
    await asha.says('/tasks', world.ops);
    await asha.neverSees('Added *Not mine to add*', world.ops);
  });

  it('is told alone what is for them alone, also in the room of the team', async () => {
    await asha.says('/ops login', world.ops);
    const mine = world.fake.seenBy(asha.user, world.ops).at(-1);
    expect(mine?.onlyFor).toBe(asha.user.id);
    expect(world.fake.seenBy(vik.user, world.ops).map(visibleText).join('\n')).not.toContain('/login/');
  });

  it('is answered alone in a room that is not bound, and through the answer address where the app is not in', async () => {
    const side = world.fake.workspace.addChannel({ name: 'side', members: [asha.user, vik.user] });
    await asha.says('/ops tasks', side);
    expect(world.fake.seenBy(asha.user, side).at(-1)?.onlyFor).toBe(asha.user.id);
    expect(world.fake.seenBy(vik.user, side)).toHaveLength(0);
    const far = world.fake.workspace.addChannel({ name: 'far', withBot: false, members: [asha.user] });
    await asha.says('/ops tasks', far);
    expect(world.fake.seenBy(asha.user, far).at(-1)?.onlyFor).toBe(asha.user.id);
    expect(world.fake.calls.at(-1)).toMatchObject({ method: 'response_url', outcome: 'ok' });
  });
});
