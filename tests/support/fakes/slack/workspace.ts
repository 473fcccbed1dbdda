// The world behind the fake: teams, people, channels, messages, files and open forms, with Slack's ids.
import type { Json } from './json.ts';

/** `stranger`: somebody of another organisation, met in a shared channel (Slack Connect). */
export type UserKind = 'member' | 'guest' | 'bot' | 'deleted' | 'stranger';

export interface SlackUser {
  readonly id: string;
  readonly team: string;
  readonly name: string;
  kind: UserKind;
  readonly email: string;
}

export interface SlackChannel {
  readonly id: string;
  readonly team: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  /** Shared with another organisation by Slack Connect. */
  readonly shared: boolean;
  archived: boolean;
  readonly members: Set<string>;
}

export interface SlackMessage {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly byBot: boolean;
  text: string;
  blocks: readonly Json[];
  readonly threadTs: string | null;
  /** Shown to this one person alone, and gone when they reload. */
  readonly onlyFor: string | null;
  readonly metadata: unknown;
  edits: number;
  readonly atMs: number;
}

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly lengthBytes: number;
  readonly altText: string;
  bytes: Buffer | null;
  title: string;
  /** From when it can be shown in a message; null before the upload is completed. */
  readyMs: number | null;
}

export interface OpenView {
  readonly id: string;
  readonly user: string;
  hash: string;
  view: Json;
}

export interface Workspace {
  readonly team: { readonly id: string; readonly domain: string };
  readonly bot: SlackUser;
  readonly users: Map<string, SlackUser>;
  readonly channels: Map<string, SlackChannel>;
  readonly messages: SlackMessage[];
  readonly files: Map<string, SlackFile>;
  readonly views: Map<string, OpenView>;
  /** A fresh id with Slack's first letter. */
  freshId(letter: string): string;
  /** A message's name: unique and rising in the whole workspace. */
  freshTs(): string;
  addUser(name: string, kind?: UserKind): SlackUser;
  addChannel(options: {
    readonly name: string;
    readonly kind?: 'public' | 'private';
    readonly shared?: boolean;
    /** Whether the bot was invited; true unless told. */
    readonly withBot?: boolean;
    readonly members?: readonly SlackUser[];
  }): SlackChannel;
  /** The private channel of this person and the bot. */
  directChannel(user: SlackUser): SlackChannel;
  /** Messages still to be seen, oldest first; ephemeral ones too. */
  messagesIn(channel: string): readonly SlackMessage[];
}

const TEAM = 'T0WARDROOM';

export function createWorkspace(nowMs: () => number): Workspace {
  let ids = 0;
  let lastMicros = 0;
  const users = new Map<string, SlackUser>();
  const channels = new Map<string, SlackChannel>();
  const messages: SlackMessage[] = [];

  const freshId = (letter: string): string => {
    ids += 1;
    return `${letter}0${ids.toString(36).toUpperCase().padStart(8, '0')}`;
  };

  function addUser(name: string, kind: UserKind = 'member'): SlackUser {
    const team = kind === 'stranger' ? 'T0ELSEWHERE' : TEAM;
    const email = `${name.toLowerCase()}@example.com`;
    const user: SlackUser = { id: freshId('U'), team, name, kind, email };
    users.set(user.id, user);
    return user;
  }

  const bot = addUser('wardroom', 'bot');

  return {
    team: { id: TEAM, domain: 'wardroom-fake' },
    bot,
    users,
    channels,
    messages,
    files: new Map(),
    views: new Map(),
    freshId,
    freshTs() {
      lastMicros = Math.max(lastMicros + 1, Math.round(nowMs() * 1_000));
      return `${Math.floor(lastMicros / 1e6)}.${String(lastMicros % 1e6).padStart(6, '0')}`;
    },
    addUser,
    addChannel({ name, kind = 'public', shared = false, withBot = true, members = [] }) {
      const inside = [...members, ...(withBot ? [bot] : [])].map((user) => user.id);
      const id = freshId(kind === 'private' ? 'G' : 'C');
      const channel: SlackChannel = {
        id,
        team: TEAM,
        name,
        kind,
        shared,
        archived: false,
        members: new Set(inside),
      };
      channels.set(channel.id, channel);
      return channel;
    },
    directChannel(user) {
      const found = [...channels.values()].find((one) => one.kind === 'im' && one.members.has(user.id));
      if (found) return found;
      const channel: SlackChannel = {
        id: freshId('D'),
        team: TEAM,
        name: '',
        kind: 'im',
        shared: user.kind === 'stranger',
        archived: false,
        members: new Set([user.id, bot.id]),
      };
      channels.set(channel.id, channel);
      return channel;
    },
    messagesIn: (channel) => messages.filter((message) => message.channel === channel),
  };
}
