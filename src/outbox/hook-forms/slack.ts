// A reply as Slack's incoming webhooks take it. Source: docs.slack.dev, “Block Kit”, and “Formatting message text”.
import { type Block, type Reply, statusSymbols, type Text } from '../../core/reply.ts';
import { plainText } from '../plain-text.ts';
import { cut, type Marks, marked, tableLines } from './marks.ts';

/** Source: docs.slack.dev, reference of blocks: section 3,000, field 2,000, 10 fields, 50 blocks. */
const MOST_TEXT = 4_000;
const MOST_SECTION = 3_000;
const MOST_FIELD = 2_000;
const MOST_FIELDS = 10;
const MOST_BLOCKS = 50;
const FENCE = '```';

/** These three characters and no others: a mention cannot be written by whoever named a thing. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const marks: Marks = {
  plain: escaped,
  bold: (text) => `*${text}*`,
  code: (text) => `\`${escaped(text.replaceAll('`', "'"))}\``,
  link: (label, href) => `<${href.replaceAll('|', '%7C').replaceAll('>', '%3E')}|${escaped(label)}>`,
};

/** The JSON of one message; `text` is what a notification shows. */
export function slackForm(said: Reply): Readonly<Record<string, unknown>> {
  const [first, ...rest] = said.blocks.flatMap(blocksOf);
  const blocks = first ? [withSymbol(first, said), ...rest] : [];
  return {
    text: cut(plainText(said), escaped, MOST_TEXT),
    blocks: blocks.slice(0, MOST_BLOCKS),
    unfurl_links: false,
  };
}

interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
}

type SlackBlock =
  | { readonly type: 'section'; readonly text: Mrkdwn }
  | { readonly type: 'section'; readonly fields: readonly Mrkdwn[] }
  | { readonly type: 'context'; readonly elements: readonly Mrkdwn[] };

const mrkdwn = (text: string): Mrkdwn => ({ type: 'mrkdwn', text });
const section = (text: string): SlackBlock => ({ type: 'section', text: mrkdwn(text) });

function withSymbol(block: SlackBlock, { status }: Reply): SlackBlock {
  if (!status || !('text' in block)) return block;
  return section(`${statusSymbols[status]} ${block.text.text}`.slice(0, MOST_SECTION));
}

function blocksOf(block: Block): readonly SlackBlock[] {
  switch (block.kind) {
    case 'text':
      return written(block.text).map(section);
    case 'context':
      return written(block.text).map((text) => ({ type: 'context', elements: [mrkdwn(text)] }));
    case 'fields':
      return pages(
        block.fields.map(({ label, value }) =>
          mrkdwn(marked([{ bold: label }, '\n', ...spans(value)], marks, MOST_FIELD)),
        ),
      );
    case 'table':
      return [section(fenced(tableLines(block, MOST_SECTION / 2)))];
    case 'list':
      return written(block.items.flatMap((item) => ['• ', ...spans(item), '\n'])).map(section);
    case 'picture':
      return written(block.alt).map((text) => ({ type: 'context', elements: [mrkdwn(text)] }));
    case 'code':
      return [section(fenced(block.text))];
    case 'form':
    case 'buttons':
      return [];
  }
}

/** Nothing for an empty text, which Slack refuses. */
function written(text: Text): readonly string[] {
  const found = marked(text, marks, MOST_SECTION - 4).trim();
  return found === '' ? [] : [found];
}

const spans = (value: Text) => (typeof value === 'string' ? [value] : value);

const fenced = (text: string): string =>
  FENCE + cut(text.replaceAll(FENCE, "'''"), escaped, MOST_SECTION - 2 * FENCE.length) + FENCE;

function pages(fields: readonly Mrkdwn[]): readonly SlackBlock[] {
  const found: SlackBlock[] = [];
  for (let from = 0; from < fields.length; from += MOST_FIELDS)
    found.push({ type: 'section', fields: fields.slice(from, from + MOST_FIELDS) });
  return found;
}
