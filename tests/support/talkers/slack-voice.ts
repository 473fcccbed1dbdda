// Somebody in Slack's fake: what they say and press arrives as Slack sends it, what they see is what Slack shows.
import type { Principal } from '../../../src/core/actor.ts';
import type { Talker } from '../conversation.ts';
import type { Delivered } from '../fakes/slack/app-door.ts';
import { buttonsOf, type SlackFake, visibleText } from '../fakes/slack/fake.ts';
import type { SlackChannel, SlackMessage, SlackUser } from '../fakes/slack/workspace.ts';
import { expectNoWords, expectWords } from './matching.ts';
import type { Stage, Voice } from './scene.ts';

export interface SlackSeat {
  readonly stage: Pick<Stage, 'settle' | 'clock' | 'bound'>;
  readonly fake: SlackFake;
  readonly ops: SlackChannel;
  /** The destination of a channel. */
  readonly room: (channel: SlackChannel) => string;
}

export function slackVoice(seat: SlackSeat, user: SlackUser, principal: Principal | null): Voice {
  const { stage, fake, ops } = seat;
  const own = fake.workspace.directChannel(user);
  const talker = talkerIn(seat, user, own, (line) => line);
  const voice: Voice = {
    ...talker,
    principal,
    room: seat.room(own),
    // In a channel people talk to the app by its command.
    inTeam: talkerIn(seat, user, ops, (line) => (line.startsWith('/') ? line : `/ops ${line}`)),
    async answers(values) {
      if (fake.viewOf(user)) await fake.submits(user, values);
      else for (const value of Object.values(values)) await talker.says(value);
      await stage.settle();
    },
    isAsked: async () => fake.viewOf(user) !== undefined,
    async pressesFor(other, label) {
      const seen = sights
        .get(other)?.()
        .findLast((one) => buttonsOf(one).includes(label));
      if (!seen) throw new Error(`nobody is shown a button “${label}”`);
      await fake.pressesOn(user, seen, label);
      await stage.settle();
    },
    async alarms() {
      return answersIn(fake, user, own).flatMap(({ text, blocks }) => [
        ...liveIn(text),
        ...liveMarks(blocks),
      ]);
    },
  };
  sights.set(voice, () => [...answersIn(fake, user, own), ...answersIn(fake, user, ops)]);
  return voice;
}

/** What each voice is shown, for whoever presses it in their place. */
const sights = new WeakMap<Voice, () => readonly SlackMessage[]>();

function answersIn(fake: SlackFake, user: SlackUser, channel: SlackChannel): readonly SlackMessage[] {
  return fake.seenBy(user, channel).filter(({ byBot }) => byBot);
}

/** What somebody types is handed on with its angle brackets and ampersands escaped. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** As Slack shows it: its escapes undone. */
const shown = (message: SlackMessage): string =>
  visibleText(message).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

function talkerIn(
  { stage, fake }: SlackSeat,
  user: SlackUser,
  channel: SlackChannel,
  asTyped: (line: string) => string,
): Talker {
  const known = new Map<string, readonly Delivered[]>();
  const answers = (): readonly SlackMessage[] => answersIn(fake, user, channel);

  /** The same key again is Slack sending the same again. */
  async function once(key: string | undefined, act: () => Promise<readonly Delivered[]>): Promise<void> {
    const before = key === undefined ? undefined : known.get(key);
    if (before) for (const { delivery } of before) await fake.app.repeat(delivery, 1);
    else {
      const delivered = await act();
      if (key !== undefined) known.set(key, delivered);
    }
    await stage.settle();
  }

  return {
    says: (text, key) =>
      once(key, async () => (await fake.says(user, channel, asTyped(escaped(text)))).delivered),
    presses: (label, key) => once(key, async () => [await fake.presses(user, channel, label)]),
    async sees(wanted) {
      const last = answers().at(-1);
      expectWords(last ? shown(last) : '', wanted);
    },
    neverSees: async (unwanted) => expectNoWords(answers().map(shown).join('\n'), unwanted),
    async offered() {
      const last = answers().at(-1);
      return last ? buttonsOf(last) : [];
    },
    transcript: async () =>
      fake.seenBy(user, channel).map((one) => (one.byBot ? shown(one) : `> ${one.text}`)),
  };
}

/** In mrkdwn this begins a mention or a link, and words of people never hold it; of plain texts Slack makes nothing. */
const liveIn = (text: string): readonly string[] => text.match(/<[^>]*>?/g) ?? [];

function liveMarks(part: unknown): readonly string[] {
  if (typeof part !== 'object' || part === null) return [];
  if (Array.isArray(part)) return part.flatMap(liveMarks);
  const { type, text } = part as { readonly type?: unknown; readonly text?: unknown };
  const isLive = ['link', 'user', 'usergroup', 'channel', 'broadcast'].includes(String(type));
  if (type === 'mrkdwn') return liveIn(String(text));
  return [...(isLive ? [JSON.stringify(part)] : []), ...Object.values(part).flatMap(liveMarks)];
}
