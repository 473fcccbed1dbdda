// What people do in the fake's chats: say, reply, edit, forward, press; each becomes the update that the platform would send.
import type { OpenCallback } from './methods.ts';
import { add, shallow } from './sending.ts';
import type {
  CallbackQuery,
  Entity,
  TelegramChat,
  TelegramMessage,
  TelegramUpdate,
  TelegramUser,
} from './types.ts';
import type { UpdateQueue } from './updates.ts';
import type { Room, TelegramWorld } from './world.ts';

export interface SayOptions {
  /** The private chat with the bot unless told. */
  readonly chat?: TelegramChat;
  readonly replyTo?: number;
  readonly topic?: number;
  /** Sent on from another chat. */
  readonly forwarded?: boolean;
  /** An administrator who hides behind the group's name. */
  readonly anonymous?: boolean;
  /** Posted in a channel, by the channel. */
  readonly asChannel?: boolean;
  /** A photo or file with the text as its caption. */
  readonly withFile?: boolean;
}

export interface Said {
  readonly message: TelegramMessage;
  /** Null where the platform keeps the message from the bot. */
  readonly update: TelegramUpdate | null;
}

const ANONYMOUS: TelegramUser = {
  id: 1_087_968_824,
  is_bot: true,
  first_name: 'Group',
  username: 'GroupAnonymousBot',
};

export class People {
  private readonly world: TelegramWorld;
  private readonly queue: UpdateQueue;
  private readonly callbacks: Map<string, OpenCallback>;
  private readonly nowMs: () => number;
  private presses = 0;

  constructor(parts: {
    readonly world: TelegramWorld;
    readonly queue: UpdateQueue;
    readonly callbacks: Map<string, OpenCallback>;
    readonly nowMs: () => number;
  }) {
    this.world = parts.world;
    this.queue = parts.queue;
    this.callbacks = parts.callbacks;
    this.nowMs = parts.nowMs;
  }

  says(user: TelegramUser, text: string, options: SayOptions = {}): Said {
    const room = options.chat ? this.world.room(options.chat.id) : this.world.privateRoom(user);
    if (room.chat.type === 'private') {
      room.started = true;
      room.blocked = false;
    }
    const { topic } = options;
    if (topic !== undefined) room.topics.add(topic);
    const replyTo = room.messages.find((one) => one.message_id === options.replyTo);
    const entities = entitiesOf(text);
    const message = add(room, {
      date: Math.floor(this.nowMs() / 1_000),
      ...senderOf(user, room, options),
      ...(replyTo ? { reply_to_message: shallow(replyTo) } : {}),
      ...(topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }),
      ...(options.forwarded
        ? { forward_origin: { type: 'hidden_user', sender_user_name: 'Someone' }, forward_date: 1 }
        : {}),
      ...(options.withFile
        ? { caption: text, document: { file_id: 'upload', name: 'notes.txt', bytes: new Uint8Array([1]) } }
        : { text, ...(entities.length > 0 ? { entities } : {}) }),
    });
    if (!this.reachesBot(room, message)) return { message, update: null };
    return { message, update: this.queue.push(options.asChannel ? 'channel_post' : 'message', message) };
  }

  edits(message: TelegramMessage, text: string): TelegramUpdate {
    message.text = text;
    message.entities = entitiesOf(text);
    message.edit_date = Math.floor(this.nowMs() / 1_000);
    return this.queue.push('edited_message', message);
  }

  /** Presses the button of that label. @throws Error when the message has none, or the person is not in the chat. */
  press(user: TelegramUser, message: TelegramMessage, label: string): TelegramUpdate {
    const room = this.world.room(message.chat.id);
    if (!room.members.has(user.id)) throw new Error(`${user.first_name} is not in this chat`);
    const current = room.messages.find((one) => one.message_id === message.message_id) ?? message;
    const shown = (current.reply_markup ?? message.reply_markup)?.inline_keyboard.flat() ?? [];
    const button = shown.find((one) => one.text === label);
    if (button?.callback_data === undefined)
      throw new Error(`no button “${label}” among ${shown.map((one) => one.text).join(', ')}`);
    this.presses += 1;
    const query: CallbackQuery = {
      id: `${user.id}${String(this.presses).padStart(6, '0')}`,
      from: user,
      message: current,
      chat_instance: String(message.chat.id),
      data: button.callback_data,
    };
    this.callbacks.set(query.id, { query, atMs: this.nowMs(), answer: null });
    return this.queue.push('callback_query', query);
  }

  blocks(user: TelegramUser): void {
    const room = this.world.privateRoom(user);
    room.blocked = true;
    this.queue.push('my_chat_member', {
      chat: room.chat,
      from: user,
      date: Math.floor(this.nowMs() / 1_000),
      old_chat_member: { user: this.world.bot, status: 'member' },
      new_chat_member: { user: this.world.bot, status: 'kicked' },
    });
  }

  /** Turns a group into a supergroup, and says so as the platform does. */
  upgrades(chat: TelegramChat): TelegramChat {
    const room = this.world.room(chat.id);
    const upgraded = this.world.migrate(chat.id);
    const date = Math.floor(this.nowMs() / 1_000);
    this.queue.push('message', add(room, { date, migrate_to_chat_id: upgraded.id }));
    return upgraded;
  }

  /** In groups a bot in privacy mode hears commands and replies to itself, and no other talk. */
  private reachesBot(room: Room, message: TelegramMessage): boolean {
    if (room.chat.type === 'private') return true;
    const status = room.members.get(this.world.bot.id);
    if (status === undefined || status === 'left' || status === 'kicked') return false;
    if (room.chat.type === 'channel' || status === 'administrator') return true;
    const isReply = message.reply_to_message?.from?.id === this.world.bot.id;
    return isReply || (message.text ?? message.caption ?? '').startsWith('/');
  }
}

function senderOf(
  user: TelegramUser,
  room: Room,
  { anonymous, asChannel }: SayOptions,
): Pick<TelegramMessage, 'from' | 'sender_chat'> {
  if (asChannel) return { sender_chat: room.chat };
  return anonymous ? { from: ANONYMOUS, sender_chat: room.chat } : { from: user };
}

/** Commands and mentions as the platform marks them. */
function entitiesOf(text: string): readonly Entity[] {
  const marks: readonly (readonly [string, RegExp])[] = [
    ['bot_command', /(?<![\w/])\/[a-zA-Z0-9_]{1,64}(@\w+)?/g],
    ['mention', /(?<![\w/])@\w{3,}/g],
  ];
  return marks
    .flatMap(([type, pattern]) =>
      [...text.matchAll(pattern)].map((match) => ({ type, offset: match.index, length: match[0].length })),
    )
    .sort((a, b) => a.offset - b.offset);
}
