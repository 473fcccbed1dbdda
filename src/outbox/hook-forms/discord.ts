// A reply as Discord's webhooks take it. Source: docs.discord.com, resources “Webhook” and “Message”, embed limits.
import { type Block, type Reply, type Status, statusSymbols, type Text } from '../../core/reply.ts';
import { cut, type Marks, marked, tableLines } from './marks.ts';

const MOST_CONTENT = 2_000;
const MOST_DESCRIPTION = 4_096;
const MOST_FIELDS = 25;
const MOST_NAME = 256;
const MOST_VALUE = 1_024;
/** Of all texts of one embed together. */
const MOST_EMBED = 6_000;
const MOST_BLOCK = 1_500;
const FENCE = '```';

const colours: Readonly<Record<Status, number>> = { ok: 0x2e7d32, look: 0xb26a00, act: 0xb3261e };

const escaped = (text: string): string => text.replaceAll(/[\\*_~`|>[\]()#<]/g, '\\$&');

const marks: Marks = {
  plain: escaped,
  bold: (text) => `**${text}**`,
  code: (text) => `\`${text.replaceAll('`', "'")}\``,
  link: (label, href) => `[${escaped(label)}](${href.replaceAll(')', '%29')})`,
};

interface EmbedField {
  readonly name: string;
  readonly value: string;
  readonly inline: true;
}

/** The JSON of one message: the fact is its text, the rest one embed. Nobody is ever mentioned. */
export function discordForm(said: Reply): Readonly<Record<string, unknown>> {
  const [first, ...rest] = said.blocks;
  const symbol = said.status ? `${statusSymbols[said.status]} ` : '';
  const content = symbol + (first ? linesOf(first, MOST_CONTENT - symbol.length) : '');
  const description = described(rest);
  const fields = fieldsOf(rest, MOST_EMBED - description.length);
  const embed = {
    ...(description === '' ? {} : { description }),
    ...(fields.length === 0 ? {} : { fields }),
    ...(said.status ? { color: colours[said.status] } : {}),
  };
  const embeds = description === '' && fields.length === 0 ? {} : { embeds: [embed] };
  return { content: content.slice(0, MOST_CONTENT), ...embeds, allowed_mentions: { parse: [] } };
}

/** Whole blocks while they fit. */
function described(blocks: readonly Block[]): string {
  let text = '';
  for (const block of blocks) {
    if (block.kind === 'fields') continue;
    const lines = linesOf(block, MOST_BLOCK);
    if (lines === '') continue;
    if (text.length + lines.length + 1 > MOST_DESCRIPTION) break;
    text += text === '' ? lines : `\n${lines}`;
  }
  return text;
}

function fieldsOf(blocks: readonly Block[], room: number): readonly EmbedField[] {
  const all = blocks.flatMap((block) => (block.kind === 'fields' ? block.fields : []));
  const found: EmbedField[] = [];
  let left = room;
  for (const { label, value } of all.slice(0, MOST_FIELDS)) {
    const name = cut(label, escaped, MOST_NAME) || '—';
    const text = marked(value, marks, MOST_VALUE) || '—';
    left -= name.length + text.length;
    if (left < 0) break;
    found.push({ name, value: text, inline: true });
  }
  return found;
}

function linesOf(block: Block, most: number): string {
  switch (block.kind) {
    case 'text':
      return marked(block.text, marks, most);
    case 'context':
      return marked(block.text, marks, most);
    case 'fields':
      return '';
    case 'table':
      return fenced(tableLines(block, most - 2 * FENCE.length - 2), most);
    case 'list':
      return marked(block.items.flatMap(listItem), marks, most).trimEnd();
    case 'picture':
      return cut(block.alt, escaped, most);
    case 'code':
      return fenced(block.text, most);
    case 'form':
    case 'buttons':
      return '';
  }
}

const listItem = (item: Text) => ['• ', ...(typeof item === 'string' ? [item] : item), '\n'];

const fenced = (text: string, most: number): string =>
  `${FENCE}\n${cut(text.replaceAll(FENCE, "'''"), (same) => same, most - 2 * FENCE.length - 2)}\n${FENCE}`;
