// Reads Telegram's HTML as the platform does: plain text with entities, or the platform's own words on what is wrong.
import { badRequest, type Entity } from './types.ts';

const TAGS = new Set(
  'a b strong i em s strike del u ins span tg-spoiler tg-emoji pre code blockquote'.split(' '),
);
const KINDS: Readonly<Record<string, string>> = {
  a: 'text_link',
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  u: 'underline',
  ins: 'underline',
  span: 'spoiler',
  'tg-spoiler': 'spoiler',
  pre: 'pre',
  code: 'code',
  blockquote: 'blockquote',
};
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const MOST_ENTITIES = 100;

export interface Formatted {
  readonly text: string;
  readonly entities: readonly Entity[];
}

interface OpenTag {
  readonly tag: string;
  readonly offset: number;
  readonly href: string | undefined;
}

/** Text as it will be shown, without marks. @throws BotApiError 400 for text that is not valid UTF-8. */
export function cleaned(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw badRequest('strings must be encoded in UTF-8');
  const visible = text.replace(/\r/g, '').replace(/(?![\n\t])\p{Cc}/gu, ' ');
  return visible.replace(/[\u2028-\u202E]/g, '');
}

/** @throws BotApiError 400 “can't parse entities: …” */
export function parseHtml(html: string): Formatted {
  const open: OpenTag[] = [];
  const entities: Entity[] = [];
  let text = '';
  let at = 0;
  while (at < html.length) {
    const character = html.charAt(at);
    if (character === '&') {
      const entity = /^&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/i.exec(html.slice(at, at + 12));
      const decoded = entity ? decode(entity) : undefined;
      text += decoded ?? '&';
      at += decoded === undefined ? 1 : (entity?.[0].length ?? 1);
    } else if (character === '<') {
      at =
        html.charAt(at + 1) === '/'
          ? closeTag(html, at, text, open, entities)
          : openTag(html, at, text, open);
    } else {
      text += character;
      at += 1;
    }
  }
  const unclosed = open.at(-1);
  if (unclosed) throw cannotParse(`Can't find end tag corresponding to start tag "${unclosed.tag}"`);
  return trimmed({ text, entities: entities.slice(0, MOST_ENTITIES) });
}

function decode([, decimal, hex, name]: RegExpExecArray): string | undefined {
  if (name !== undefined) return NAMED[name.toLowerCase()];
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    ? String.fromCodePoint(code)
    : undefined;
}

function openTag(html: string, from: number, text: string, open: OpenTag[]): number {
  const name = /^[^\s>]*/.exec(html.slice(from + 1))?.[0] ?? '';
  const offset = byteOffset(html, from);
  let at = from + 1 + name.length;
  if (at >= html.length) throw cannotParse(`Unclosed start tag at byte offset ${offset}`);
  const tag = name.toLowerCase();
  if (!TAGS.has(tag)) throw cannotParse(`Unsupported start tag "${tag}" at byte offset ${offset}`);
  let href: string | undefined;
  for (;;) {
    while (/\s/.test(html.charAt(at))) at += 1;
    if (at >= html.length) throw cannotParse(`Unclosed start tag "${tag}" at byte offset ${offset}`);
    if (html.charAt(at) === '>') break;
    const attribute = /^([^\s=>]*)\s*(=)?\s*(?:"([^"]*)"|'([^']*)'|([a-zA-Z0-9.-]+))?/.exec(html.slice(at));
    if (!attribute?.[1])
      throw cannotParse(`Empty attribute name in the tag "${tag}" at byte offset ${offset}`);
    if (!attribute[2])
      throw cannotParse(
        `Expected equal sign in declaration of an attribute of the tag "${tag}" at byte offset ${offset}`,
      );
    const value = attribute[3] ?? attribute[4] ?? attribute[5];
    if (value === undefined) throw cannotParse(`Unclosed start tag "${tag}" at byte offset ${offset}`);
    if (attribute[1].toLowerCase() === 'href') href = unescaped(value);
    at += attribute[0].length;
  }
  open.push({ tag, offset: text.length, href });
  return at + 1;
}

function closeTag(html: string, from: number, text: string, open: OpenTag[], entities: Entity[]): number {
  const offset = byteOffset(html, from);
  const end = html.indexOf('>', from);
  const tag = open.pop();
  if (!tag) throw cannotParse(`Unexpected end tag at byte offset ${offset}`);
  if (end < 0) throw cannotParse(`Unclosed end tag at byte offset ${offset}`);
  const name = html
    .slice(from + 2, end)
    .trim()
    .toLowerCase();
  if (name !== '' && name !== tag.tag)
    throw cannotParse(
      `Unmatched end tag at byte offset ${offset}, expected "</${tag.tag}>", found "</${name}>"`,
    );
  const length = text.length - tag.offset;
  const kind = KINDS[tag.tag];
  const isDeadLink = tag.tag === 'a' && !isLink(tag.href ?? text.slice(tag.offset));
  if (length > 0 && kind !== undefined && !isDeadLink)
    entities.push({
      type: kind,
      offset: tag.offset,
      length,
      ...(tag.tag === 'a' ? { url: tag.href ?? text.slice(tag.offset) } : {}),
    });
  return end + 1;
}

/** Telegram drops the link, and shows its text alone, where the address has no host with a dot in it. */
function isLink(href: string): boolean {
  if (/^(tg|mailto|tel):/.test(href)) return true;
  const url = URL.canParse(href) ? new URL(href) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && /\.[^.]+$/.test(url.hostname);
}

function unescaped(value: string): string {
  return value.replace(/&(lt|gt|amp|quot);/g, (_, name: string) => NAMED[name] ?? '');
}

/** Spaces around a message are cut; entities move with the text. */
function trimmed({ text, entities }: Formatted): Formatted {
  const shown = text.trim();
  const cut = text.length - text.trimStart().length;
  const moved = entities.flatMap((entity) => {
    const from = Math.max(entity.offset - cut, 0);
    const to = Math.min(entity.offset + entity.length - cut, shown.length);
    return to > from ? [{ ...entity, offset: from, length: to - from }] : [];
  });
  return { text: shown, entities: moved };
}

function byteOffset(text: string, units: number): number {
  return Buffer.byteLength(text.slice(0, units));
}

function cannotParse(why: string) {
  return badRequest(`can't parse entities: ${why}`);
}
