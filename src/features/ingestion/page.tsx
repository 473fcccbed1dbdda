// The page of data: how fresh each stream is, what was refused and why, and how rows are sent.
import type { ReactElement } from 'react';
import type { StreamPull } from '../../../models/stream-pull.ts';
import type { StreamReject } from '../../../models/stream-reject.ts';
import { formatDuration } from '../../core/duration.ts';
import { operationNamed } from '../../core/operation.ts';
import { holds } from '../../core/permissions.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { StatusMark } from '../../ui/components/status.tsx';
import { tableQuery } from '../../ui/components/table-query.ts';
import { RelativeTime } from '../../ui/components/time.tsx';
import { formatCount } from '../../ui/components/values.tsx';
import { OperationForm } from '../../ui/form.tsx';
import { addressOf, type Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import { curlOf } from './curl.ts';
import { ingestionOperations } from './operations.ts';
import type { StreamOverview } from './overview.ts';
import { PullSection } from './page-pulls.tsx';
import type { Pulls } from './pulls.ts';
import type { RejectsView } from './rejects.ts';
import type { Ingestion } from './service.ts';
import { streams } from './streams.ts';

const PATH = '/admin/data';
const SHOWN = 100;
/** From receipt to counted; more is worth a look. */
const LATE_MS = 5_000;

interface Model {
  readonly streams: readonly StreamOverview[];
  readonly chosen: StreamOverview | null;
  /** Null for who may not see rows. */
  readonly refused: RejectsView | null;
  readonly mayWrite: boolean;
  readonly mayManage: boolean;
  readonly pulls: readonly StreamPull[];
}

interface Section {
  readonly model: Model;
  readonly frame: Frame;
}

const page = pagesOf<{ readonly ingestion: Ingestion; readonly pulls: Pulls }>();
const verb = (name: string) => operationNamed(ingestionOperations, name);

export const dataPage = page({
  path: PATH,
  permission: 'ingest.read',
  menu: { section: 'System', label: 'Data', order: 44 },
  load: async ({ services: { ingestion, pulls }, ...ctx }, query): Promise<Model> => {
    const all = await ingestion.overview(ctx);
    const chosen = all.find(({ name }) => name === query['stream']) ?? null;
    const maySee = holds(ctx.actor.role, 'fact.read');
    const wish = { stream: chosen?.name, limit: SHOWN };
    return {
      streams: all,
      chosen,
      refused: maySee ? await ingestion.rejects(ctx, wish) : null,
      mayWrite: holds(ctx.actor.role, 'ingest.write'),
      mayManage: holds(ctx.actor.role, 'ingest.manage'),
      pulls: await pulls.list(ctx),
    };
  },
  title: 'Data',
  view: (model, frame) => (
    <>
      <Streams model={model} frame={frame} />
      <Sending model={model} frame={frame} />
      {model.refused && <Refused refused={model.refused} model={model} frame={frame} />}
      <PullSection pulls={model.pulls} mayManage={model.mayManage} frame={frame} />
      {model.mayWrite && (
        <section aria-labelledby="import">
          <h2 id="import">Import a file</h2>
          <OperationForm frame={frame} operation={verb('ingest.import')} label="Import" tone="primary" />
        </section>
      )}
    </>
  ),
});

function Streams({ model, frame }: Section): ReactElement {
  return (
    <section aria-labelledby="streams">
      <h2 id="streams">Streams</h2>
      <DataTable
        frame={frame}
        caption="Streams"
        columns={streamColumns(frame)}
        rows={model.streams}
        rowKey={({ name }) => name}
        total={model.streams.length}
        query={tableQuery({}, [], 'name')}
        empty={{ why: 'There is no stream.' }}
      />
    </section>
  );
}

function streamColumns(frame: Frame): readonly TableColumn<StreamOverview>[] {
  const time = (at: Date | null) =>
    at ? <RelativeTime at={at} now={frame.now} zone={frame.zone} /> : 'never';
  return [
    {
      key: 'name',
      label: 'Stream',
      cell: ({ name }) => <a href={addressOf(frame, { stream: name })}>{name}</a>,
    },
    { key: 'state', label: 'State', cell: (stream) => <State stream={stream} /> },
    { key: 'facts', label: 'Facts', numeric: true, cell: ({ facts }) => formatCount(facts) },
    { key: 'received', label: 'Last came', cell: ({ receivedAt }) => time(receivedAt) },
    { key: 'folded', label: 'Last counted', cell: ({ foldedAt }) => time(foldedAt) },
    { key: 'waiting', label: 'Waiting', numeric: true, cell: ({ waiting }) => formatCount(waiting) },
    { key: 'rejects', label: 'Refused', numeric: true, cell: ({ rejects }) => formatCount(rejects) },
  ];
}

function State({ stream: { state, lagMs, rejects } }: { readonly stream: StreamOverview }): ReactElement {
  if (lagMs !== null && lagMs > LATE_MS)
    return <StatusMark status="look" word={`Late by ${formatDuration(lagMs)}`} />;
  if (rejects > 0) return <StatusMark status="look" word="Rows refused" />;
  if (state === 'empty') return <>No facts yet</>;
  return <StatusMark status="ok" word={state === 'waiting' ? 'Counting' : 'Fresh'} />;
}

/** A row that works, sent by the command line: for the stream that is chosen, or transactions. */
function Sending({ model, frame }: Section): ReactElement {
  const name = model.chosen?.name ?? 'transactions';
  const stream = Object.values(streams).find((one) => one.name === name) ?? streams.transactions;
  return (
    <section aria-labelledby="send">
      <h2 id="send">Send a row of {stream.name}</h2>
      <p>
        {stream.about.en}. One JSON object on each line; the token needs <code>ingest.write</code>. Fields:{' '}
        {Object.keys(stream.row.shape).join(', ')}.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>{curlOf(stream, frame.now)}</code>
      </pre>
    </section>
  );
}

function Refused({ refused, model, frame }: Section & { readonly refused: RejectsView }): ReactElement {
  const { open, rejects } = refused;
  const of = model.chosen ? ` of ${model.chosen.name}` : '';
  const query = tableQuery(frame.query, [], 'at');
  return (
    <section aria-labelledby="refused">
      <h2 id="refused">Rows refused{of}</h2>
      {model.mayWrite && rejects.length > 0 && (
        <OperationForm
          frame={frame}
          operation={verb('ingest.replay')}
          input={{ reject: 'all', ...(model.chosen ? { stream: model.chosen.name } : {}) }}
          fields={[]}
          label="Try all of these again"
        />
      )}
      <DataTable
        frame={frame}
        caption="Rows refused"
        columns={refusedColumns(frame)}
        rows={rejects.slice(query.skip, query.skip + query.limit)}
        rowKey={({ _id }) => _id}
        total={Math.min(open, SHOWN)}
        query={query}
        empty={{ why: 'Every row was taken.' }}
      />
    </section>
  );
}

function refusedColumns(frame: Frame): readonly TableColumn<StreamReject>[] {
  return [
    {
      key: 'at',
      label: 'When',
      cell: ({ receivedAt }) => <RelativeTime at={receivedAt} now={frame.now} zone={frame.zone} />,
    },
    { key: 'stream', label: 'Stream', cell: ({ stream, source }) => `${stream} from ${source}` },
    { key: 'why', label: 'Why', cell: ({ field, reason }) => `${field}: ${reason}` },
    { key: 'row', label: 'Row', cell: ({ row }) => <code>{row.slice(0, 300)}</code> },
    { key: 'id', label: 'Id', cell: ({ _id }) => <code>{_id}</code> },
  ];
}
