// Slack as a scene: the unmodified adapter between the fake and our inbox, requests signed and sent over HTTP.
import { createSlackPlatform } from '../../../bots/slack/platform.ts';
import { slackSends } from '../../../models/slack-send.ts';
import type { Principal } from '../../../src/core/actor.ts';
import { postSigned } from '../../../src/outbox/signed-post.ts';
import { type SlackFake, startSlackFake } from '../fakes/slack/fake.ts';
import type { SlackChannel, SlackUser } from '../fakes/slack/workspace.ts';
import type { Life } from '../killed-store.ts';
import { type Entrance, openEntrance } from './entrance.ts';
import type { Parts, Plug, Process, Scene } from './scene.ts';
import { slackTricks } from './slack-tricks.ts';
import { type SlackSeat, slackVoice } from './slack-voice.ts';
import { createStage } from './stage.ts';

export async function slackScene(): Promise<
  Scene & { readonly fake: SlackFake; readonly ops: SlackChannel }
> {
  const stage = createStage();
  const fake = await startSlackFake({ nowMs: () => stage.clock.monotonicMs() });
  const ops = fake.workspace.addChannel({ name: 'ops' });
  const room = (channel: SlackChannel): string => `slack:${fake.workspace.team.id}/${channel.id}`;
  stage.bound.add(room(ops));
  const entrance = await openEntrance();
  fake.setAppUrl(entrance.url);
  const restart = (life?: Life): Process => stage.boot((parts) => plug(parts, fake, entrance), life);
  restart();
  const seat: SlackSeat = { stage, fake, ops, room };

  async function joined(user: SlackUser, name: string, ...how: HireArguments): Promise<Principal> {
    const principal = await stage.hire(name, ...how);
    await stage.join('slack', `${user.team}/${user.id}`, name, principal);
    ops.members.add(user.id);
    return principal;
  }

  return {
    ...stage,
    ...{ fake, ops, restart },
    platform: 'slack',
    async person(name, role, language) {
      const user = fake.workspace.addUser(name);
      return slackVoice(seat, user, await joined(user, name, role, language));
    },
    stranger(name) {
      const user = fake.workspace.addUser(name);
      ops.members.add(user.id);
      return slackVoice(seat, user, null);
    },
    tricks: slackTricks(seat, entrance.url, joined),
    async close() {
      await entrance.close();
      await fake.close();
    },
  };
}

export type HireArguments = [role: Parameters<Scene['hire']>[1], language?: Parameters<Scene['hire']>[2]];

function plug(parts: Parts, fake: SlackFake, entrance: Entrance): Plug {
  const { store, actions, accounts, isBound, registry, dispatcher, conversations, clock, logger } = parts;
  const platform = createSlackPlatform({
    ...{ actions, accounts, isBound, clock, logger },
    botToken: fake.tokens.bot,
    signingSecrets: [fake.signingSecret],
    apiUrl: fake.apiUrl,
    homeChannel: undefined,
    tenant: 'default',
    sends: store.records(slackSends),
    verbNames: () => new Set([...dispatcher.verbs.keys()].map((name) => name.split('.', 1)[0] ?? '')),
    questions: {
      formAhead: (principal, content) => registry().formAhead(principal, content),
      formProblems: (principal, form, values) => registry().formProblems(principal, form, values),
      choicesOf: async () => [],
      async isAsked(principal, spot) {
        const content = { kind: 'text' as const, text: '' };
        const receivedAt = clock.now();
        const update = { ...spot, id: '', door: 'slack' as const, principal, content, receivedAt };
        return (await conversations.current(update)) !== null;
      },
    },
    post: (url, body) => postSigned({ url, body, headers: {}, timeoutMs: 10_000 }),
    publicUrl: () => 'http://127.0.0.1:3000',
  });
  const connect: Plug['connect'] = (inbox) => {
    entrance.door = platform.connect(inbox).door;
  };
  return { adapter: platform.adapter, channel: platform.channel, connect };
}
