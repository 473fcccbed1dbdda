// The page of webhooks: for each source what came, what was refused and why, how late, and how a sender signs.
import type { ReactElement } from 'react';
import type { WebhookEvent } from '../../../models/webhook-inbox.ts';
import { formatDuration } from '../../core/duration.ts';
import { holds } from '../../core/permissions.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { StatusMark } from '../../ui/components/status.tsx';
import { tableQuery } from '../../ui/components/table-query.ts';
import { RelativeTime } from '../../ui/components/time.tsx';
import { formatCount } from '../../ui/components/values.tsx';
import { type FormOperation, OperationForm } from '../../ui/form.tsx';
import { addressOf, type Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import { webhookOperations } from './operations.ts';
import type { SourceView } from './overview.ts';
import { Events } from './page-events.tsx';
import { mappingWords, SourceForms } from './page-source.tsx';
import type { Webhooks } from './service.ts';

const PATH = '/admin/webhooks';
const SHOWN = 200;
/** From receipt to done; more is worth a look. */
const LATE_MS = 60_000;

interface Model {
  readonly sources: readonly SourceView[];
  readonly unknown: number;
  readonly chosen: SourceView | null;
  readonly events: readonly WebhookEvent[];
  readonly mayManage: boolean;
}

interface Section {
  readonly model: Model;
  readonly frame: Frame;
}

const page = pagesOf<{ readonly webhooks: Webhooks }>();

export const webhookPage = page({
  path: PATH,
  permission: 'webhook.read',
  menu: { section: 'System', label: 'Webhooks', order: 45, icon: 'webhooks' },
  waiting: ({ services, ...ctx }) => services.webhooks.overview.dead(ctx),
  load: async ({ services: { webhooks }, ...ctx }, query): Promise<Model> => {
    const { sources, unknown } = await webhooks.overview.list(ctx);
    const chosen = sources.find(({ name }) => name === query['source']) ?? null;
    const status = query['status'] === 'dead' ? 'dead' : undefined;
    const events = await webhooks.overview.events(ctx, { source: chosen?.name, status }, SHOWN);
    return { sources, unknown, chosen, events, mayManage: holds(ctx.actor.role, 'webhook.manage') };
  },
  title: 'Webhooks',
  view: (model, frame) => (
    <>
      <Sources model={model} frame={frame} />
      {model.chosen && <Chosen source={model.chosen} model={model} frame={frame} />}
      <Events {...model} frame={frame} />
      {model.mayManage && !model.chosen && (
        <section aria-labelledby="add">
          <h2 id="add">Add a source</h2>
          <OperationForm frame={frame} operation={verb('webhook.add')} label="Add source" tone="primary" />
        </section>
      )}
    </>
  ),
});

function Sources({ model, frame }: Section): ReactElement {
  const { sources, unknown, mayManage } = model;
  const query = tableQuery({}, [], 'name');
  return (
    <section aria-labelledby="sources">
      <h2 id="sources">Sources</h2>
      <DataTable
        frame={frame}
        caption="Sources"
        columns={sourceColumns(frame)}
        rows={sources}
        rowKey={({ name }) => name}
        total={sources.length}
        query={query}
        empty={{ why: 'No source is set up.' }}
        {...(mayManage
          ? {
              actions: (source: SourceView) => (
                <Test name={source.name} off={source.secrets === 0} frame={frame} />
              ),
            }
          : {})}
      />
      {unknown > 0 && (
        <p className="quiet-text">{formatCount(unknown)} deliveries in 7 days named no source that exists.</p>
      )}
    </section>
  );
}

function sourceColumns(frame: Frame): readonly TableColumn<SourceView>[] {
  return [
    {
      key: 'name',
      label: 'Source',
      cell: ({ name }) => <a href={addressOf(frame, { source: name, status: undefined })}>{name}</a>,
    },
    {
      key: 'state',
      label: 'State',
      cell: ({ secrets, lag }) =>
        secrets === 0 ? (
          <StatusMark status="look" word="No secret: all is refused" />
        ) : lag && lag.medianMs > LATE_MS ? (
          <StatusMark status="look" word="Late" />
        ) : (
          <StatusMark status="ok" word={secrets === 2 ? 'Two secrets' : 'Open'} />
        ),
    },
    {
      key: 'last',
      label: 'Last event',
      cell: ({ last }) =>
        last ? <RelativeTime at={last.at} now={frame.now} zone={frame.zone} /> : 'none yet',
    },
    { key: 'taken', label: 'Taken, 7 days', numeric: true, cell: ({ counts }) => formatCount(taken(counts)) },
    { key: 'refused', label: 'Refused', cell: ({ counts }) => refusedWords(counts) },
    {
      key: 'lag',
      label: 'To done',
      numeric: true,
      cell: ({ lag }) => (lag ? `${formatDuration(lag.medianMs)}, worst ${formatDuration(lag.worstMs)}` : ''),
    },
    { key: 'waiting', label: 'Waiting', numeric: true, cell: ({ waiting }) => formatCount(waiting) },
    {
      key: 'dead',
      label: 'Given up',
      numeric: true,
      cell: ({ name, dead }) =>
        dead === 0 ? (
          '0'
        ) : (
          <a href={addressOf(frame, { source: name, status: 'dead' })}>{formatCount(dead)}</a>
        ),
    },
  ];
}

const taken = (counts: SourceView['counts']): number => (counts['accepted'] ?? 0) + (counts['repeated'] ?? 0);

/** Such as `3 signature, 1 too large`. */
function refusedWords(counts: SourceView['counts']): string {
  const refused = Object.entries(counts).filter(([outcome]) => !['accepted', 'repeated'].includes(outcome));
  return (
    refused.map(([outcome, times]) => `${formatCount(times)} ${outcome.replaceAll('_', ' ')}`).join(', ') ||
    '0'
  );
}

function Chosen({ source, model, frame }: Section & { readonly source: SourceView }): ReactElement {
  const { name, summary, scheme, keptIn, curl, mapping, perMinute } = source;
  return (
    <section aria-labelledby="source">
      <h2 id="source">{name}</h2>
      <p>
        {summary}. Signed by <code>{scheme}</code>; its secret is kept in {keptIn}. At most{' '}
        {formatCount(perMinute)} of its events are worked on in a minute.{' '}
        {mapping && `Its bodies become ${mapping.to}: ${mappingWords(mapping)}.`}{' '}
        <a href={PATH}>All sources</a>
      </p>
      <h3>What a sender runs</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>{curl}</code>
      </pre>
      {model.mayManage && keptIn === 'the database' && <SourceForms source={source} frame={frame} />}
    </section>
  );
}

function Test(props: {
  readonly frame: Frame;
  readonly name: string;
  readonly off: boolean;
}): ReactElement | null {
  if (props.off) return null;
  const input = { name: props.name };
  return (
    <OperationForm
      frame={props.frame}
      operation={verb('webhook.test')}
      label="Send test event"
      input={input}
    />
  );
}

function verb(name: string): FormOperation {
  const found = webhookOperations.find((operation) => operation.name === name);
  if (!found) throw new Error(`webhooks have no verb “${name}”`);
  return found;
}
