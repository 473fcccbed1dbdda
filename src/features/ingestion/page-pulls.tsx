// The pulls on the page of data: what is fetched from where, how the last time went, and a form for another.
import type { ReactElement } from 'react';
import type { StreamPull } from '../../../models/stream-pull.ts';
import { formatDuration } from '../../core/duration.ts';
import { operationNamed } from '../../core/operation.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { StatusMark } from '../../ui/components/status.tsx';
import { tableQuery } from '../../ui/components/table-query.ts';
import { RelativeTime } from '../../ui/components/time.tsx';
import { formatCount } from '../../ui/components/values.tsx';
import { OperationForm } from '../../ui/form.tsx';
import type { Frame } from '../../ui/frame.ts';
import { pullOperations } from './pull-operations.ts';

const verb = (name: string) => operationNamed(pullOperations, name);

export function PullSection({
  pulls,
  mayManage,
  frame,
}: {
  readonly pulls: readonly StreamPull[];
  readonly mayManage: boolean;
  readonly frame: Frame;
}): ReactElement {
  return (
    <section aria-labelledby="pulls">
      <h2 id="pulls">Scheduled pulls</h2>
      <DataTable
        frame={frame}
        caption="Scheduled pulls"
        columns={columns(frame)}
        rows={pulls}
        rowKey={({ _id }) => _id}
        total={pulls.length}
        query={tableQuery({}, [], 'name')}
        empty={{ why: 'Nothing is fetched on a schedule.' }}
        {...(mayManage ? { actions: (pull: StreamPull) => <Actions pull={pull} frame={frame} /> } : {})}
      />
      {mayManage && (
        <>
          <h3>Add a pull</h3>
          <OperationForm frame={frame} operation={verb('pull.add')} label="Add pull" />
        </>
      )}
    </section>
  );
}

function columns(frame: Frame): readonly TableColumn<StreamPull>[] {
  return [
    { key: 'name', label: 'Pull', cell: ({ name }) => name },
    { key: 'stream', label: 'Stream', cell: ({ stream }) => stream },
    { key: 'url', label: 'Address', cell: ({ url }) => <code>{url}</code> },
    { key: 'every', label: 'Every', cell: ({ everyMs }) => formatDuration(everyMs) },
    { key: 'state', label: 'State', cell: (pull) => <State pull={pull} /> },
    {
      key: 'last',
      label: 'Last time',
      cell: ({ lastAt }) =>
        lastAt ? <RelativeTime at={lastAt} now={frame.now} zone={frame.zone} /> : 'not yet',
    },
    {
      key: 'brought',
      label: 'Brought',
      numeric: true,
      cell: ({ lastCounts }) => formatCount(lastCounts?.['accepted'] ?? 0),
    },
  ];
}

function State({ pull }: { readonly pull: StreamPull }): ReactElement {
  if (pull.status !== 'active') return <>{pull.status}</>;
  if (pull.failures > 0)
    return (
      <StatusMark status="look" word={`${formatCount(pull.failures)} × ${pull.lastError ?? 'failed'}`} />
    );
  return <StatusMark status="ok" word="Active" />;
}

function Actions({ pull, frame }: { readonly pull: StreamPull; readonly frame: Frame }): ReactElement {
  const input = { name: pull.name };
  const other = pull.status === 'paused' ? 'resume' : 'pause';
  return (
    <>
      <OperationForm frame={frame} operation={verb('pull.run')} input={input} label="Fetch now" />
      <OperationForm
        frame={frame}
        operation={verb(`pull.${other}`)}
        input={input}
        label={other === 'pause' ? 'Pause' : 'Resume'}
      />
    </>
  );
}
