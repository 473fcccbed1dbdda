import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SlackBlock } from '../../bots/slack/block-kit.ts';
import { cleaned } from '../../bots/slack/mrkdwn.ts';
import { type RenderOptions, renderReply, type SlackContent } from '../../bots/slack/render.ts';
import { answerView } from '../../bots/slack/views.ts';
import {
  type Block,
  buttons,
  context,
  plainSpans,
  type Reply,
  reply,
  type Text,
  table,
  withStatus,
} from '../../src/core/reply.ts';
import { refuseBlocks, refuseView } from '../support/fakes/slack/block-limits.ts';
import { visibleText } from '../support/fakes/slack/fake.ts';

const READ_ON = 'Ask the same in the console to read all of it: https://ops.example.com/console';

function optionsFor(answer: Reply, files: 'all' | 'none' = 'all'): RenderOptions {
  const labels = answer.blocks.flatMap((block) => {
    if (block.kind === 'form') return [{ label: 'Open the form' }];
    return block.kind === 'buttons' ? [...block.buttons] : [];
  });
  const pictures = answer.blocks.filter((block) => block.kind === 'picture');
  return {
    buttons: labels.map(({ label }, n) => ({ id: `btn_${n % 3}`, label, style: null })),
    pictures: pictures.map((_, n) => (files === 'all' ? `F${n}` : null)),
    mostMessages: 4,
    readOn: READ_ON,
  };
}

const render = (answer: Reply): readonly SlackContent[] => renderReply(answer, optionsFor(answer));

const refusal = ({ text, blocks }: SlackContent) =>
  text === '' || text.length > 40_000 ? 'text' : refuseBlocks(blocks, 'message', (id) => id.startsWith('F'));

/** Only what is read: marks, blanks and what stands for them fall away. */
function bare(text: string): string {
  return cleaned(text).replace(/[\s*`ˋ|¦<>•·\u200B\u2026]/g, '');
}

/** What mrkdwn is read as. */
function bareMarkdown(text: string): string {
  const words = text.replace(/<https?:[^|>]*\|/g, '');
  return bare(words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
}

const hostile = fc.constantFrom(
  '<!channel> <!here> <@U123> <#C1|general>',
  '*bold* _it_ ~st~ `code` ```fence``` & &lt; &amp;lt;',
  '\u202Ereversed\u202C\u0007\u0000',
  '\uD83D',
  'नमस्ते दुनिया ₹12,34,567',
  '👩‍👩‍👧‍👦'.repeat(3),
);
const words = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 2, arbitrary: hostile },
  { weight: 2, arbitrary: fc.lorem({ maxCount: 30 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('ab ', '&', 'é\n', '漢', '😀'), fc.integer({ min: 1, max: 1_500 }))
      .map(([part, count]) => part.repeat(count)),
  },
);
const href = fc.oneof(fc.webUrl(), fc.constantFrom('/admin/tasks', 'javascript:alert(1)', 'https://a|b>c'));
const span = fc.oneof(
  words,
  fc.record({ bold: words }),
  fc.record({ code: words }),
  fc.record({ link: words, href }),
);
const text: fc.Arbitrary<Text> = fc.oneof(words, fc.array(span, { maxLength: 4 }));
const button = fc.record({
  label: words,
  operation: fc.constant('task.list'),
  input: fc.constant({}),
});
const column = fc.record({ label: words, numeric: fc.boolean() });
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text }),
  fc.record({ kind: fc.constant('context' as const), text }),
  fc.record({ kind: fc.constant('list' as const), items: fc.array(text, { maxLength: 8 }) }),
  fc.record({
    kind: fc.constant('fields' as const),
    fields: fc.array(fc.record({ label: words, value: text }), { maxLength: 14 }),
  }),
  fc.record({
    kind: fc.constant('table' as const),
    columns: fc.array(column, { maxLength: 4 }),
    rows: fc.array(fc.array(text, { maxLength: 4 }), { maxLength: 12 }),
  }),
  fc.record({ kind: fc.constant('picture' as const), alt: words, svg: fc.constant('<svg/>') }),
  fc.record({ kind: fc.constant('buttons' as const), buttons: fc.array(button, { maxLength: 60 }) }),
  fc.record({ kind: fc.constant('code' as const), text: words }),
  fc.record({
    kind: fc.constant('form' as const),
    form: fc.record({
      title: words,
      operation: fc.constant('task.add'),
      input: fc.constant({}),
      fields: fc.constant([]),
      submit: fc.constant('Send'),
    }),
  }),
);
const anyReply: fc.Arbitrary<Reply> = fc.oneof(
  fc.record({ blocks: fc.array(block, { maxLength: 12 }) }),
  fc.record({
    status: fc.constantFrom('ok' as const, 'look' as const, 'act' as const),
    blocks: fc.array(block, { maxLength: 12 }),
  }),
);

/** Every word of a reply, piece by piece. */
const piecesOf = (answer: Reply): readonly string[] => answer.blocks.flatMap(piecesIn);

function piecesIn(one: Block): readonly string[] {
  switch (one.kind) {
    case 'text':
    case 'context':
      return spansOf(one.text);
    case 'list':
      return one.items.flatMap(spansOf);
    case 'fields':
      return one.fields.flatMap(({ label, value }) => [label, ...spansOf(value)]);
    case 'table':
      return one.rows.flatMap((row) => row.slice(0, one.columns.length).map((cell) => plainSpans(cell)));
    case 'picture':
      return [one.alt];
    case 'code':
      return [one.text];
    case 'buttons':
      return one.buttons.map(({ label }) => label);
    case 'form':
      return [one.form.title];
  }
}

const spansOf = (value: Text): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : value.map((one) => (typeof one === 'string' || !('link' in one) ? plainSpans([one]) : one.link));

function everything(messages: readonly SlackContent[]): string {
  const blocks = messages.flatMap((message) => message.blocks);
  const plain = blocks.flatMap((one) => {
    if (one.type === 'image') return [one.alt_text];
    return one.type === 'actions' ? one.elements.map((element) => element.text.text) : [];
  });
  return bareMarkdown(blocks.flatMap(markdownOf).join('')) + bare(plain.join(''));
}

/** The texts in which Slack would find mentions. */
function markdownOf(one: SlackBlock): readonly string[] {
  if (one.type === 'context') return one.elements.map(({ text }) => text);
  if (one.type !== 'section') return [];
  return 'fields' in one ? one.fields.map(({ text }) => text) : [one.text.text];
}

describe('any reply', () => {
  it('becomes messages that Slack takes', () => {
    fc.assert(
      fc.property(anyReply, fc.constantFrom('all' as const, 'none' as const), (answer, files) => {
        for (const message of renderReply(answer, optionsFor(answer, files))) {
          const refused = refusal(message);
          if (refused) throw new Error(JSON.stringify(refused));
        }
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it('becomes a view that Slack takes, in the place of a form that was awaited', () => {
    fc.assert(
      fc.property(anyReply, (answer) => {
        expect(refuseView(answerView('any', answer), () => false)).toEqual([]);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it('loses no word without saying where to read on', () => {
    fc.assert(
      fc.property(anyReply, (answer) => {
        const messages = render(answer);
        const shown = everything(messages);
        if (shown.includes(bare(READ_ON))) return;
        for (const piece of piecesOf(answer)) {
          if (!shown.includes(bare(piece))) throw new Error(`lost: ${JSON.stringify(piece.slice(0, 200))}`);
        }
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it('mentions nobody', () => {
    fc.assert(
      fc.property(anyReply, (answer) => {
        const read = render(answer).flatMap(({ text, blocks }) => [text, ...blocks.flatMap(markdownOf)]);
        expect(read.join('\n')).not.toMatch(/<[!@#]/);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });
});

describe('a reply in the place of a form', () => {
  const wordsOf = (answer: Reply): string => JSON.stringify(answerView('any', answer).blocks);

  it('is whole, but for its buttons, which are in the conversation', () => {
    const press = { label: 'Done', operation: 'task.finish', input: {} };
    expect(wordsOf(reply('Added it'))).not.toContain('conversation');
    expect(wordsOf(reply('Added it', buttons(press)))).toMatch(
      /Added it.*Its buttons are in the conversation/,
    );
  });

  it('that is too long for it is found in the conversation', () => {
    const long = Array.from({ length: 40 }, (_, n) => context(`${n} ${'words '.repeat(400)}`));
    expect(wordsOf(reply('Many', ...long))).toMatch(/^\[[^[]*Done, see the conversation\.[^[]*\]$/);
  });
});

describe('a reply in Slack', () => {
  it('says the fact first, with its symbol, and the same to a screen reader', () => {
    const [message] = render(withStatus('ok', reply([{ bold: '3 tasks' }, ' are open'])));
    expect(message?.blocks[0]).toEqual({
      type: 'section',
      text: { type: 'mrkdwn', text: '● *3 tasks* are open', verbatim: true },
    });
    expect(message?.text).toBe('● 3 tasks are open');
  });

  it('aligns a narrow table and writes a wide one row by row', () => {
    const columns = [{ label: 'Task' }, { label: 'Open', numeric: true }];
    const [narrow] = render(
      reply(
        'Tasks',
        table(columns, [
          ['Receipts', '12'],
          ['Refunds', '3'],
        ]),
      ),
    );
    expect(visibleText(narrow!)).toContain('Task      Open\nReceipts    12\nRefunds      3');
    const [wide] = render(reply('Tasks', table(columns, [['x'.repeat(90), '12']])));
    expect(visibleText(wide!)).toContain(`• Task: ${'x'.repeat(90)} · Open: 12`);
  });

  it('parts a long text into sections and messages, and numbers what follows', () => {
    const messages = render(reply('word '.repeat(4_000)));
    expect(messages.length).toBeGreaterThan(1);
    expect(messages[1]?.text).toContain(`(2 of ${messages.length})`);
    expect(everything(messages)).toBe(bare('word '.repeat(4_000)));
  });

  it('marks a cut with where to read on, and keeps the buttons', () => {
    const press = {
      kind: 'buttons' as const,
      buttons: [{ label: 'Done', operation: 'task.list', input: {} }],
    };
    const answer = reply('word '.repeat(40_000), press);
    const messages = renderReply(answer, { ...optionsFor(answer), mostMessages: 1 });
    expect(messages).toHaveLength(1);
    expect(visibleText(messages[0]!)).toMatch(/This is cut here; \d+ parts of this size more\. Ask the same/);
    expect(messages[0]?.blocks.at(-1)).toMatchObject({ elements: [{ value: 'btn_0' }] });
  });

  it('gives a button twice in one message two action ids and one key', () => {
    const twice = { label: 'Done', operation: 'task.list', input: {} };
    const answer = reply('Choose', { kind: 'buttons', buttons: [twice, twice] });
    const options = {
      ...optionsFor(answer),
      buttons: [0, 1].map(() => ({ id: 'btn_1', label: 'Done', style: null })),
    };
    const [message] = renderReply(answer, options);
    expect(refusal(message!)).toBeNull();
    expect(message?.blocks[1]).toMatchObject({ elements: [{ value: 'btn_1' }, { value: 'btn_1' }] });
  });
});
