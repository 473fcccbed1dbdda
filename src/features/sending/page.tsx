// The page of endpoints: where events are sent, how each place stands, what was last sent there, and every verb as a form.
import type { ReactElement } from 'react';
import type { Logger } from '../../core/logger.ts';
import { operationNamed } from '../../core/operation.ts';
import type { Status } from '../../core/reply.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { type Loaded, LoadedView } from '../../ui/components/loaded.tsx';
import { StatusMark } from '../../ui/components/status.tsx';
import { tableQuery } from '../../ui/components/table-query.ts';
import { RelativeTime } from '../../ui/components/time.tsx';
import { formatCount, ShortId } from '../../ui/components/values.tsx';
import { addressOf, type Frame } from '../../ui/frame.ts';
import { loadPart } from '../../ui/load-part.ts';
import { pagesOf } from '../../ui/page.ts';
import { mayRun, PermittedForm } from '../../ui/permitted-form.tsx';
import { sendingOperations } from './operations.ts';
import { Deliveries, deliveriesPart } from './page-deliveries.tsx';
import { EndpointForms } from './page-forms.tsx';
import { eventWords } from './replies.ts';
import type { Sending } from './service.ts';
import type { DeliveryView, EndpointView } from './views.ts';

const PATH = '/admin/endpoints';

interface Model {
  readonly endpoints: Loaded<readonly EndpointView[]>;
  readonly chosen: EndpointView | null;
  readonly deliveries: Loaded<readonly DeliveryView[]>;
}

const page = pagesOf<{ readonly sending: Sending; readonly logger: Logger }>();
const verb = (name: string) => operationNamed(sendingOperations, name);

export const endpointPage = page({
  path: PATH,
  permission: 'endpoint.read',
  menu: { section: 'System', label: 'Endpoints', order: 46, icon: 'outbox' },
  waiting: async ({ services, ...ctx }) =>
    (await services.sending.list(ctx)).filter((endpoint) => stateOf(endpoint).status === 'act').length,
  load: async ({ services, ...ctx }, query): Promise<Model> => {
    const retry = PATH;
    const asOf = ctx.now;
    const endpoints = await loadPart<readonly EndpointView[]>(
      { ...ctx, services },
      { name: 'endpoints', retry },
      async () => {
        const value = await services.sending.list(ctx);
        return value.length > 0 ? { state: 'data', value, asOf } : { state: 'empty', why: NONE };
      },
    );
    const known = endpoints.state === 'data' ? endpoints.value : [];
    const chosen = known.find(({ id }) => id === query['endpoint']) ?? null;
    const deliveries = await loadPart({ ...ctx, services }, { name: 'deliveries', retry }, () =>
      deliveriesPart(services.sending, ctx, chosen ? [chosen] : known),
    );
    return { endpoints, chosen, deliveries };
  },
  title: 'Endpoints',
  view: ({ endpoints, chosen, deliveries }, frame) => (
    <>
      <section aria-labelledby="endpoints">
        <h2 id="endpoints">Where events are sent</h2>
        <LoadedView of={endpoints} frame={frame}>
          {(rows) => <Endpoints rows={rows} frame={frame} />}
        </LoadedView>
      </section>
      {chosen && <EndpointForms endpoint={chosen} frame={frame} />}
      <Deliveries of={deliveries} chosen={chosen} frame={frame} />
      {!chosen && mayRun(frame, verb('endpoint.add')) && (
        <section aria-labelledby="add">
          <h2 id="add">Add an endpoint</h2>
          <PermittedForm frame={frame} operation={verb('endpoint.add')} label="Add endpoint" tone="primary" />
        </section>
      )}
    </>
  ),
});

const NONE = 'Events are sent nowhere yet. An endpoint is any https address that takes a POST.';

function Endpoints(props: { readonly rows: readonly EndpointView[]; readonly frame: Frame }): ReactElement {
  const { rows, frame } = props;
  const query = tableQuery(frame.query, [], 'at');
  const shown = rows.slice(query.skip, query.skip + query.limit);
  return (
    <DataTable
      frame={frame}
      caption="Endpoints"
      columns={columnsOf(frame)}
      rows={shown}
      rowKey={({ id }) => id}
      total={rows.length}
      query={query}
      empty={{ why: NONE }}
      {...(mayRun(frame, verb('endpoint.test'))
        ? { actions: (endpoint: EndpointView) => <RowForms endpoint={endpoint} frame={frame} /> }
        : {})}
    />
  );
}

function columnsOf(frame: Frame): readonly TableColumn<EndpointView>[] {
  return [
    {
      key: 'where',
      label: 'Where',
      cell: ({ id, host, description }) => (
        <a href={addressOf(frame, { endpoint: id, page: undefined })}>
          {description === '' ? host : `${description} (${host})`}
        </a>
      ),
    },
    { key: 'kind', label: 'Kind', cell: ({ kind }) => kind },
    {
      key: 'gets',
      label: 'Gets',
      cell: (endpoint) => <span className="words">{eventWords(endpoint, 'en')}</span>,
    },
    {
      key: 'state',
      label: 'State',
      cell: (endpoint) => <StatusMark {...stateOf(endpoint)} />,
    },
    {
      key: 'why',
      label: 'Why',
      cell: ({ reason, problem }) => <span className="words">{reason ?? problem ?? ''}</span>,
    },
    { key: 'breaker', label: 'Breaker', cell: ({ breaker }) => breaker },
    {
      key: 'last',
      label: 'Last sent',
      cell: ({ lastSentAt }) =>
        lastSentAt ? <RelativeTime at={lastSentAt} now={frame.now} zone={frame.zone} /> : 'nothing yet',
    },
    { key: 'waiting', label: 'Waiting', numeric: true, cell: ({ waiting }) => formatCount(waiting) },
    { key: 'dead', label: 'Given up', numeric: true, cell: ({ dead }) => formatCount(dead) },
    { key: 'id', label: 'Id', cell: ({ id }) => <ShortId id={id} /> },
  ];
}

/** The state of an endpoint by shape and word. */
export function stateOf(endpoint: EndpointView): { readonly status: Status; readonly word: string } {
  const { status, breaker, failingSince, dead, rotatingUntil } = endpoint;
  if (status !== 'active') return { status: 'act', word: 'Disabled' };
  if (breaker === 'open') return { status: 'look', word: 'Resting after failures' };
  if (failingSince !== null) return { status: 'look', word: 'Failing' };
  if (dead > 0) return { status: 'look', word: 'Missed some' };
  return { status: 'ok', word: rotatingUntil ? 'Well, two secrets' : 'Well' };
}

function RowForms(props: { readonly endpoint: EndpointView; readonly frame: Frame }): ReactElement {
  const { endpoint, frame } = props;
  const input = { endpoint: endpoint.id };
  if (endpoint.status === 'active')
    return (
      <PermittedForm frame={frame} operation={verb('endpoint.test')} label="Send test event" input={input} />
    );
  return <PermittedForm frame={frame} operation={verb('endpoint.enable')} label="Enable" input={input} />;
}
