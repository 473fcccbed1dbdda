// Ways to pass for somebody else in Slack; whoever tries is an owner's account wherever Slack would let it be one.
import type { Principal } from '../../../src/core/actor.ts';
import { bodyOf, signatureOf } from '../fakes/slack/app-door.ts';
import type { SayOptions } from '../fakes/slack/fake.ts';
import { eventPayload, messageEvent } from '../fakes/slack/payloads.ts';
import type { SlackUser, UserKind } from '../fakes/slack/workspace.ts';
import type { Scene } from './scene.ts';
import type { HireArguments } from './slack.ts';
import type { SlackSeat } from './slack-voice.ts';

type Joined = (user: SlackUser, name: string, ...how: HireArguments) => Promise<Principal>;

export function slackTricks({ stage, fake, ops }: SlackSeat, url: string, joined: Joined): Scene['tricks'] {
  const { workspace } = fake;
  let count = 0;

  async function owner(kind: UserKind): Promise<SlackUser> {
    count += 1;
    const name = `Trick${count}`;
    const user = workspace.addUser(name, kind === 'deleted' ? 'member' : kind);
    await joined(user, name, 'owner');
    user.kind = kind;
    return user;
  }

  const saidBy =
    (kind: UserKind, how: SayOptions = {}) =>
    async (line: string): Promise<void> => {
      const user = await owner(kind);
      await fake.says(user, workspace.directChannel(user), line, how);
      await stage.settle();
      if (how.forwarded) return;
      await fake.says(user, ops, `/ops ${line}`);
      await fake.says(user, ops, `<@${workspace.bot.id}> ${line}`);
      await stage.settle();
    };

  async function edited(line: string): Promise<void> {
    const user = await owner('member');
    const { message } = await fake.says(user, workspace.directChannel(user), 'note show');
    await stage.settle();
    if (message) await fake.edits(message, line);
    await stage.settle();
  }

  /** Sent straight to the door, with this secret and this age. */
  const sent =
    (secret: string, ageSeconds: number) =>
    async (line: string): Promise<void> => {
      const user = await owner('member');
      const channel = workspace.directChannel(user);
      const { message } = await fake.says(user, channel, 'note show');
      await stage.settle();
      if (!message) throw new Error('a line leaves a message');
      const event = { ...messageEvent(message, user, channel), text: line, ts: workspace.freshTs() };
      const sender = { workspace, origin: () => '', nowMs: () => stage.clock.monotonicMs() };
      const payload = eventPayload({ ...sender, triggers: NO_TRIGGERS }, event);
      const { body, type } = bodyOf({ kind: 'event', payload });
      const seconds = Math.floor(stage.clock.monotonicMs() / 1_000) - ageSeconds;
      await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': type,
          'x-slack-request-timestamp': String(seconds),
          'x-slack-signature': signatureOf(secret, seconds, body),
        },
        body,
      });
      await stage.settle();
    };

  return {
    'a guest of the workspace': saidBy('guest'),
    'another bot': saidBy('bot'),
    'an account that is closed': saidBy('deleted'),
    'somebody of another organisation': saidBy('stranger'),
    'words that were forwarded': saidBy('member', { forwarded: true }),
    'a message that was edited': edited,
    'a request signed with another secret': sent('another-secret', 0),
    'a request that was recorded six minutes ago': sent(fake.signingSecret, 360),
    'a request from the future': sent(fake.signingSecret, -360),
  };
}

const NO_TRIGGERS = {
  trigger: () => '',
  age: () => undefined,
  spend: () => ({ error: '' }),
  responsePath: () => '',
  respond: () => null,
};
