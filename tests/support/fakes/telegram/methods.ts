// The methods of the Bot API that the fake answers, each with the platform's rules and words.
import type { CommandLists } from './commands.ts';
import { chatField, flagField, numberField, objectField, textField } from './fields.ts';
import type { SendCounter } from './rate-limits.ts';
import {
  type Content,
  captionContent,
  documentContent,
  type Files,
  mediaContent,
  photoContent,
  post,
  textContent,
} from './sending.ts';
import { badRequest, type CallbackQuery, type Params, type TelegramMessage } from './types.ts';
import type { UpdateQueue } from './updates.ts';
import type { Room, TelegramWorld } from './world.ts';

export interface MethodParts {
  readonly world: TelegramWorld;
  readonly queue: UpdateQueue;
  readonly commands: CommandLists;
  readonly counter: SendCounter;
  readonly callbacks: Map<string, OpenCallback>;
  readonly nowMs: () => number;
  /** Lets a webhook stand on plain http, as a Bot API server of one's own does. */
  readonly plainHttpWebhooks: boolean;
  readonly callbackLivesMs: number;
}

/** A pressed button that waits for its answer. */
export interface OpenCallback {
  readonly query: CallbackQuery;
  readonly atMs: number;
  answer: { readonly text: string; readonly alert: boolean } | null;
}

type Method = (parts: MethodParts, params: Params, files: Files) => unknown;

const ACTIONS =
  /^(typing|upload_(photo|document|video|voice|video_note)|record_\w+|choose_sticker|find_location)$/;

export const methods: Readonly<Record<string, Method>> = {
  getMe: ({ world }) => ({
    ...world.bot,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
  }),
  getUpdates: ({ queue }, params) => {
    queue.allow(allowedUpdates(params));
    const timeout = numberField(params, 'timeout') ?? 0;
    return queue.getUpdates(numberField(params, 'offset') ?? 0, numberField(params, 'limit') ?? 100, timeout);
  },
  setWebhook,
  deleteWebhook: ({ queue }, params) => {
    queue.setWebhook(null, flagField(params, 'drop_pending_updates'));
    return true;
  },
  getWebhookInfo: ({ queue }) => queue.info(),
  sendMessage: sending(textContent),
  sendPhoto: sending(photoContent),
  sendDocument: sending(documentContent),
  sendChatAction: ({ world }, params) => {
    world.roomForBot(chatField(params));
    if (!ACTIONS.test(textField(params, 'action') ?? ''))
      throw badRequest('wrong parameter action in request');
    return true;
  },
  editMessageText: editing((params, message) => {
    if (message.text === undefined) throw badRequest('there is no text in the message to edit');
    return textContent(params);
  }),
  editMessageCaption: editing((params, message) => {
    if (message.text !== undefined) throw badRequest('there is no caption in the message to edit');
    const { photo, document } = message;
    return { ...(photo ? { photo } : {}), ...(document ? { document } : {}), ...captionContent(params) };
  }),
  editMessageMedia: editing((params, message, files) => {
    if (message.text !== undefined) throw badRequest('there is no media in the message to edit');
    return mediaContent(params, files);
  }),
  editMessageReplyMarkup: editing((params, { text, entities, caption, caption_entities, photo, document }) =>
    known({
      text,
      entities,
      caption,
      caption_entities,
      photo,
      document,
      ...captionContent({ reply_markup: params['reply_markup'] }),
    }),
  ),
  deleteMessage: ({ world }, params) => {
    const room = world.roomForBot(chatField(params));
    const at = room.messages.findIndex((one) => one.message_id === numberField(params, 'message_id'));
    if (at < 0) throw badRequest('message to delete not found');
    if (room.messages[at]?.from?.id !== world.bot.id) throw badRequest("message can't be deleted");
    room.messages.splice(at, 1);
    return true;
  },
  answerCallbackQuery,
  setMyCommands: ({ commands }, params) => commands.set(params),
  deleteMyCommands: ({ commands }, params) => commands.remove(params),
  getMyCommands: ({ commands }, params) => commands.get(params),
  getChat: ({ world }, params) => world.roomForBot(chatField(params)).chat,
  getChatMember: ({ world }, params) => {
    const room = world.roomForBot(chatField(params));
    const user = world.users.get(numberField(params, 'user_id') ?? 0);
    if (!user) throw badRequest('invalid user_id specified');
    return { user, status: room.members.get(user.id) ?? 'left' };
  },
  setMessageReaction: ({ world }, params) => {
    find(world.roomForBot(chatField(params)), params, 'message to react not found');
    return true;
  },
};

function setWebhook(parts: MethodParts, params: Params): true {
  const url = textField(params, 'url') ?? '';
  const { queue, plainHttpWebhooks } = parts;
  queue.allow(allowedUpdates(params));
  const drop = flagField(params, 'drop_pending_updates');
  if (url === '') {
    queue.setWebhook(null, drop);
    return true;
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isHttps = parsed?.protocol === 'https:';
  if (!parsed || (!isHttps && !plainHttpWebhooks))
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  if (isHttps && !['', '443', '80', '88', '8443'].includes(parsed.port))
    throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
  const maxConnections = Math.min(Math.max(numberField(params, 'max_connections') ?? 40, 1), 100);
  queue.setWebhook({ url, secret: textField(params, 'secret_token'), maxConnections }, drop);
  return true;
}

function answerCallbackQuery({ callbacks, nowMs, callbackLivesMs }: MethodParts, params: Params): true {
  const callback = callbacks.get(textField(params, 'callback_query_id') ?? '');
  if (!callback || callback.answer || nowMs() - callback.atMs > callbackLivesMs)
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  const text = textField(params, 'text') ?? '';
  if (text.length > 200) throw badRequest('MESSAGE_TOO_LONG');
  callback.answer = { text, alert: flagField(params, 'show_alert') };
  return true;
}

function sending(contentOf: (params: Params, files: Files) => Content): Method {
  return ({ world, counter, nowMs }, params, files) => {
    const { chat } = world.roomForBot(chatField(params));
    const content = contentOf(params, files);
    counter.count(chat.id, nowMs());
    return post(world, params, content, nowMs());
  };
}

function editing(contentOf: (params: Params, message: TelegramMessage, files: Files) => Content): Method {
  return ({ world, counter, nowMs }, params, files) => {
    const room = world.roomForBot(chatField(params));
    const message = find(room, params, 'message to edit not found');
    if (message.from?.id !== world.bot.id) throw badRequest("message can't be edited");
    const content = contentOf(params, message, files);
    if (sameContent(message, content))
      throw badRequest(
        'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      );
    if (room.chat.id < 0) counter.count(room.chat.id, nowMs());
    for (const field of contentFields) delete message[field];
    Object.assign(message, content, { edit_date: Math.floor(nowMs() / 1_000) });
    return message;
  };
}

const contentFields = [
  'text',
  'entities',
  'caption',
  'caption_entities',
  'photo',
  'document',
  'reply_markup',
] as const;

function sameContent(message: TelegramMessage, content: Content): boolean {
  return contentFields.every((field) => comparable(message[field]) === comparable(content[field]));
}

/** Files are the same when their bytes are. */
function comparable(value: Content[keyof Content]): string {
  const bytes = value && typeof value === 'object' && 'bytes' in value ? value.bytes : undefined;
  return bytes ? Buffer.from(bytes).toString('base64') : JSON.stringify(value ?? null);
}

function known(content: { readonly [K in keyof Content]: Content[K] | undefined }): Content {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));
}

function find(room: Room, params: Params, missing: string): TelegramMessage {
  const id = numberField(params, 'message_id') ?? 0;
  const found = room.messages.find((message) => message.message_id === id);
  if (!found) throw badRequest(missing);
  return found;
}

function allowedUpdates(params: Params): readonly string[] | undefined {
  const given = objectField(params, 'allowed_updates');
  return Array.isArray(given) ? given.map(String) : undefined;
}
