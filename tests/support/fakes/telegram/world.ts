// The people, bots and chats of the fake, and who may write where.
import {
  BotApiError,
  badRequest,
  type ChatType,
  type MemberStatus,
  type TelegramChat,
  type TelegramMessage,
  type TelegramUser,
} from './types.ts';

/** A chat with what the platform knows about it. */
export interface Room {
  readonly chat: TelegramChat;
  readonly members: Map<number, MemberStatus>;
  readonly messages: TelegramMessage[];
  readonly topics: Set<number>;
  nextMessageId: number;
  /** Set by the person's first message: before it, a bot may not write to them. */
  started: boolean;
  blocked: boolean;
  migratedTo: number | null;
}

export interface UserOptions {
  readonly id?: number;
  readonly username?: string;
  readonly language?: string;
  readonly isBot?: boolean;
}

export interface GroupOptions {
  readonly id?: number;
  readonly type?: Exclude<ChatType, 'private'>;
  readonly members?: readonly TelegramUser[];
  readonly forum?: boolean;
  /** The public name, without its @. */
  readonly username?: string;
  /** False for a group that the bot was not added to. */
  readonly withBot?: boolean;
}

const FIRST_USER = 1_001;

export class TelegramWorld {
  readonly bot: TelegramUser;
  readonly users = new Map<number, TelegramUser>();
  readonly rooms = new Map<number, Room>();
  private groups = 0;

  constructor(bot: TelegramUser) {
    this.bot = bot;
    this.users.set(bot.id, bot);
  }

  user(name: string, { id, username, language, isBot }: UserOptions = {}): TelegramUser {
    const user: TelegramUser = {
      id: id ?? FIRST_USER + this.users.size,
      is_bot: isBot === true,
      first_name: name,
      username: username ?? name.toLowerCase().replace(/\W+/g, '_'),
      language_code: language ?? 'en',
    };
    this.users.set(user.id, user);
    return user;
  }

  group(title: string, options: GroupOptions = {}): TelegramChat {
    this.groups += 1;
    const type = options.type ?? 'supergroup';
    const id = options.id ?? (type === 'group' ? -5_000 - this.groups : -1_002_000_000_000 - this.groups);
    const { username } = options;
    const chat: TelegramChat = {
      ...{ id, type, title },
      ...(username === undefined ? {} : { username }),
      ...(options.forum ? { is_forum: true } : {}),
    };
    const room = this.open(chat);
    if (options.withBot !== false) room.members.set(this.bot.id, 'member');
    for (const member of options.members ?? []) room.members.set(member.id, 'member');
    return chat;
  }

  /** The private chat between this person and the bot, which has the person's id. */
  privateRoom(user: TelegramUser): Room {
    const known = this.rooms.get(user.id);
    if (known) return known;
    const { first_name, username } = user;
    const chat = { id: user.id, type: 'private' as const, first_name, ...(username ? { username } : {}) };
    const room = this.open(chat);
    room.members.set(user.id, 'member').set(this.bot.id, 'member');
    return room;
  }

  room(id: number): Room {
    const room = this.rooms.get(id);
    if (!room) throw new Error(`the fake has no chat ${id}`);
    return room;
  }

  /** A group becomes a supergroup: its old id answers only with the new one. */
  migrate(id: number): TelegramChat {
    const old = this.room(id);
    const chat = this.group(old.chat.title ?? '', { type: 'supergroup', withBot: false });
    const room = this.room(chat.id);
    for (const [member, status] of old.members) room.members.set(member, status);
    old.migratedTo = chat.id;
    return chat;
  }

  /** @throws BotApiError in the platform's words where the bot may not write or look. */
  roomForBot(id: number | string | undefined): Room {
    if (id === undefined) throw badRequest('chat_id is empty');
    const room = typeof id === 'number' ? this.rooms.get(id) : this.named(id);
    const user = typeof id === 'number' ? this.users.get(id) : undefined;
    if (!room && user && this.shareGroup(user)) throw mayNotBegin();
    if (!room) throw badRequest('chat not found');
    if (room.migratedTo !== null)
      throw new BotApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: room.migratedTo,
      });
    if (room.chat.type === 'private') {
      if (user?.is_bot) throw new BotApiError(403, "Forbidden: bot can't send messages to bots");
      if (room.blocked) throw new BotApiError(403, 'Forbidden: bot was blocked by the user');
      if (!room.started) throw mayNotBegin();
      return room;
    }
    const status = room.members.get(this.bot.id) ?? 'left';
    const kind = room.chat.type === 'group' ? 'group' : room.chat.type;
    if (status === 'kicked') throw new BotApiError(403, `Forbidden: bot was kicked from the ${kind} chat`);
    if (status === 'left') throw new BotApiError(403, `Forbidden: bot is not a member of the ${kind} chat`);
    return room;
  }

  private open(chat: TelegramChat): Room {
    const room: Room = {
      chat,
      members: new Map(),
      messages: [],
      topics: new Set(),
      nextMessageId: 1,
      started: false,
      blocked: false,
      migratedTo: null,
    };
    this.rooms.set(chat.id, room);
    return room;
  }

  private named(name: string): Room | undefined {
    return [...this.rooms.values()].find(({ chat }) => chat.username && `@${chat.username}` === name);
  }

  private shareGroup(user: TelegramUser): boolean {
    return [...this.rooms.values()].some(
      ({ chat, members }) => chat.type !== 'private' && members.has(user.id) && members.has(this.bot.id),
    );
  }
}

function mayNotBegin(): BotApiError {
  return new BotApiError(403, "Forbidden: bot can't initiate conversation with a user");
}
