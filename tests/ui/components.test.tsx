// Components by themselves: what they say of a value, of nothing, and of hostile text.
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import * as say from '../../src/core/reply.ts';
import { DataTable } from '../../src/ui/components/data-table.tsx';
import { ReplyView } from '../../src/ui/components/reply-view.tsx';
import { tableQuery } from '../../src/ui/components/table-query.ts';
import { Tile } from '../../src/ui/components/tile.tsx';
import { exactTime, relativeTime } from '../../src/ui/components/time.tsx';
import { formatShare, Money, ShortId } from '../../src/ui/components/values.tsx';
import { addressOf } from '../../src/ui/frame.ts';
import { NOW, sampleFrame } from './samples.tsx';

const draw = (element: ReactElement): string => renderToStaticMarkup(element);
const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>';

describe('an answer as HTML', () => {
  it('escapes hostile text in every block', () => {
    const hostile = say.reply(
      [HOSTILE, { bold: HOSTILE }, { code: HOSTILE }, { link: HOSTILE, href: 'https://example.org/' }],
      say.text(HOSTILE),
      say.context(HOSTILE),
      say.fields({ [HOSTILE]: HOSTILE }),
      say.table([{ label: HOSTILE }], [[HOSTILE]]),
      say.list([HOSTILE]),
      say.code(HOSTILE),
      say.picture(HOSTILE, `<svg onload="alert(3)"><script>alert(4)</script></svg>`),
    );

    const html = draw(<ReplyView reply={hostile} />);

    expect(html).not.toMatch(/<img src=x|<script|onload=/);
    expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThanOrEqual(10);
    expect(html).toMatch(
      /<img class="picture" alt="[^"]*" src="data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+"/,
    );
  });

  it.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    '//evil.example',
    '/\\evil.example',
    ' javascript:x',
  ])('shows a link to %s as text', (href) => {
    expect(draw(<ReplyView reply={say.reply([{ link: 'look', href }])} />)).not.toContain('<a');
  });

  it('links to pages, to the web and to mail', () => {
    for (const href of ['/admin', 'https://example.org/a?b=1', 'mailto:ops@example.org'])
      expect(draw(<ReplyView reply={say.reply([{ link: 'look', href }])} />)).toContain(
        `<a href="${href}">look</a>`,
      );
  });

  it('marks the first line with its status and leaves out buttons that nobody handles', () => {
    const answer = say.withStatus(
      'act',
      say.reply('Stopped', say.text('Second'), say.buttons({ label: 'Go', operation: 'a.b', input: {} })),
    );

    const html = draw(<ReplyView reply={answer} />);

    expect(html.match(/■/g)).toHaveLength(1);
    expect(html).not.toContain('Go');
    expect(
      draw(<ReplyView reply={answer} button={(each) => <b key={each.label}>{each.label}</b>} />),
    ).toContain('<b>Go</b>');
  });
});

describe('a tile', () => {
  const value = { value: '42', unit: 'invites', period: 'today', href: '/rows' };

  it('carries unit, period, age and the way to its rows', () => {
    const html = draw(
      <Tile
        label="Sent"
        of={{ state: 'data', value, asOf: new Date(NOW.getTime() - 180_000) }}
        frame={sampleFrame()}
      />,
    );

    for (const part of ['42', 'invites', 'today', '3 min ago', 'href="/rows"', '21 Nov 2026, 14:02 IST'])
      expect(html).toContain(part);
  });

  it('says why it is stale and how old', () => {
    const asOf = new Date(NOW.getTime() - 7_200_000);
    const html = draw(
      <Tile label="Sent" of={{ state: 'stale', value, asOf, reason: 'No feed.' }} frame={sampleFrame()} />,
    );

    expect(html).toContain('2 h old');
    expect(html).toContain('No feed.');
    expect(html).toContain('42');
  });

  it('says why there is nothing and what to do next, without a number', () => {
    const html = draw(
      <Tile
        label="Sent"
        of={{ state: 'empty', why: 'No feed yet.', next: { label: 'Connect', href: '/c' } }}
        frame={sampleFrame()}
      />,
    );

    expect(html).toContain('No feed yet.');
    expect(html).toContain('<a href="/c">Connect</a>');
    expect(html).not.toContain('tile-value');
  });

  it('says what failed, with the reference and a way to try again', () => {
    const html = draw(
      <Tile
        label="Sent"
        of={{ state: 'failed', what: 'No answer.', requestId: 'req_1', retry: '/again' }}
        frame={sampleFrame()}
      />,
    );

    for (const part of ['Failed', 'No answer.', 'req_1', 'href="/again"']) expect(html).toContain(part);
  });
});

describe('a table', () => {
  const table = (frame = sampleFrame(), rows = ['a', 'b']): string =>
    draw(
      <DataTable
        frame={frame}
        caption="Letters"
        columns={[
          { key: 'name', label: 'Name', cell: (row) => row, sortable: true },
          { key: 'size', label: 'Size', cell: () => '1', numeric: true },
        ]}
        rows={rows}
        rowKey={(row) => row}
        total={120}
        query={tableQuery(frame.query, ['name'], 'name')}
        empty={{ why: 'No letters.' }}
      />,
    );

  it('sorts by link, turns the direction on the second press, keeps the filter and goes back to page one', () => {
    expect(table()).toContain('href="/admin/tasks?sort=-name"');
    const html = table(sampleFrame({ query: { sort: '-name', q: 'x', page: '2' } }));
    expect(html).toContain('aria-sort="descending"');
    expect(html).toContain('href="/admin/tasks?sort=name&amp;q=x"');
    expect(html).toContain('rel="prev"');
  });

  it('says which rows of how many, aligns numbers and is reachable when it scrolls', () => {
    const html = table();
    expect(html).toContain('1–2 of 120');
    expect(html).toContain('<td class="number">');
    expect(html).toMatch(/<section class="table-region" aria-label="Letters" tabindex="0">/);
  });

  it('says why it is empty', () => {
    expect(table(sampleFrame(), [])).toContain('No letters.');
  });

  it.each([
    [{}, { sort: 'due', direction: -1, page: 1, skip: 0 }],
    [
      { sort: 'name', page: '3' },
      { sort: 'name', direction: 1, page: 3, skip: 100 },
    ],
    [
      { sort: 'password', page: '-4' },
      { sort: 'due', direction: -1, page: 1, skip: 0 },
    ],
    [
      { sort: '--name', page: '1e9' },
      { sort: 'due', direction: -1, page: 1, skip: 0 },
    ],
    [{ page: 'NaN' }, { sort: 'due', direction: -1, page: 1, skip: 0 }],
  ])('reads %j, taking only what it knows', (query, wanted) => {
    expect(tableQuery(query, ['name', 'due'], '-due')).toEqual({ ...wanted, limit: 50 });
  });
});

describe('values', () => {
  it('writes money in Indian grouping, shares with their unit, and keeps a cut id whole', () => {
    expect(draw(<Money paise={123_456_700} />)).toContain('₹12,34,567');
    expect(formatShare(0.0482)).toBe('4.8 %');
    expect(draw(<ShortId id="tsk_01jd9vq3x7" />).replaceAll(/<[^>]+>/g, '')).toBe('tsk_01jd9vq3x7');
  });

  it.each([
    [10, 'just now'],
    [180, '3 min ago'],
    [7_200, '2 h ago'],
    [86_400, '1 day ago'],
    [-7_200, 'in 2 h'],
    [30 * 86_400, '22 Oct 2026'],
  ])('says of %d seconds ago: %s', (seconds, words) => {
    expect(relativeTime(new Date(NOW.getTime() - seconds * 1000), NOW, 'Asia/Kolkata')).toBe(words);
  });

  it('names the zone of an exact time', () => {
    expect(exactTime(NOW, 'Asia/Kolkata')).toBe('21 Nov 2026, 14:05 IST');
    expect(exactTime(NOW, 'UTC')).toBe('21 Nov 2026, 08:35 UTC');
  });

  it('changes one part of an address and keeps the rest', () => {
    const frame = sampleFrame({ query: { q: 'a&b', page: '2' } });
    expect(addressOf(frame, { page: undefined })).toBe('/admin/tasks?q=a%26b');
  });
});
