// What the fake of Telegram holds: people, chats, messages and updates, in the field names of the Bot API.

export interface TelegramUser {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly username?: string;
  readonly language_code?: string;
}

export type ChatType = 'private' | 'group' | 'supergroup' | 'channel';
export type MemberStatus = 'creator' | 'administrator' | 'member' | 'left' | 'kicked';

export interface TelegramChat {
  readonly id: number;
  type: ChatType;
  readonly title?: string;
  readonly username?: string;
  readonly is_forum?: boolean;
}

export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly language?: string;
}

export interface KeyboardButton {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
}

export interface Keyboard {
  readonly inline_keyboard: readonly (readonly KeyboardButton[])[];
}

export interface StoredFile {
  readonly file_id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly width?: number;
  readonly height?: number;
}

/** The place of a message among all of the fake: a second is too long to order them by. */
export const ORDER = Symbol('order');

/** One message of a chat, as the fake keeps it. */
export interface TelegramMessage {
  readonly [ORDER]: number;
  readonly message_id: number;
  readonly chat: TelegramChat;
  readonly date: number;
  readonly from?: TelegramUser;
  readonly sender_chat?: TelegramChat;
  readonly message_thread_id?: number;
  readonly is_topic_message?: boolean;
  readonly reply_to_message?: TelegramMessage;
  readonly forward_origin?: Readonly<Record<string, unknown>>;
  readonly forward_date?: number;
  readonly migrate_to_chat_id?: number;
  readonly new_chat_members?: readonly TelegramUser[];
  edit_date?: number;
  text?: string;
  entities?: readonly Entity[];
  caption?: string;
  caption_entities?: readonly Entity[];
  photo?: StoredFile;
  document?: StoredFile;
  reply_markup?: Keyboard;
}

export interface CallbackQuery {
  readonly id: string;
  readonly from: TelegramUser;
  readonly message: TelegramMessage;
  readonly chat_instance: string;
  readonly data: string;
}

export interface TelegramUpdate {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

/** Fields of a call: JSON bodies, forms and multipart bodies alike. */
export type Params = Readonly<Record<string, unknown>>;

/** A refusal as the Bot API words it. */
export class BotApiError extends Error {
  readonly code: number;
  readonly parameters: Readonly<Record<string, number>> | undefined;

  constructor(code: number, description: string, parameters?: Readonly<Record<string, number>>) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

export function badRequest(description: string): BotApiError {
  return new BotApiError(400, `Bad Request: ${description}`);
}
