// Who is who in the workspace: the app itself, the people who speak, and the channels they speak in.
import { z } from 'zod';
import type { Clock } from '../../src/core/clock.ts';
import { AppError } from '../../src/core/errors.ts';
import type { SlackApi } from './api.ts';
import { slackWordOf } from './errors.ts';

const FRESH_MS = 10 * 60_000;
const MOST_KNOWN = 5_000;

export interface Me {
  readonly team: string;
  readonly botId: string;
  readonly botUser: string;
}

/** `guest`: somebody who was invited to a few channels. `foreign`: of another organisation. */
export type Standing = 'member' | 'guest' | 'bot' | 'gone' | 'foreign';

export interface Speaker {
  readonly standing: Standing;
  readonly name: string;
}

export interface Room {
  /** Shared with another organisation. */
  readonly shared: boolean;
  /** Whether the app may post there. */
  readonly joined: boolean;
}

export interface Directory {
  /** The app's own accounts. @throws AppError while Slack has not said who the app is. */
  me(): Promise<Me>;
  /** What the app knew of itself last, without asking. */
  known(): Me | null;
  speaker(user: string): Promise<Speaker>;
  room(channel: string): Promise<Room>;
}

const self = z.looseObject({ team_id: z.string(), user_id: z.string(), bot_id: z.string() });
const account = z.looseObject({
  user: z.looseObject({
    team_id: z.string().optional(),
    name: z.string().optional(),
    real_name: z.string().optional(),
    deleted: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
  }),
});
const conversation = z.looseObject({
  channel: z.looseObject({
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
    is_member: z.boolean().optional(),
    is_im: z.boolean().optional(),
  }),
});

const UNSEEN: Room = { shared: false, joined: false };

export function createDirectory(options: { readonly api: SlackApi; readonly clock: Clock }): Directory {
  const { api, clock } = options;
  let me: Me | null = null;
  let asking: Promise<Me> | null = null;

  const speakers = remembering(clock, async (user: string): Promise<Speaker> => {
    const [own, given] = await Promise.all([whoAmI(), api.call('users.info', { user })]);
    return speakerOf(account.parse(given).user, own.team);
  });
  const rooms = remembering(clock, async (channel: string): Promise<Room> => {
    try {
      const { channel: found } = conversation.parse(await api.call('conversations.info', { channel }));
      const shared = found.is_ext_shared === true || found.is_pending_ext_shared === true;
      return { shared, joined: found.is_member === true || found.is_im === true };
    } catch (error) {
      // A private channel without the app is as if it were not there.
      if (slackWordOf(error) === 'channel_not_found') return UNSEEN;
      throw error;
    }
  });

  async function whoAmI(): Promise<Me> {
    if (me) return me;
    asking ??= askWhoIAm().finally(() => {
      asking = null;
    });
    return asking;
  }

  async function askWhoIAm(): Promise<Me> {
    const read = self.safeParse(await api.call('auth.test'));
    if (!read.success)
      throw new AppError(
        'remote.unavailable',
        'Slack did not say who this app is; is SLACK_BOT_TOKEN a bot’s?',
      );
    me = { team: read.data.team_id, botId: read.data.bot_id, botUser: read.data.user_id };
    return me;
  }

  return { me: whoAmI, known: () => me, speaker: speakers, room: rooms };
}

function speakerOf(user: z.output<typeof account>['user'], team: string): Speaker {
  const name = user.real_name ?? user.name ?? 'Somebody in Slack';
  const { is_restricted: one, is_ultra_restricted: two } = user;
  if (user.is_bot === true) return { standing: 'bot', name };
  if (user.deleted === true) return { standing: 'gone', name };
  if (user.is_stranger === true || (user.team_id ?? team) !== team) return { standing: 'foreign', name };
  return { standing: one === true || two === true ? 'guest' : 'member', name };
}

/** Asks again after ten minutes; while Slack does not answer, what was known last still holds. */
function remembering<T>(clock: Clock, ask: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const known = new Map<string, { readonly value: T; readonly untilMs: number }>();
  return async (id) => {
    const found = known.get(id);
    const nowMs = clock.now().getTime();
    if (found && found.untilMs > nowMs) return found.value;
    try {
      const value = await ask(id);
      known.delete(id);
      known.set(id, { value, untilMs: nowMs + FRESH_MS });
      const [oldest] = known.size > MOST_KNOWN ? known.keys() : [];
      if (oldest !== undefined) known.delete(oldest);
      return value;
    } catch (error) {
      if (found) return found.value;
      throw error;
    }
  };
}
