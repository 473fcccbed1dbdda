// The last deliveries to endpoints: what was sent, what waits and what was given up, each sent again by a button.
import type { ReactElement } from 'react';
import type { Ctx } from '../../core/context.ts';
import { operationNamed } from '../../core/operation.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { type Loaded, LoadedView } from '../../ui/components/loaded.tsx';
import { StatusMark } from '../../ui/components/status.tsx';
import { tableQuery } from '../../ui/components/table-query.ts';
import { RelativeTime } from '../../ui/components/time.tsx';
import { ShortId } from '../../ui/components/values.tsx';
import type { Frame } from '../../ui/frame.ts';
import { mayRun, PermittedForm } from '../../ui/permitted-form.tsx';
import { sendingOperations } from './operations.ts';
import type { Sending } from './service.ts';
import type { DeliveryView, EndpointView } from './views.ts';

const SHOWN = 50;
/** A first attempt comes within a second; one that has not come after this long means that nobody sends. */
const LATE_MS = 60_000;

/** The deliveries as a page shows them: stale when the sender has not come to what is due. */
export async function deliveriesPart(
  sending: Pick<Sending, 'deliveries'>,
  ctx: Ctx,
  endpoints: readonly EndpointView[],
): Promise<Loaded<readonly DeliveryView[]>> {
  const value = await sending.deliveries(ctx, endpoints, SHOWN);
  if (value.length === 0)
    return { state: 'empty', why: 'Nothing was sent yet. A test event shows the way that events will take.' };
  const open = new Set(endpoints.filter(({ breaker }) => breaker === 'closed').map(({ id }) => id));
  const late = value.filter(
    ({ status, attempts, at, endpoint }) =>
      status === 'waiting' &&
      attempts === 0 &&
      open.has(endpoint) &&
      ctx.now.getTime() - at.getTime() > LATE_MS,
  );
  const oldest = late.at(-1);
  if (!oldest) return { state: 'data', value, asOf: ctx.now };
  const reason = 'Deliveries wait although nothing holds them up: the sender is not at work, or far behind.';
  return { state: 'stale', value, asOf: oldest.at, reason };
}

export function Deliveries(props: {
  readonly of: Loaded<readonly DeliveryView[]>;
  readonly chosen: EndpointView | null;
  readonly frame: Frame;
}): ReactElement {
  const { of, chosen, frame } = props;
  return (
    <section aria-labelledby="deliveries">
      <h2 id="deliveries">
        {chosen ? `Last deliveries to ${chosen.description || chosen.host}` : 'Last deliveries'}
      </h2>
      <LoadedView of={of} frame={frame}>
        {(rows) => (
          <DataTable
            frame={frame}
            caption="Last deliveries"
            columns={columnsOf(frame)}
            rows={rows}
            rowKey={({ id }) => id}
            total={rows.length}
            query={tableQuery({}, [], 'at')}
            empty={{ why: 'Nothing was sent yet.' }}
            {...(mayRun(frame, replay)
              ? { actions: (row: DeliveryView) => <Again row={row} frame={frame} /> }
              : {})}
          />
        )}
      </LoadedView>
    </section>
  );
}

const replay = operationNamed(sendingOperations, 'endpoint.replay');
const marks = { waiting: 'look', sent: 'ok', dead: 'act', stale: 'ok' } as const;
const words = { waiting: 'Waiting', sent: 'Sent', dead: 'Given up', stale: 'No news any more' } as const;

function columnsOf(frame: Frame): readonly TableColumn<DeliveryView>[] {
  return [
    {
      key: 'at',
      label: 'Written',
      cell: ({ at }) => <RelativeTime at={at} now={frame.now} zone={frame.zone} />,
    },
    { key: 'event', label: 'Event', cell: ({ event }) => event },
    { key: 'to', label: 'To', cell: ({ endpoint }) => <ShortId id={endpoint} /> },
    {
      key: 'state',
      label: 'State',
      cell: ({ status }) => <StatusMark status={marks[status]} word={words[status]} />,
    },
    { key: 'tried', label: 'Failed attempts', numeric: true, cell: ({ attempts }) => attempts },
    { key: 'why', label: 'Why', cell: ({ problem }) => <span className="words">{problem ?? ''}</span> },
    { key: 'id', label: 'Id', cell: ({ id }) => <ShortId id={id} /> },
  ];
}

function Again({ row, frame }: { readonly row: DeliveryView; readonly frame: Frame }): ReactElement | null {
  if (row.status === 'waiting') return null;
  return (
    <PermittedForm
      frame={frame}
      operation={replay}
      label="Send again"
      input={{ endpoint: row.endpoint, item: row.id }}
      fields={[]}
      confirmText="It goes out once more under the same id: a receiver that keeps its ids takes it once."
    />
  );
}
