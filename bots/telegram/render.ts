// A reply as Telegram's messages: texts, photos with captions, and one keyboard of opaque keys under the last of them.
import type { ShownButton } from '../../models/console-message.ts';
import type { Block, Reply } from '../../src/core/reply.ts';
import { escapeHtml, type Line, linesOf, plainLines, shownText, withSymbol } from './lines.ts';
import { hasText, LONGEST_CAPTION, LONGEST_TEXT, packBlocks } from './pack.ts';

export interface InlineButton {
  readonly text: string;
  readonly callback_data: string;
}

export type Keyboard = readonly (readonly InlineButton[])[];

/** One message as it is to be sent; `caption` and `html` are in Telegram's HTML. */
export type Payload =
  | { readonly kind: 'message'; readonly html: string; readonly keyboard: Keyboard }
  | { readonly kind: 'photo'; readonly svg: string; readonly caption: string; readonly keyboard: Keyboard }
  | { readonly kind: 'file'; readonly name: string; readonly text: string; readonly keyboard: Keyboard };

type Picture = Block & { readonly kind: 'picture' };

/** Longer labels are cut on the button and stand in full in the text. */
const LONGEST_LABEL = 48;
/** More messages than these would flood a chat: the whole answer is then a file below its first message. */
const MOST_MESSAGES = 5;
const MOST_PHOTOS = 3;
const MOST_BUTTONS = 100;
const MOST_IN_ROW = 3;
const WIDEST_ROW = 30;
/** Shown where a reply holds nothing that can be seen. */
const NOTHING = '–';

/**
 * The messages of a reply, in their order; at least one. All text is in them: what one cannot hold goes on in the
 * next. `shown` are the reply's buttons under their stored keys, in the order of the blocks.
 */
export function renderReply(reply: Reply, shown: readonly ShownButton[]): readonly Payload[] {
  const labels = longLabels(shown);
  const blocks: readonly Block[] = labels === null ? reply.blocks : [...reply.blocks, labels];
  const payloads = onePhoto(reply, blocks) ?? asFile(reply, blocks, inOrder(reply, blocks));
  const some: readonly Payload[] =
    payloads.length > 0 ? payloads : [{ kind: 'message', html: NOTHING, keyboard: [] }];
  const [first = [], ...more] = keyboards(reply, shown);
  const last = some.length - 1;
  return [
    ...some.map((payload, place) => (place === last ? { ...payload, keyboard: first } : payload)),
    ...more.map((keyboard) => ({ kind: 'message' as const, html: '…', keyboard })),
  ];
}

/** A short reply with one picture is a single photo: everything it says is the caption. */
function onePhoto({ status }: Reply, blocks: readonly Block[]): readonly Payload[] | null {
  const [picture, ...others] = blocks.filter((block): block is Picture => block.kind === 'picture');
  if (!picture || others.length > 0) return null;
  const text = linesByBlock(status, [...blocks.filter((block) => block !== picture), picture]);
  const captions = packBlocks(text, LONGEST_CAPTION);
  const [caption = ''] = captions;
  return captions.length > 1 ? null : [{ kind: 'photo', svg: picture.svg, caption, keyboard: [] }];
}

function inOrder({ status }: Reply, blocks: readonly Block[]): readonly Payload[] {
  const payloads: Payload[] = [];
  let waiting: (readonly Line[])[] = [];
  const flush = (): void => {
    for (const html of packBlocks(waiting, LONGEST_TEXT))
      payloads.push({ kind: 'message', html, keyboard: [] });
    waiting = [];
  };
  const lines = linesByBlock(status, blocks);
  for (const [place, block] of blocks.entries()) {
    const said = lines[place] ?? [];
    if (block.kind !== 'picture') {
      waiting.push(said);
      continue;
    }
    flush();
    const [caption = '', ...rest] = packBlocks([said], LONGEST_CAPTION);
    payloads.push({ kind: 'photo', svg: block.svg, caption, keyboard: [] });
    for (const html of rest) payloads.push({ kind: 'message', html, keyboard: [] });
  }
  flush();
  return payloads;
}

function asFile(
  { status }: Reply,
  blocks: readonly Block[],
  payloads: readonly Payload[],
): readonly Payload[] {
  const [first] = payloads;
  if (!first || payloads.length <= MOST_MESSAGES) return payloads;
  const photos = payloads.slice(1).filter(({ kind }) => kind === 'photo');
  const whole: Payload = {
    kind: 'file',
    name: 'answer.txt',
    text: plainLines(linesByBlock(status, blocks).flat()),
    keyboard: [],
  };
  return [first, ...photos.slice(0, MOST_PHOTOS), whole];
}

/** The lines of each block; the symbol goes before the first line that there is. */
function linesByBlock(status: Reply['status'], blocks: readonly Block[]): readonly (readonly Line[])[] {
  const lines = blocks.map((block, place) => linesOf(block, place + 1));
  const first = lines.findIndex((one) => one.length > 0);
  return lines.map((one, place) => (place === first ? withSymbol(status, one) : one));
}

function longLabels(shown: readonly ShownButton[]): Block | null {
  const long = shown.filter(({ label }) => buttonText(label) !== oneLine(label));
  return long.length === 0 ? null : { kind: 'list', items: long.map(({ label }) => `[${oneLine(label)}]`) };
}

/** A row for each group of buttons that is narrow enough, a button a row otherwise; at most 100 in one keyboard. */
function keyboards(reply: Reply, shown: readonly ShownButton[]): readonly Keyboard[] {
  const left = [...shown];
  const rows = reply.blocks.flatMap((block) => {
    if (block.kind !== 'buttons') return [];
    return rowsOf(left.splice(0, block.buttons.length).map(({ id, label }) => inline(id, label)));
  });
  const pages: InlineButton[][][] = [];
  let room = 0;
  for (const row of rows) {
    if (row.length > room) {
      pages.push([]);
      room = MOST_BUTTONS;
    }
    pages.at(-1)?.push([...row]);
    room -= row.length;
  }
  return pages;
}

function rowsOf(buttons: readonly InlineButton[]): readonly (readonly InlineButton[])[] {
  const width = buttons.reduce((sum, { text }) => sum + text.length, 0);
  if (buttons.length <= MOST_IN_ROW && width <= WIDEST_ROW) return buttons.length > 0 ? [buttons] : [];
  return buttons.map((button) => [button]);
}

function inline(id: string, label: string): InlineButton {
  return { text: buttonText(label), callback_data: id };
}

function buttonText(label: string): string {
  const text = oneLine(label);
  if (!hasText(escapeHtml(text))) return NOTHING;
  if (text.length <= LONGEST_LABEL) return text;
  const cut = text.slice(0, LONGEST_LABEL - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut.trimEnd()}…`;
}

const oneLine = (label: string): string => shownText(label).replace(/\s+/g, ' ').trim();
