// The mail of a digest: what a period came to, in sentences and one table of figures.
import { z } from 'zod';
import { formatPaise } from '../../../core/money.ts';
import { formatCount, formatShare } from '../../../ui/components/values.tsx';
import { Action, Lines, Table } from './parts.tsx';
import { href, line, lines } from './props.ts';
import { template } from './template.ts';

const kinds = ['text', 'count', 'money', 'share'] as const;
type Kind = (typeof kinds)[number];

export const digestMail = template({
  name: 'digest',
  props: z.object({
    title: line,
    period: line,
    summary: lines.default(''),
    /** `money` is whole paise, `share` a fraction of one. */
    columns: z.array(z.object({ label: line, kind: z.enum(kinds).default('text') })).max(12),
    rows: z.array(z.array(z.union([line, z.number(), z.null()])).max(12)).max(200),
    link: href.optional(),
  }),
  why: {
    en: 'this address is on the list for this digest.',
    hi: 'यह पता इस सार की सूची में है।',
  },
  write: ({ title, period, summary, columns, rows, link }, { language }) => ({
    title: `${title}: ${period}`,
    preview: summary.split('\n')[0] || period,
    body: (
      <>
        <Lines text={summary} />
        <Table
          columns={columns.map(({ label, kind }) => ({ label, numeric: kind !== 'text' }))}
          rows={rows.map((row) => row.map((cell, index) => cellText(cell, columns[index]?.kind ?? 'text')))}
        />
        {link !== undefined && <Action label={language === 'hi' ? 'पूरा देखें' : 'See all of it'} href={link} />}
      </>
    ),
  }),
});

/** A figure in its unit; what is not known is a dash, never a zero. */
function cellText(cell: string | number | null, kind: Kind): string {
  if (cell === null) return '—';
  if (typeof cell === 'string') return cell;
  switch (kind) {
    case 'money':
      return formatPaise(cell);
    case 'share':
      return formatShare(cell);
    case 'count':
      return formatCount(cell);
    case 'text':
      return String(cell);
  }
}
