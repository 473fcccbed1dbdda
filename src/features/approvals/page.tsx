// The pages of approvals: what waits for this person first, each with its evidence and forms, and how others ended.
import type { ReactElement } from 'react';
import type { Approval } from '../../../models/approval.ts';
import type { Ctx } from '../../core/context.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { FilterForm } from '../../ui/components/filter-form.tsx';
import { EmptyState } from '../../ui/components/loaded.tsx';
import { Badge, StatusMark } from '../../ui/components/status.tsx';
import { type TableQuery, tableQuery } from '../../ui/components/table-query.ts';
import { RelativeTime } from '../../ui/components/time.tsx';
import { formatCount } from '../../ui/components/values.tsx';
import type { Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import { type ApprovalView, approvalViews } from './lookup.ts';
import { type Asked, RequestView, VoteForms, Votes, WithdrawForm } from './page-request.tsx';
import { shortIdOf } from './parts.ts';
import type { Approvals } from './service.ts';
import { progressOf, sentenceOf } from './words.ts';

const HERE = '/admin/approvals';

interface Needs {
  readonly approvals: Approvals;
}

const page = pagesOf<Needs>();

interface Model {
  readonly waiting: readonly Asked[];
  readonly view: ApprovalView;
  readonly listed: readonly Approval[];
  readonly total: number;
  readonly query: TableQuery;
}

const listPage = page({
  path: HERE,
  permission: 'approval.read',
  menu: { section: 'Protocol', label: 'Approvals', order: 75, icon: 'approvals' },
  load: async ({ services, ...ctx }, asked): Promise<Model> => {
    const { approvals } = services;
    const query = tableQuery(asked, [], 'newest');
    const view = approvalViews.find((one) => one === asked['view']) ?? 'all';
    const { approvals: listed, total } = await approvals.list(ctx, view, query.limit, query.skip);
    const waiting = await approvals.waitingFor(ctx);
    return {
      waiting: await Promise.all(waiting.map((one) => askedOf(approvals, ctx, one))),
      view,
      listed,
      total,
      query,
    };
  },
  title: 'Approvals',
  view: (model, frame) => <ApprovalsView {...model} frame={frame} />,
  waiting: async ({ services, ...ctx }) => (await services.approvals.waitingFor(ctx)).length,
});

const onePage = page({
  path: `${HERE}/:approval`,
  permission: 'approval.read',
  load: async ({ services, ...ctx }, query) => {
    const approval = await services.approvals.find(ctx, query['approval'] ?? '');
    const waiting = await services.approvals.waitingFor(ctx);
    const isMine = waiting.some(({ _id }) => _id === approval._id);
    return { asked: await askedOf(services.approvals, ctx, approval), isMine, me: ctx.actor.id };
  },
  title: ({ asked }) => asked.approval.title,
  trail: () => [{ label: 'Approvals', href: HERE }],
  view: ({ asked, isMine, me }, frame) => (
    <>
      <RequestView approval={asked.approval} frame={frame} />
      {isMine && <VoteForms {...asked} frame={frame} />}
      <WithdrawForm approval={asked.approval} me={me} frame={frame} />
      <Votes approval={asked.approval} frame={frame} />
    </>
  ),
});

export const approvalPages = [listPage, onePage];

async function askedOf(approvals: Approvals, ctx: Ctx, approval: Approval): Promise<Asked> {
  return { approval, mustType: await approvals.needsTyping(ctx, approval) };
}

function ApprovalsView(props: Model & { readonly frame: Frame }): ReactElement {
  const { waiting, view, listed, total, query, frame } = props;
  return (
    <>
      <p className="headline">
        <StatusMark status={waiting.length === 0 ? 'ok' : 'look'} word={waitingWords(waiting.length)} />
      </p>
      {waiting.length === 0 && (
        <EmptyState why="Nothing waits for you. Whatever needs the yes of people is shown here and in the rooms." />
      )}
      {waiting.map((asked) => (
        <section key={asked.approval._id} aria-label={asked.approval.title}>
          <RequestView approval={asked.approval} frame={frame} />
          <VoteForms {...asked} frame={frame} />
        </section>
      ))}
      <section aria-labelledby="all">
        <h2 id="all">Requests</h2>
        <FilterForm
          frame={frame}
          filters={[{ name: 'view', label: 'Which', choices: viewChoices, none: viewWords.all }]}
        />
        <DataTable
          frame={frame}
          caption={viewWords[view]}
          columns={columnsOf(frame)}
          rows={listed}
          rowKey={(approval) => approval._id}
          total={total}
          query={query}
          empty={{ why: 'There is no such request that you may see.' }}
        />
      </section>
    </>
  );
}

const waitingWords = (count: number): string =>
  count === 0
    ? 'NOTHING WAITS FOR YOU'
    : `${formatCount(count)} ${count === 1 ? 'REQUEST WAITS' : 'REQUESTS WAIT'} FOR YOU`;

const viewWords: Readonly<Record<ApprovalView, string>> = {
  waiting: 'Waiting for me',
  open: 'Open',
  decided: 'Decided',
  all: 'All',
};

const viewChoices = approvalViews
  .filter((view) => view !== 'all')
  .map((value) => ({ value, label: viewWords[value] }));

function columnsOf(frame: Frame): readonly TableColumn<Approval>[] {
  const { zone, now } = frame;
  return [
    {
      key: 'title',
      label: 'Request',
      cell: (one) => <a href={`${HERE}/${one._id}`}>{one.title}</a>,
    },
    { key: 'id', label: 'Id', cell: (one) => <code className="id">{shortIdOf(one)}</code> },
    { key: 'by', label: 'Asked by', cell: (one) => one.requester.name },
    { key: 'votes', label: 'Votes', cell: (one) => progressOf(one) },
    { key: 'state', label: 'State', cell: (one) => <Badge {...markOf(one)}>{one.state}</Badge> },
    { key: 'how', label: 'How it stands', cell: (one) => sentenceOf(one, zone) },
    { key: 'age', label: 'Asked', cell: (one) => <RelativeTime at={one.createdAt} now={now} zone={zone} /> },
  ];
}

function markOf({ state }: Approval): { readonly status?: 'look' | 'act' | 'ok' } {
  if (state === 'open') return { status: 'look' };
  if (state === 'failed') return { status: 'act' };
  return state === 'done' ? { status: 'ok' } : {};
}
