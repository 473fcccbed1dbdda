// Telegram as a scene: the unmodified adapter between the fake and our inbox, updates sent to its webhook over HTTP.
import { createTelegramApi } from '../../../bots/telegram/api.ts';
import { createTelegramChannel } from '../../../bots/telegram/channel.ts';
import { createChats } from '../../../bots/telegram/chats.ts';
import { createPace } from '../../../bots/telegram/pace.ts';
import { createPost } from '../../../bots/telegram/post.ts';
import { botNameFrom, createReader } from '../../../bots/telegram/read.ts';
import { createReceiver } from '../../../bots/telegram/receive.ts';
import { SECRET_HEADER } from '../../../bots/telegram/verify.ts';
import { telegramChats } from '../../../models/telegram-chat.ts';
import { telegramSends } from '../../../models/telegram-send.ts';
import type { Principal } from '../../../src/core/actor.ts';
import { svgToPng } from '../../../src/ui/png.ts';
import { TelegramFake } from '../fakes/telegram/telegram-fake.ts';
import type { TelegramChat, TelegramUpdate, TelegramUser } from '../fakes/telegram/types.ts';
import type { Life } from '../killed-store.ts';
import { type Entrance, openEntrance } from './entrance.ts';
import type { Parts, Plug, Process, Scene } from './scene.ts';
import type { HireArguments } from './slack.ts';
import { createStage } from './stage.ts';
import { telegramTricks } from './telegram-tricks.ts';
import { type TelegramSeat, telegramVoice } from './telegram-voice.ts';

export const SECRET = 'the-secret-of-the-webhook';

export type TelegramScene = Scene & { readonly fake: TelegramFake; readonly ops: TelegramChat };

export async function telegramScene(): Promise<TelegramScene> {
  const stage = createStage();
  const fake = await TelegramFake.start({
    nowMs: () => stage.clock.monotonicMs(),
    callbackLivesMs: 100 * 3_600_000,
  });
  const ops = fake.group('Ops');
  const room = ({ id }: { readonly id: number }): string => `telegram:${fake.bot.id}/${id}`;
  stage.bound.add(room(ops));
  const entrance = await openEntrance();
  const restart = (life?: Life): Process => stage.boot((parts) => plug(parts, fake, entrance), life);
  restart();
  const deliver = deliveryTo(entrance);
  const seat: TelegramSeat = { stage, fake, ops, room, deliver };

  async function joined(user: TelegramUser, name: string, ...how: HireArguments): Promise<Principal> {
    const principal = await stage.hire(name, ...how);
    await stage.join('telegram', String(user.id), name, principal);
    enter(user);
    return principal;
  }

  /** They are in the group, and have opened the private chat once. */
  function enter(user: TelegramUser): void {
    fake.world.room(ops.id).members.set(user.id, 'member');
    fake.world.privateRoom(user).started = true;
  }

  return {
    ...stage,
    ...{ fake, ops, restart },
    platform: 'telegram',
    async person(name, role, language) {
      const user = fake.user(name);
      return telegramVoice(seat, user, await joined(user, name, role, language));
    },
    stranger(name) {
      const user = fake.user(name);
      enter(user);
      return telegramVoice(seat, user, null);
    },
    tricks: telegramTricks(seat, joined),
    async close() {
      await entrance.close();
      await fake.stop();
    },
  };
}

function plug(parts: Parts, fake: TelegramFake, entrance: Entrance): Plug {
  const { store, actions, accounts, isBound, clock } = parts;
  const { token } = fake;
  const api = createTelegramApi({ token, apiRoot: fake.apiRoot });
  const chats = createChats(store.records(telegramChats), api.botId);
  const post = createPost({ api, chats, draw: svgToPng, pace: createPace(clock) });
  const sends = store.records(telegramSends);
  const read = createReader({ token, bot: botNameFrom(api), accounts, rooms: { isBound }, chats });
  const connect: Plug['connect'] = (inbox) => {
    const onFailure = (): void => undefined;
    const receiver = createReceiver({ api, inbox, secret: SECRET, tenant: 'default', onFailure });
    entrance.door = { receive: receiver.webhook };
  };
  return {
    adapter: { platform: 'telegram', door: 'telegram', read },
    channel: createTelegramChannel({ botId: api.botId, post, actions, sends, clock }),
    connect,
  };
}

/** An update goes to the webhook, again and again until it is taken; one that is not taken waits for the next. */
export function deliveryTo(entrance: Entrance): TelegramSeat['deliver'] {
  let waiting: readonly TelegramUpdate[] = [];
  return async (update, secret = SECRET) => {
    const due = update ? [...waiting, update] : waiting;
    waiting = [];
    for (const one of due) {
      const headers = { 'content-type': 'application/json', [SECRET_HEADER]: secret };
      const { status } = await fetch(entrance.url, { method: 'POST', headers, body: JSON.stringify(one) });
      if (status === 500) waiting = [...waiting, one];
    }
  };
}
