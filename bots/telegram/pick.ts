// What one update of Telegram says, as pure functions: who spoke, where, in which words; or why it is nobody's to answer.
import type { Context } from 'telegraf';
import type { ChatContent } from '../adapter.ts';
import type { Standing } from './place.ts';

/** What was picked out of an update, before anybody is looked up. */
export interface Picked {
  readonly account: string;
  readonly name: string;
  readonly chat: string;
  readonly isPrivate: boolean;
  readonly standing: Standing;
  readonly content: ChatContent;
}

/** A group got another number. */
export interface Moved {
  readonly movedFrom: string;
  readonly movedTo: string;
}

/** A person let the bot into their private chat, or out. */
export interface Door {
  readonly account: string;
  readonly closed: boolean;
}

export type Picking = Picked | Moved | Door | { readonly ignored: string };

type Message = NonNullable<Context['message']>;

/** Kinds of messages that a person may well send in private, and that hold nothing to act on. */
const WORDLESS = [
  'photo',
  'document',
  'sticker',
  'voice',
  'audio',
  'video',
  'video_note',
  'location',
  'contact',
];

/** Reads one update as telegraf hands it on. */
export function pickFrom(ctx: Context): Picking {
  const { update } = ctx;
  if ('callback_query' in update) return pickPress(ctx);
  if ('my_chat_member' in update) return pickDoor(ctx);
  if ('edited_message' in update || 'edited_channel_post' in update)
    return ignored('edited, which is no command');
  if ('channel_post' in update) return ignored('posted by a channel');
  if (!('message' in update)) return ignored('an update of a kind that nobody answers');
  return pickMessage(ctx, update.message as Message);
}

function pickMessage(ctx: Context, message: Message): Picking {
  if ('migrate_to_chat_id' in message)
    return { movedFrom: String(message.chat.id), movedTo: String(message.migrate_to_chat_id) };
  const refusal = refusalOf(message);
  if (refusal) return ignored(refusal);
  const isPrivate = message.chat.type === 'private';
  const text = 'text' in message ? message.text : 'caption' in message ? (message.caption ?? '') : undefined;
  if (text === undefined && !(isPrivate && WORDLESS.some((kind) => kind in message)))
    return ignored('holds no words');
  const said = wordsFor(ctx, text ?? '');
  if (said === null) return ignored('a command for another bot');
  if (!isPrivate && !said.toUs && !isReplyToUs(ctx, message)) return ignored('talk among people');
  return {
    ...whoIs(message.from),
    chat: String(message.chat.id),
    isPrivate,
    standing: { ...topicOf(message), message: message.message_id },
    content: { kind: 'text', text: said.text },
  };
}

function pickPress(ctx: Context): Picking {
  const query = ctx.callbackQuery;
  if (!query?.message || !('data' in query)) return ignored('a press without its message');
  if (query.from.is_bot) return ignored('pressed by a bot');
  const { chat, message_id } = query.message;
  return {
    ...whoIs(query.from),
    chat: String(chat.id),
    isPrivate: chat.type === 'private',
    standing: { ...topicOf(query.message), message: message_id },
    content: { kind: 'press', button: query.data },
  };
}

function pickDoor({ myChatMember }: Context): Picking {
  if (myChatMember?.chat.type !== 'private') return ignored('the bot came or went');
  const closed = ['kicked', 'left'].includes(myChatMember.new_chat_member.status);
  return { account: String(myChatMember.from.id), closed };
}

/** Whose word does not count, and which words. */
function refusalOf(message: Message): string | null {
  if ('sender_chat' in message && message.sender_chat)
    return 'said by an anonymous administrator or a channel';
  if (!message.from || message.from.is_bot) return 'said by a bot';
  if ('via_bot' in message && message.via_bot) return 'said through a bot';
  if ('forward_origin' in message || 'forward_date' in message)
    return 'forwarded: the words of somebody else';
  return null;
}

/** The words without our name; null when the command names another bot. */
function wordsFor(ctx: Context, typed: string): { readonly text: string; readonly toUs: boolean } | null {
  const text = typed.trim();
  const ours = ctx.me.toLowerCase();
  const [, command = '', name] = /^(\/\w+)(?:@(\w+))?/.exec(text) ?? [];
  if (name !== undefined && name.toLowerCase() !== ours) return null;
  if (command !== '') {
    const rest = text.slice(command.length + (name === undefined ? 0 : name.length + 1));
    return { text: started(command, rest), toUs: true };
  }
  const mention = new RegExp(`@${ours}\\b[:,]?`, 'i');
  const toUs = ours !== '' && mention.test(text);
  return { text: toUs ? text.replace(mention, '').trim() : text, toUs };
}

/** `/start` is what a private chat begins with; a link into it may carry the code that joins an account. */
function started(command: string, rest: string): string {
  if (command.toLowerCase() !== '/start') return command + rest;
  const [, code] = /^\s+link[_-]([A-Za-z0-9-]{4,40})\s*$/.exec(rest) ?? [];
  return code === undefined ? '/help' : `/link ${code}`;
}

function isReplyToUs(ctx: Context, message: Message): boolean {
  const replied = 'reply_to_message' in message ? message.reply_to_message : undefined;
  return replied?.from?.id === ctx.botInfo.id;
}

function topicOf(message: object): Standing {
  if (!Reflect.get(message, 'is_topic_message')) return {};
  const topic: unknown = Reflect.get(message, 'message_thread_id');
  return typeof topic === 'number' ? { topic } : {};
}

function whoIs(from: { readonly id: number; readonly first_name: string; readonly last_name?: string }) {
  const name = [from.first_name, from.last_name ?? ''].join(' ').trim();
  return { account: String(from.id), name };
}

const ignored = (why: string): Picking => ({ ignored: why });
