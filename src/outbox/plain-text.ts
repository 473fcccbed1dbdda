// A reply as plain lines, for places that know no blocks.
import { type Block, plainSpans, type Reply, statusSymbols } from '../core/reply.ts';

/** One line for each line a person would read; pictures by their description, buttons left out. */
export function plainText({ status, blocks }: Reply): string {
  const lines = blocks.flatMap(linesOf);
  const [first = '', ...rest] = lines;
  return [status ? `${statusSymbols[status]} ${first}` : first, ...rest].join('\n');
}

function linesOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'text':
    case 'context':
      return [plainSpans(block.text)];
    case 'fields':
      return block.fields.map(({ label, value }) => `${label}: ${plainSpans(value)}`);
    case 'table':
      return [
        block.columns.map(({ label }) => label).join(' | '),
        ...block.rows.map((row) => row.map(plainSpans).join(' | ')),
      ];
    case 'list':
      return block.items.map((item) => `- ${plainSpans(item)}`);
    case 'picture':
      return [block.alt];
    case 'code':
      return [block.text];
    case 'form':
      return block.form.fields.map(({ label }) => `${label}: …`);
    case 'buttons':
      return [];
  }
}
