// A reply as Teams takes it from a workflow's webhook: one Adaptive Card of at most 28 KB.
// Source: learn.microsoft.com, “Post a workflow when a webhook request is received”, and the schema of version 1.4.
import { type Block, type Reply, type Status, statusSymbols, type Text } from '../../core/reply.ts';
import { cut, type Marks, marked, tableLines } from './marks.ts';

const MOST_BYTES = 28_000;
const MOST_TEXT = 4_000;
const MOST_FACT = 1_000;

const colours: Readonly<Record<Status, string>> = { ok: 'Good', look: 'Warning', act: 'Attention' };

const escaped = (text: string): string => text.replaceAll(/[\\*_~`|>[\]()#]/g, '\\$&');

const marks: Marks = {
  plain: escaped,
  bold: (text) => `**${text}**`,
  code: escaped,
  link: (label, href) => `[${escaped(label)}](${href.replaceAll(')', '%29')})`,
};

type Item = Readonly<Record<string, unknown>>;

/** The JSON of one message; what does not fit into 28 KB is left out from the end. */
export function teamsForm(said: Reply): Readonly<Record<string, unknown>> {
  const items = said.blocks.flatMap(itemsOf);
  const [first, ...rest] = items;
  const body: Item[] = first ? [headed(first, said.status)] : [];
  let bytes = bytesOf(cardOf(body));
  for (const item of rest) {
    bytes += bytesOf(item) + 1;
    if (bytes > MOST_BYTES) break;
    body.push(item);
  }
  return cardOf(body);
}

const bytesOf = (item: Item): number => Buffer.byteLength(JSON.stringify(item));

const cardOf = (body: readonly Item[]): Item => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: {
        type: 'AdaptiveCard',
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        version: '1.4',
        msteams: { width: 'Full' },
        body,
      },
    },
  ],
});

function headed(item: Item, status: Status | undefined): Item {
  const symbol = status ? `${statusSymbols[status]} ` : '';
  const colour = status ? { color: colours[status] } : {};
  return { ...item, text: symbol + String(item['text'] ?? ''), weight: 'Bolder', ...colour };
}

const line = (text: string, more: Item = {}): Item => ({ type: 'TextBlock', text, wrap: true, ...more });

function itemsOf(block: Block): readonly Item[] {
  switch (block.kind) {
    case 'text':
      return [line(marked(block.text, marks, MOST_TEXT))];
    case 'context':
      return [line(marked(block.text, marks, MOST_TEXT), { isSubtle: true, size: 'Small' })];
    case 'fields': {
      const facts = block.fields.map(({ label, value }) => ({
        title: cut(label, escaped, MOST_FACT),
        value: marked(value, marks, MOST_FACT),
      }));
      return [{ type: 'FactSet', facts }];
    }
    case 'table':
      return [line(cut(tableLines(block, MOST_TEXT), escaped, MOST_TEXT), { fontType: 'Monospace' })];
    case 'list':
      return block.items.map((item) => line(marked(bulleted(item), marks, MOST_TEXT)));
    case 'picture':
      return [line(cut(block.alt, escaped, MOST_TEXT), { isSubtle: true })];
    case 'code':
      return [line(cut(block.text, escaped, MOST_TEXT), { fontType: 'Monospace' })];
    case 'form':
    case 'buttons':
      return [];
  }
}

const bulleted = (item: Text): Text => ['• ', ...(typeof item === 'string' ? [item] : item)];
