// Any reply at all, for property tests of renderers: hostile text, long tables, many buttons.
import fc from 'fast-check';
import type { Block, Reply, Span } from '../../src/core/reply.ts';

const hostile = fc.constantFrom(
  '<b>',
  '</pre>',
  '&amp;',
  '& < > "',
  '\ud800',
  '🙂🧑‍🌾🇮🇳',
  'क्षि',
  '\u202Eevil',
  '\u0000\u0007',
  '\r\n',
  ' \n ',
  '*_~`|',
  '@channel <!here> <@U1>',
  'https://example.com/a?b=1&c=2',
);

const words = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 3, arbitrary: hostile },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }) },
);

/** Mostly short, now and then longer than any platform takes in one message. */
const anyText = fc.oneof(
  { weight: 30, arbitrary: words },
  {
    weight: 2,
    arbitrary: fc.tuple(words, fc.nat(900)).map(([text, times]) => text.repeat(times).slice(0, 9_000)),
  },
  { weight: 1, arbitrary: fc.nat(9_000).map((length) => '&'.repeat(length)) },
  { weight: 1, arbitrary: fc.nat(5_000).map((length) => `${'क्षि '.repeat(length / 5)}🙂`) },
);

const anyHref = fc.oneof(
  fc.constantFrom(
    'https://example.com/x',
    'http://localhost:3000/admin',
    'javascript:alert(1)',
    'no address',
    '',
  ),
  fc.webUrl(),
  fc.nat(4_000).map((length) => `https://example.com/?q=${'%20"<'.repeat(length / 5)}`),
);

const anySpan: fc.Arbitrary<Span> = fc.oneof(
  anyText,
  anyText.map((bold) => ({ bold })),
  anyText.map((code) => ({ code })),
  fc.record({ link: words, href: anyHref }),
);

const anyRich = fc.oneof(anyText, fc.array(anySpan, { maxLength: 6 }));

const svg = (width: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="60"><text x="4" y="20">figure</text></svg>`;

const anyButton = fc.record(
  {
    label: words,
    operation: fc.constantFrom('task.add', 'chat.decline'),
    input: fc.record({ title: words }),
    style: fc.constantFrom('primary' as const, 'danger' as const),
  },
  { requiredKeys: ['label', 'operation', 'input'] },
);

const anyForm = fc.record({
  title: words,
  operation: fc.constant('task.add'),
  input: fc.constant({}),
  fields: fc.array(
    fc.record(
      { name: words, label: words, kind: fc.constant('text' as const), required: fc.boolean(), known: words },
      { requiredKeys: ['name', 'label', 'kind', 'required'] },
    ),
    { maxLength: 8 },
  ),
  submit: words,
});

const anyTable = fc.record({
  kind: fc.constant('table' as const),
  columns: fc.array(fc.record({ label: words, numeric: fc.boolean() }), { maxLength: 6 }),
  rows: fc.array(fc.array(anyRich, { maxLength: 6 }), { maxLength: 12 }),
});

export const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  anyRich.map((text) => ({ kind: 'text' as const, text })),
  anyRich.map((text) => ({ kind: 'context' as const, text })),
  anyText.map((text) => ({ kind: 'code' as const, text })),
  fc
    .array(fc.record({ label: words, value: anyRich }), { maxLength: 12 })
    .map((fields) => ({ kind: 'fields' as const, fields })),
  fc.array(anyRich, { maxLength: 40 }).map((items) => ({ kind: 'list' as const, items })),
  anyTable,
  fc
    .record({ alt: anyText, width: fc.integer({ min: 20, max: 400 }) })
    .map(({ alt, width }) => ({ kind: 'picture' as const, alt, svg: svg(width) })),
  anyForm.map((form) => ({ kind: 'form' as const, form })),
  fc.array(anyButton, { maxLength: 120 }).map((buttons) => ({ kind: 'buttons' as const, buttons })),
);

export const anyReply: fc.Arbitrary<Reply> = fc.record(
  {
    status: fc.constantFrom('ok' as const, 'look' as const, 'act' as const),
    blocks: fc.array(anyBlock, { maxLength: 6 }),
  },
  { requiredKeys: ['blocks'] },
);
