// The section of webhook events on their page: the last ones, or those given up, and working on them again.
import type { ReactElement } from 'react';
import type { WebhookEvent } from '../../../models/webhook-inbox.ts';
import { operationNamed } from '../../core/operation.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { StatusMark } from '../../ui/components/status.tsx';
import { tableQuery } from '../../ui/components/table-query.ts';
import { RelativeTime } from '../../ui/components/time.tsx';
import { ShortId } from '../../ui/components/values.tsx';
import { OperationForm } from '../../ui/form.tsx';
import type { Frame } from '../../ui/frame.ts';
import { webhookOperations } from './operations.ts';
import type { SourceView } from './overview.ts';

/** @param chosen the source whose events these are; null for those of all. */
export function Events(props: {
  readonly chosen: SourceView | null;
  readonly events: readonly WebhookEvent[];
  readonly mayManage: boolean;
  readonly frame: Frame;
}): ReactElement {
  const { chosen, events, mayManage, frame } = props;
  const query = tableQuery(frame.query, [], 'at');
  const onlyDead = frame.query['status'] === 'dead';
  const caption = onlyDead ? 'Given up' : 'Last events';
  const source = chosen ? { source: chosen.name } : {};
  return (
    <section aria-labelledby="events">
      <h2 id="events">{chosen ? `${caption} of ${chosen.name}` : caption}</h2>
      {mayManage && onlyDead && events.length > 0 && (
        <Replay frame={frame} input={{ event: 'dead', ...source }} label="Replay all of these" />
      )}
      <DataTable
        frame={frame}
        caption={caption}
        columns={eventColumns(frame)}
        rows={events.slice(query.skip, query.skip + query.limit)}
        rowKey={({ _id }) => _id}
        total={events.length}
        query={query}
        empty={{ why: onlyDead ? 'Nothing was given up.' : 'Nothing came yet.' }}
        {...(mayManage
          ? {
              actions: ({ _id, status }: WebhookEvent) =>
                status === 'dead' ? <Replay frame={frame} input={{ event: _id }} label="Replay" /> : null,
            }
          : {})}
      />
    </section>
  );
}

const marks = { received: 'look', done: 'ok', dead: 'act' } as const;
const words = { received: 'Waiting', done: 'Done', dead: 'Given up' } as const;

function eventColumns(frame: Frame): readonly TableColumn<WebhookEvent>[] {
  return [
    {
      key: 'at',
      label: 'Received',
      cell: ({ createdAt }) => <RelativeTime at={createdAt} now={frame.now} zone={frame.zone} />,
    },
    { key: 'source', label: 'Source', cell: ({ source, test }) => (test ? `${source} (test)` : source) },
    {
      key: 'state',
      label: 'State',
      cell: ({ status }) => <StatusMark status={marks[status]} word={words[status]} />,
    },
    { key: 'what', label: 'What', cell: ({ note, problem }) => note ?? problem ?? '' },
    { key: 'tried', label: 'Tried', numeric: true, cell: ({ attempts }) => attempts },
    { key: 'id', label: 'Id', cell: ({ _id }) => <ShortId id={_id} /> },
  ];
}

function Replay(props: {
  readonly frame: Frame;
  readonly input: Readonly<Record<string, string>>;
  readonly label: string;
}): ReactElement {
  return (
    <OperationForm
      {...props}
      operation={operationNamed(webhookOperations, 'webhook.replay')}
      fields={[]}
      confirmText="What was done before is not done twice."
    />
  );
}
