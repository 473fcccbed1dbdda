// What the bot's messages become: checked against every limit of the platform, then stored in their chat.
import type { UploadedFile } from './body.ts';
import { cleaned, type Formatted, parseHtml } from './entities.ts';
import { chatField, flagField, keyboardField, numberField, objectField, textField } from './fields.ts';
import { badRequest, ORDER, type Params, type StoredFile, type TelegramMessage } from './types.ts';
import type { Room, TelegramWorld } from './world.ts';

const LONGEST_TEXT = 4_096;
const LONGEST_CAPTION = 1_024;
const LARGEST_PHOTO = 10 * 1024 * 1024;
const MOST_SIDES = 10_000;
const MOST_RATIO = 20;

export type Files = ReadonlyMap<string, UploadedFile>;
/** The parts of a message that sending and editing set. */
export type Content = Pick<
  TelegramMessage,
  'text' | 'entities' | 'caption' | 'caption_entities' | 'photo' | 'document' | 'reply_markup'
>;

/** @throws BotApiError 400 for marks that cannot be read, an empty text, or one that is too long. */
export function textContent(params: Params): Content {
  const { text, entities } = formatted(params, textField(params, 'text') ?? '');
  if (text === '') throw badRequest('message text is empty');
  if (text.length > LONGEST_TEXT) throw badRequest('message is too long');
  return { text, entities, ...withKeyboard(params) };
}

export function captionContent(params: Params): Content {
  const { text, entities } = formatted(params, textField(params, 'caption') ?? '');
  if (text.length > LONGEST_CAPTION) throw badRequest('message caption is too long');
  return { ...(text === '' ? {} : { caption: text, caption_entities: entities }), ...withKeyboard(params) };
}

export function photoContent(params: Params, files: Files): Content {
  return { photo: checkedPhoto(fileField(params, 'photo', files)), ...captionContent(params) };
}

export function documentContent(params: Params, files: Files): Content {
  return { document: storedFile(fileField(params, 'document', files)), ...captionContent(params) };
}

/** What `editMessageMedia` puts in the place of a message's file. */
export function mediaContent(params: Params, files: Files): Content {
  const media = objectField(params, 'media') ?? {};
  const kind = media['type'];
  const file = fileField(media, 'media', files);
  const caption = captionContent({ ...media, reply_markup: params['reply_markup'] });
  if (kind === 'photo') return { photo: checkedPhoto(file), ...caption };
  if (kind === 'document') return { document: storedFile(file), ...caption };
  throw badRequest(`unsupported type of media "${String(kind)}"`);
}

/** Puts a new message of the bot into its chat, in the thread and under the message that were named. */
export function post(world: TelegramWorld, params: Params, content: Content, nowMs: number): TelegramMessage {
  const room = world.roomForBot(chatField(params));
  const replyTo = repliedTo(room, params);
  const thread = numberField(params, 'message_thread_id') ?? replyTo?.message_thread_id;
  if (thread !== undefined && !room.topics.has(thread)) throw badRequest('message thread not found');
  return add(room, {
    from: world.bot,
    date: Math.floor(nowMs / 1_000),
    ...content,
    ...(replyTo ? { reply_to_message: shallow(replyTo) } : {}),
    ...(thread === undefined ? {} : { message_thread_id: thread, is_topic_message: true }),
  });
}

let orders = 0;

/** Gives a message its number and keeps it. */
export function add(
  room: Room,
  message: Omit<TelegramMessage, 'message_id' | 'chat' | typeof ORDER>,
): TelegramMessage {
  orders += 1;
  const added: TelegramMessage = {
    [ORDER]: orders,
    message_id: room.nextMessageId,
    chat: room.chat,
    ...message,
  };
  room.nextMessageId += 1;
  room.messages.push(added);
  return added;
}

/** A message as it stands inside another one: without what that one replied to. */
export function shallow({ reply_to_message: _, ...message }: TelegramMessage): TelegramMessage {
  return message;
}

function formatted(params: Params, given: string): Formatted {
  const mode = textField(params, 'parse_mode')?.toLowerCase();
  const text = cleaned(given);
  if (mode === 'html') return parseHtml(text);
  if (mode !== undefined && mode !== '') throw badRequest('unsupported parse_mode');
  return { text: text.trim(), entities: [] };
}

function withKeyboard(params: Params): Pick<Content, 'reply_markup'> {
  const keyboard = keyboardField(params);
  return keyboard ? { reply_markup: keyboard } : {};
}

function repliedTo(room: Room, params: Params): TelegramMessage | undefined {
  const given = objectField(params, 'reply_parameters');
  const id = given ? Number(given['message_id']) : numberField(params, 'reply_to_message_id');
  if (id === undefined) return undefined;
  const found = room.messages.find((message) => message.message_id === id);
  const mayMiss = flagField(given ?? params, 'allow_sending_without_reply');
  if (!found && !mayMiss) throw badRequest('message to be replied not found');
  return found;
}

function fileField(params: Params, name: string, files: Files): UploadedFile {
  const reference = textField(params, name);
  const attached = reference?.startsWith('attach://') ? reference.slice('attach://'.length) : name;
  const file = files.get(attached);
  if (!file) throw badRequest(`there is no ${name} in the request`);
  if (file.bytes.length === 0) throw badRequest('file must be non-empty');
  return file;
}

let fileIds = 0;

function storedFile({ name, bytes }: UploadedFile): StoredFile {
  fileIds += 1;
  return { file_id: `file-${fileIds}`, name, bytes };
}

function checkedPhoto(file: UploadedFile): StoredFile {
  const { bytes } = file;
  if (bytes.length > LARGEST_PHOTO)
    throw badRequest(
      `file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${LARGEST_PHOTO} bytes`,
    );
  const size = pngSize(bytes);
  if (!size) throw badRequest('IMAGE_PROCESS_FAILED');
  const { width, height } = size;
  const ratio = Math.max(width, height) / Math.max(Math.min(width, height), 1);
  if (width + height > MOST_SIDES || ratio > MOST_RATIO) throw badRequest('PHOTO_INVALID_DIMENSIONS');
  return { ...storedFile(file), width, height };
}

/** The size of a PNG as its header says, or null for anything else. */
export function pngSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | null {
  const view = Buffer.from(bytes);
  if (view.length < 24 || view.readUInt32BE(0) !== 0x89504e47) return null;
  return { width: view.readUInt32BE(16), height: view.readUInt32BE(20) };
}
