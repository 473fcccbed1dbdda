// The page of the outbox: what waits, what was given up and why, and the button that sends it again.
import type { ReactElement } from 'react';
import { type RowStatus, rowStatuses } from '../../../models/outbox-row.ts';
import { holds } from '../../core/permissions.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { tableQuery } from '../../ui/components/table-query.ts';
import { type Figure, Tile, Tiles } from '../../ui/components/tile.tsx';
import { RelativeTime, spanOf } from '../../ui/components/time.tsx';
import { formatCount } from '../../ui/components/values.tsx';
import { type FormOperation, OperationForm } from '../../ui/form.tsx';
import type { Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import { upkeepOperations } from './operations.ts';
import type { OutboxCounts, OutboxEntry, Upkeep } from './service.ts';

const PATH = '/admin/outbox';
const SHOWN = 200;
/** A message that waits for longer than this is worth a look. */
const LATE_MS = 5 * 60_000;

interface Model {
  readonly counts: OutboxCounts;
  readonly status: RowStatus;
  readonly entries: readonly OutboxEntry[];
  readonly mayRetry: boolean;
  readonly asOf: Date;
}

const page = pagesOf<{ readonly upkeep: Upkeep }>();

export const outboxPage = page({
  path: PATH,
  permission: 'operations.read',
  menu: { section: 'System', label: 'Outbox', order: 50, icon: 'outbox' },
  waiting: async ({ services, ...ctx }) => (await services.upkeep.counts(ctx)).dead,
  load: async ({ services, ...ctx }, query): Promise<Model> => {
    const status = rowStatuses.find((known) => known === query['status']) ?? 'dead';
    return {
      counts: await services.upkeep.counts(ctx),
      status,
      entries: await services.upkeep.entries(ctx, status, SHOWN),
      mayRetry: holds(ctx.actor.role, 'operations.manage'),
      asOf: ctx.now,
    };
  },
  title: 'Outbox',
  action: ({ counts, mayRetry }, frame) =>
    mayRetry && counts.dead > 0 ? (
      <Retry frame={frame} item="all" label="Send all again" says={`${counts.dead} dead letters`} />
    ) : null,
  view: (model, frame) => (
    <>
      <Counts model={model} frame={frame} />
      <Entries model={model} frame={frame} />
    </>
  ),
});

interface Section {
  readonly model: Model;
  readonly frame: Frame;
}

function Counts({ model, frame }: Section): ReactElement {
  const { counts, asOf } = model;
  const late = counts.oldestMs > LATE_MS;
  const figures: readonly (readonly [label: string, figure: Figure])[] = [
    [
      'Waiting',
      {
        value: formatCount(counts.waiting),
        period: counts.waiting > 0 ? `the oldest for ${spanOf(counts.oldestMs / 1_000)}` : 'nothing is late',
        href: `${PATH}?status=waiting`,
        status: late ? 'look' : 'ok',
        word: late ? 'Late' : 'On time',
      },
    ],
    [
      'Given up',
      {
        value: formatCount(counts.dead),
        period: 'until sent again',
        href: `${PATH}?status=dead`,
        status: counts.dead > 0 ? 'act' : 'ok',
        word: counts.dead > 0 ? 'Send again' : 'None',
      },
    ],
    [
      'Perhaps shown twice',
      { value: formatCount(counts.ambiguous), period: 'last 30 days', href: `${PATH}?status=sent` },
    ],
  ];
  return (
    <Tiles>
      {figures.map(([label, value]) => (
        <Tile key={label} label={label} frame={frame} of={{ state: 'data', value, asOf }} />
      ))}
    </Tiles>
  );
}

const captions: Readonly<Record<RowStatus, string>> = {
  dead: 'Dead letters',
  waiting: 'Waiting',
  sent: 'Sent in the last 30 days',
  stale: 'Not sent: no news any more when their turn came',
};

function Entries({ model, frame }: Section): ReactElement {
  const { status, entries, mayRetry } = model;
  const query = tableQuery(frame.query, [], 'at');
  const shown = entries.slice(query.skip, query.skip + query.limit);
  const retry = (entry: OutboxEntry): ReactElement => (
    <Retry frame={frame} item={entry.id} label="Send again" says={`“${entry.says}”`} />
  );
  return (
    <section>
      <h2>{captions[status]}</h2>
      <DataTable
        frame={frame}
        caption={captions[status]}
        columns={columnsOf(frame)}
        rows={shown}
        rowKey={(entry) => entry.id}
        total={entries.length}
        query={query}
        empty={{ why: status === 'dead' ? 'Nothing was given up.' : `Nothing is ${status}.` }}
        {...(status === 'dead' && mayRetry ? { actions: retry } : {})}
      />
    </section>
  );
}

function columnsOf(frame: Frame): readonly TableColumn<OutboxEntry>[] {
  return [
    {
      key: 'at',
      label: 'Written',
      cell: ({ at }) => <RelativeTime at={at} now={frame.now} zone={frame.zone} />,
    },
    { key: 'destination', label: 'To', cell: ({ destination }) => <code>{destination}</code> },
    { key: 'says', label: 'Says', cell: ({ says }) => says },
    { key: 'attempts', label: 'Tried', numeric: true, cell: ({ attempts }) => attempts },
    { key: 'twice', label: 'Perhaps twice', numeric: true, cell: ({ ambiguities }) => ambiguities },
    { key: 'problem', label: 'Why', cell: ({ problem }) => problem ?? '' },
    { key: 'id', label: 'Id', cell: ({ id }) => <code>{id}</code> },
  ];
}

function Retry(props: {
  readonly frame: Frame;
  readonly item: string;
  readonly label: string;
  readonly says: string;
}): ReactElement {
  return (
    <OperationForm
      frame={props.frame}
      operation={retryVerb()}
      label={props.label}
      input={{ item: props.item }}
      confirmText={`${props.says} will be sent once more.`}
    />
  );
}

function retryVerb(): FormOperation {
  const found = upkeepOperations.find(({ name }) => name === 'outbox.retry');
  if (!found) throw new Error('upkeep has no verb “outbox.retry”');
  return found;
}
