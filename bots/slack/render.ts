// A reply as Slack messages: every block within Slack's limits, and no word lost without saying so.
import type { ShownButton } from '../../models/console-message.ts';
import { type Block, type Field, type Reply, statusSymbols } from '../../src/core/reply.ts';
import { plainText } from '../console/render.ts';
import { type ButtonElement, limits, markdown, plain, type SlackBlock } from './block-kit.ts';
import { bold, chunked, cleaned, escaped, fenced, mrkdwnOf, type Run, runsOf } from './mrkdwn.ts';
import { tableRuns } from './table.ts';

/** One message: `text` is what notifications and screen readers say. */
export interface SlackContent {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

export interface RenderOptions {
  /** What the buttons of the reply became, in their order; one more for each form, which a press opens. */
  readonly buttons: readonly ShownButton[];
  /** The files of its pictures, in their order; null where there is none: the words then stand for it. */
  readonly pictures: readonly (string | null)[];
  /** More messages than these are cut; the others follow in the thread of the first. */
  readonly mostMessages: number;
  /** Said where it is cut: where the rest can be read. */
  readonly readOn: string;
}

/** Notifications show a line; screen readers say the blocks. */
const FALLBACK_LENGTH = 3_000;
const ROOM_FOR_MARK = 800;

/** The messages of a reply, one at least. */
export function renderReply(reply: Reply, options: RenderOptions): readonly SlackContent[] {
  const blocks = slackBlocksOf(reply, options);
  const fallback = fallbackText(reply);
  const messages = packed(blocks.length > 0 ? blocks : [section('–')]);
  const kept = messages.length > options.mostMessages ? cut(blocks, options) : messages;
  return kept.map((all, n) => ({
    text: n === 0 ? fallback : `${fallback.slice(0, 100).replace(/&\w*$/, '')} (${n + 1} of ${kept.length})`,
    blocks: all,
  }));
}

function slackBlocksOf(reply: Reply, { buttons, pictures }: RenderOptions): readonly SlackBlock[] {
  const left = { buttons: [...buttons], pictures: [...pictures], actionIds: 0 };
  const symbol = reply.status ? statusSymbols[reply.status] : null;
  const [first, ...rest] = reply.blocks;
  const opening: Run[] = symbol === null ? [] : [{ raw: `${symbol} `, mark: escaped }];
  if (first?.kind === 'text') {
    const lines = sections([...opening, ...runsOf(first.text)]);
    return [...lines, ...rest.flatMap((block) => slackBlocks(block, left))];
  }
  return [...sections(opening), ...reply.blocks.flatMap((block) => slackBlocks(block, left))];
}

/** What is not shown yet; taken from as blocks come. */
interface Left {
  readonly buttons: ShownButton[];
  readonly pictures: (string | null)[];
  actionIds: number;
}

function slackBlocks(block: Block, left: Left): readonly SlackBlock[] {
  switch (block.kind) {
    case 'text':
      return sections(runsOf(block.text));
    case 'context':
      return contexts(runsOf(block.text));
    case 'fields':
      return fieldBlocks(block.fields);
    case 'list':
      return sections(block.items.flatMap((item, n) => [lead(n === 0 ? '• ' : '\n• '), ...runsOf(item)]));
    case 'table':
      return tableRuns(block.columns, block.rows, limits.section).flatMap((run) => sections([run]));
    case 'code':
      return codeSections(block.text);
    case 'picture':
      return pictureBlocks(block.alt, left.pictures.shift() ?? null);
    case 'buttons':
      return actionBlocks(left, block.buttons.length);
    case 'form':
      return [...sections(runsOf(block.form.title)), ...actionBlocks(left, 1)];
  }
}

const lead = (raw: string): Run => ({ raw, mark: escaped });

const section = (text: string): SlackBlock => ({ type: 'section', text: markdown(text) });

function sections(runs: readonly Run[]): readonly SlackBlock[] {
  return chunked(runs, limits.section).map(section);
}

function contexts(runs: readonly Run[]): readonly SlackBlock[] {
  return chunked(runs, limits.context).map((text) => ({ type: 'context', elements: [markdown(text)] }));
}

/** Short values stand side by side, ten to a block; a long one has a section of its own. */
function fieldBlocks(fields: readonly Field[]): readonly SlackBlock[] {
  const blocks: SlackBlock[] = [];
  let side: string[] = [];
  const close = (): void => {
    if (side.length > 0) blocks.push({ type: 'section', fields: side.map(markdown) });
    side = [];
  };
  for (const { label, value } of fields) {
    const text = `${bold(label)}\n${mrkdwnOf(value)}`.trim();
    if (text === '') continue;
    if (text.length > limits.field) {
      close();
      blocks.push(...sections([{ raw: label, mark: bold }, lead('\n'), ...runsOf(value)]));
      continue;
    }
    side.push(text);
    if (side.length === limits.fields) close();
  }
  close();
  return blocks;
}

function codeSections(code: string): readonly SlackBlock[] {
  if (cleaned(code).trim() === '') return [];
  return chunked([{ raw: code, mark: fenced }], limits.section).map(section);
}

function pictureBlocks(alt: string, file: string | null): readonly SlackBlock[] {
  const words = cleaned(alt).trim() || 'A picture without a description';
  if (file === null) return contexts([lead(`Picture: ${words}`)]);
  const short = words.length > limits.altText ? `${words.slice(0, limits.altText - 2)}…` : words;
  const image: SlackBlock = { type: 'image', slack_file: { id: file }, alt_text: cleaned(short) };
  return short === words ? [image] : [image, ...contexts([lead(words)])];
}

function actionBlocks(left: Left, count: number): readonly SlackBlock[] {
  const shown = left.buttons.splice(0, count);
  const blocks: SlackBlock[] = [];
  for (let from = 0; from < shown.length; from += limits.buttons) {
    const elements = shown.slice(from, from + limits.buttons).map((button): ButtonElement => {
      left.actionIds += 1;
      return buttonElement(button, left.actionIds);
    });
    blocks.push({ type: 'actions', elements });
  }
  const long = shown.filter(({ label }) => cleaned(label).trim().length > limits.buttonLabel);
  return [...blocks, ...long.flatMap(({ label }) => contexts([lead(label)]))];
}

/** The key is the value: an action id must be unique in its message, and a button may stand in it twice. */
function buttonElement({ id, label, style }: ShownButton, n: number): ButtonElement {
  const words = cleaned(label).trim() || '–';
  const short =
    words.length > limits.buttonLabel ? `${cleaned(words.slice(0, limits.buttonLabel - 2))}…` : words;
  const button = { type: 'button', action_id: `press:${n}`, text: plain(short), value: id } as const;
  return style === null ? button : { ...button, style };
}

/** What is said where blocks are not shown. */
function fallbackText(reply: Reply): string {
  const words = cleaned(plainText(reply)).trim();
  if (words === '') return '–';
  const short = words.length > FALLBACK_LENGTH ? `${words.slice(0, FALLBACK_LENGTH)} …` : words;
  return escaped(short);
}

const bytesOf = (block: SlackBlock): number => Buffer.byteLength(JSON.stringify(block)) + 1;

/** Blocks in messages, in order, as many to each as it may hold. */
function packed(blocks: readonly SlackBlock[], most: number = limits.message): SlackBlock[][] {
  const messages: SlackBlock[][] = [];
  let current: SlackBlock[] = [];
  let bytes = 0;
  for (const block of blocks) {
    const size = bytesOf(block);
    if (current.length > 0 && (bytes + size > most || current.length >= limits.blocks)) {
      messages.push(current);
      current = [];
      bytes = 0;
    }
    current.push(block);
    bytes += size;
  }
  return [...messages, current];
}

/** The first messages; the last of them ends with the mark and with the buttons that would have come later. */
function cut(blocks: readonly SlackBlock[], { mostMessages, readOn }: RenderOptions): SlackBlock[][] {
  const words = blocks.filter((block) => block.type !== 'actions');
  const actions = blocks.filter((block) => block.type === 'actions');
  const [firstActions] = actions;
  const reserve = ROOM_FOR_MARK + (firstActions ? bytesOf(firstActions) : 0);
  const all = packed(words, limits.message - reserve).flatMap((message) =>
    message.length > limits.blocks - 2
      ? [message.slice(0, limits.blocks - 2), message.slice(limits.blocks - 2)]
      : [message],
  );
  const kept = all.slice(0, mostMessages);
  const left = all.length - kept.length;
  const hidden = actions.slice(1).reduce((sum, block) => sum + block.elements.length, 0);
  const mark = [
    left > 0 ? `This is cut here; ${left === 1 ? 'one part' : `${left} parts`} of this size more.` : '',
    hidden > 0 ? `${hidden} more buttons are not shown.` : '',
    readOn,
  ];
  const ending = [...contexts([lead(mark.filter((part) => part !== '').join(' '))]), ...actions.slice(0, 1)];
  const last = kept.pop() ?? [];
  return [...kept, [...last, ...ending]];
}
