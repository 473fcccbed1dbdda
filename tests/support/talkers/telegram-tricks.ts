// Ways to pass for somebody else in Telegram; whoever tries has an owner's account wherever that can be.
import type { Principal } from '../../../src/core/actor.ts';
import type { SayOptions } from '../fakes/telegram/people.ts';
import type { TelegramUser } from '../fakes/telegram/types.ts';
import type { Scene } from './scene.ts';
import type { HireArguments } from './slack.ts';
import type { TelegramSeat } from './telegram-voice.ts';

type Joined = (user: TelegramUser, name: string, ...how: HireArguments) => Promise<Principal>;

export function telegramTricks(seat: TelegramSeat, joined: Joined): Scene['tricks'] {
  const { stage, fake, ops, deliver } = seat;
  let count = 0;

  async function owner(isBot = false): Promise<TelegramUser> {
    count += 1;
    const name = `Trick${count}`;
    const user = fake.user(name, { isBot });
    await joined(user, name, 'owner');
    return user;
  }

  const said =
    (how: SayOptions, isBot = false) =>
    async (line: string): Promise<void> => {
      const user = await owner(isBot);
      const places = how.anonymous ? [{ chat: ops }] : [{ chat: ops }, {}];
      for (const place of places) await deliver(fake.says(user, `/${line}`, { ...how, ...place }).update);
      await stage.settle();
    };

  async function edited(line: string): Promise<void> {
    const user = await owner();
    const { message, update } = fake.says(user, '/note show');
    await deliver(update);
    await stage.settle();
    await deliver(fake.edits(message, `/${line}`));
    await stage.settle();
  }

  async function posted(line: string): Promise<void> {
    const user = await owner();
    const channel = fake.group('News', { type: 'channel', members: [user] });
    stage.bound.add(seat.room(channel));
    await deliver(fake.says(user, `/${line}`, { chat: channel, asChannel: true }).update);
    await stage.settle();
  }

  async function throughABot(line: string): Promise<void> {
    const user = await owner();
    const { message } = fake.says(user, `/${line}`);
    await deliver(fake.queue.push('message', { ...message, via_bot: fake.user('Helper', { isBot: true }) }));
    await stage.settle();
  }

  async function unproved(line: string): Promise<void> {
    const user = await owner();
    await deliver(fake.says(user, `/${line}`).update, 'not-the-secret');
    await stage.settle();
  }

  return {
    'another bot': said({}, true),
    'an anonymous administrator': said({ anonymous: true }),
    'words that were forwarded': said({ forwarded: true }),
    'a message that was edited': edited,
    'a post of a channel': posted,
    'words said through a bot': throughABot,
    'a request with another secret': unproved,
  };
}
