// One message into one chat: sent, edited or taken away, to the chat's present number and at the bot's pace.
import { z } from 'zod';
import { AppError } from '../../src/core/errors.ts';
import { descriptionOf, type Fields, migratedTo, type TelegramApi } from './api.ts';
import { type Chats, isGroup, isNamed } from './chats.ts';
import type { Standing } from './place.ts';
import type { Keyboard, Payload } from './render.ts';

/** A chat, by its tenant and address. */
export interface Target {
  readonly tenant: string;
  readonly address: string;
}

export interface Post {
  /** @returns the reference of the message: its number and what kind it is of. */
  send(target: Target, payload: Payload, standing: Standing): Promise<string>;
  /** Changes a message in place. False when it is gone or of another kind, so that it must be sent anew. */
  edit(target: Target, reference: string, payload: Payload): Promise<boolean>;
  /** Takes a message away; one that is gone or too old stays as it is. */
  remove(target: Target, reference: string): Promise<void>;
}

/** Draws an SVG as a PNG. */
export type Draw = (svg: string) => Promise<Uint8Array>;

const LARGEST_PHOTO = 10 * 1024 * 1024;
const MOST_SIDES = 10_000;
const MOST_RATIO = 20;

/** What stands for each kind at the end of a reference. */
const marks = { message: '', photo: 'p', file: 'd' } as const;
type Kind = keyof typeof marks;

/** A payload with its picture drawn: what a method of the platform takes. */
type Ready =
  | { readonly kind: 'message'; readonly html: string }
  | {
      readonly kind: 'photo' | 'file';
      readonly bytes: Buffer;
      readonly name: string;
      readonly caption: string;
    };

export function createPost(options: {
  readonly api: TelegramApi;
  readonly chats: Chats;
  readonly draw: Draw;
  /** Resolves when the bot may send one more message. */
  readonly pace: () => Promise<void>;
}): Post {
  const { api, chats, draw, pace } = options;

  async function callIn({ tenant, address }: Target, method: string, fields: Fields): Promise<unknown> {
    const chat = await chats.chatOf(tenant, address);
    try {
      const result = await api.call(method, { chat_id: chatId(chat), ...fields });
      const number = isNamed(chat) ? chatNumberIn(result) : null;
      if (number !== null) await chats.migrated(tenant, address, number);
      return result;
    } catch (thrown) {
      const moved = migratedTo(thrown);
      if (moved !== null && moved !== chat) {
        await chats.migrated(tenant, address, moved);
        return await api.call(method, { chat_id: chatId(moved), ...fields });
      }
      if (!isGroup(chat) && /^Forbidden/.test(descriptionOf(thrown))) await chats.unreachable(tenant, chat);
      throw thrown;
    }
  }

  async function ready(payload: Payload): Promise<Ready> {
    if (payload.kind === 'message') return payload;
    if (payload.kind === 'file')
      return { kind: 'file', bytes: Buffer.from(payload.text), name: payload.name, caption: '' };
    const { caption } = payload;
    try {
      const bytes = Buffer.from(await draw(payload.svg));
      const kind = isPhoto(bytes) ? 'photo' : 'file';
      return { kind, bytes, name: 'picture.png', caption };
    } catch {
      // The words under a picture say what it shows: they go out without it.
      return { kind: 'message', html: caption === '' ? '–' : caption };
    }
  }

  async function send(target: Target, payload: Payload, standing: Standing): Promise<string> {
    const made = await ready(payload);
    const fields = { ...placed(standing, made.kind !== 'message'), ...keyboardOf(payload.keyboard) };
    await pace();
    const result = await callIn(target, sendMethods[made.kind], { ...contentOf(made), ...fields });
    return referenceOf(result, made.kind);
  }

  async function edit(target: Target, reference: string, payload: Payload): Promise<boolean> {
    const made = await ready(payload);
    if (kindOf(reference) !== made.kind) return false;
    await pace();
    const fields = { message_id: numberOf(reference), ...keyboardOf(payload.keyboard) };
    try {
      await callIn(target, made.kind === 'message' ? 'editMessageText' : 'editMessageMedia', {
        ...(made.kind === 'message' ? contentOf(made) : { media: mediaOf(made) }),
        ...fields,
      });
      return true;
    } catch (thrown) {
      const said = descriptionOf(thrown);
      if (/message is not modified/i.test(said)) return true;
      if (/message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i.test(said)) return false;
      throw thrown;
    }
  }

  async function remove(target: Target, reference: string): Promise<void> {
    try {
      await callIn(target, 'deleteMessage', { message_id: numberOf(reference) });
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'remote.refused') throw thrown;
    }
  }

  return { send, edit, remove };
}

const sendMethods = { message: 'sendMessage', photo: 'sendPhoto', file: 'sendDocument' } as const;

const inChat = z.looseObject({ chat: z.looseObject({ id: z.int() }) });

function chatNumberIn(result: unknown): string | null {
  const read = inChat.safeParse(result);
  return read.success ? String(read.data.chat.id) : null;
}

/** The number of the message in a reference. */
export function numberOf(reference: string): number {
  return Number.parseInt(reference, 10);
}

function kindOf(reference: string): Kind {
  if (reference.endsWith(marks.photo)) return 'photo';
  return reference.endsWith(marks.file) ? 'file' : 'message';
}

function referenceOf(result: unknown, kind: Kind): string {
  const id = typeof result === 'object' && result !== null ? Reflect.get(result, 'message_id') : undefined;
  if (typeof id !== 'number')
    throw new AppError('remote.unavailable', 'Telegram took a message and did not say which it became.');
  return `${id}${marks[kind]}`;
}

function contentOf(made: Ready): Fields {
  if (made.kind === 'message')
    return { text: made.html, parse_mode: 'HTML', link_preview_options: { is_disabled: true } };
  const file = { source: made.bytes, filename: made.name };
  const caption = made.caption === '' ? {} : { caption: made.caption, parse_mode: 'HTML' };
  return made.kind === 'photo' ? { photo: file, ...caption } : { document: file, ...caption };
}

function mediaOf(made: Ready & { readonly kind: 'photo' | 'file' }): Fields {
  const type = made.kind === 'photo' ? 'photo' : 'document';
  const media = { source: made.bytes, filename: made.name };
  return { type, media, ...(made.caption === '' ? {} : { caption: made.caption, parse_mode: 'HTML' }) };
}

function keyboardOf(keyboard: Keyboard): Fields {
  return keyboard.length > 0 ? { reply_markup: { inline_keyboard: keyboard } } : {};
}

/** In a body with files nested fields go as text; telegraf does so for the keyboard alone. */
function placed({ topic, message }: Standing, hasFile: boolean): Fields {
  const reply = message === undefined ? null : { message_id: message, allow_sending_without_reply: true };
  return {
    ...(topic === undefined ? {} : { message_thread_id: topic }),
    ...(reply === null ? {} : { reply_parameters: hasFile ? JSON.stringify(reply) : reply }),
  };
}

/** Telegram takes a number, or the public name of a channel. */
function chatId(chat: string): number | string {
  return /^-?\d+$/.test(chat) ? Number(chat) : chat;
}

/** Pictures that are too large or too thin for a photo go as files. */
function isPhoto(png: Buffer): boolean {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const ratio = Math.max(width, height) / Math.max(Math.min(width, height), 1);
  return png.length <= LARGEST_PHOTO && width + height <= MOST_SIDES && ratio <= MOST_RATIO;
}
