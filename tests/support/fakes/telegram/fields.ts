// Reads fields of a Bot API call; nested ones may come as JSON in a string, as they do in multipart bodies.
import { badRequest, type Keyboard, type KeyboardButton, type Params } from './types.ts';

const MOST_BUTTONS = 100;
const MOST_IN_ROW = 8;
const MOST_DATA_BYTES = 64;

export function textField(params: Params, name: string): string | undefined {
  const value = params[name];
  return value === undefined || value === null ? undefined : String(value);
}

export function numberField(params: Params, name: string): number | undefined {
  const value = params[name];
  return value === undefined || value === null || value === '' ? undefined : Number(value);
}

export function flagField(params: Params, name: string): boolean {
  return params[name] === true || params[name] === 'true' || params[name] === '1';
}

/** @throws BotApiError 400 when a string given for it is no JSON. */
export function objectField(params: Params, name: string): Readonly<Record<string, unknown>> | undefined {
  const value = params[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'object') return value as Readonly<Record<string, unknown>>;
  try {
    return JSON.parse(String(value)) as Readonly<Record<string, unknown>>;
  } catch {
    throw badRequest(`can't parse ${name} JSON object`);
  }
}

/** The chat a call is about, by number or name. */
export function chatField(params: Params): number | string | undefined {
  const value = textField(params, 'chat_id');
  if (value === undefined) return undefined;
  return /^-?\d+$/.test(value) ? Number(value) : value;
}

/** @throws BotApiError 400 in the platform's words for a keyboard it would not take. */
export function keyboardField(params: Params): Keyboard | undefined {
  const markup = objectField(params, 'reply_markup');
  const rows = markup?.['inline_keyboard'];
  if (!Array.isArray(rows)) return undefined;
  const keyboard = rows as readonly (readonly KeyboardButton[])[];
  if (keyboard.flat().length > MOST_BUTTONS || keyboard.some((row) => row.length > MOST_IN_ROW))
    throw badRequest('reply markup is too long');
  for (const button of keyboard.flat()) checkButton(button);
  const kept = keyboard.filter((row) => row.length > 0);
  return kept.length > 0 ? { inline_keyboard: kept } : undefined;
}

function checkButton({ text, callback_data, url }: KeyboardButton): void {
  if (typeof text !== 'string' || text.trim() === '')
    throw badRequest('can\'t parse inline keyboard button: Field "text" must be of type String');
  if (/\p{Surrogate}/u.test(text)) throw badRequest('strings must be encoded in UTF-8');
  if (callback_data === undefined && url === undefined)
    throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
  const bytes = Buffer.byteLength(callback_data ?? 'x');
  if (bytes < 1 || bytes > MOST_DATA_BYTES) throw badRequest('BUTTON_DATA_INVALID');
  if (url !== undefined && !/^(https?:\/\/[^/]+\.[^/]+|tg:\/\/)/.test(url))
    throw badRequest('BUTTON_URL_INVALID');
}
