// The page of alerts: what is wrong at a glance, who looks after it, and everything one group counts.
import type { ReactElement } from 'react';
import type { Alert } from '../../../models/alert.ts';
import type { AlertGroup } from '../../../models/alert-group.ts';
import type { Severity } from '../../core/alerting.ts';
import { operationNamed } from '../../core/operation.ts';
import type { Status } from '../../core/reply.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { FilterForm } from '../../ui/components/filter-form.tsx';
import { Badge, StatusMark } from '../../ui/components/status.tsx';
import { type TableQuery, tableQuery } from '../../ui/components/table-query.ts';
import { RelativeTime } from '../../ui/components/time.tsx';
import { formatCount } from '../../ui/components/values.tsx';
import type { Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import { mayRun, PermittedForm } from '../../ui/permitted-form.tsx';
import { headline, statusOf } from './group-text.ts';
import { alertOperations } from './operations.ts';
import { ChosenGroup, GroupActions, stateWords } from './page-group.tsx';
import { type Alerts, type AlertView, alertViews } from './service.ts';

const HERE = '/admin/alerts';
const SHOWN = 50;

const page = pagesOf<{ readonly alerts: Alerts }>();
const acknowledge = operationNamed(alertOperations, 'alert.acknowledge');
const raise = operationNamed(alertOperations, 'alert.raise');
const policy = operationNamed(alertOperations, 'alert.policy');

interface Model {
  readonly view: AlertView;
  readonly groups: readonly AlertGroup[];
  readonly total: number;
  readonly open: readonly AlertGroup[];
  /** The group whose alerts are shown, when one is asked for. */
  readonly chosen: { readonly group: AlertGroup; readonly alerts: readonly Alert[] } | null;
  readonly callees: readonly string[];
  readonly quiet: string | null;
  readonly query: TableQuery;
}

export const alertPages = [
  page({
    path: HERE,
    permission: 'alert.read',
    menu: { section: 'Protocol', label: 'Alerts', order: 70, icon: 'alerts' },
    load: async ({ services: { alerts }, ...ctx }, asked): Promise<Model> => {
      const view = alertViews.find((one) => one === asked['view']) ?? 'open';
      const query = tableQuery(asked, [], 'since');
      const { groups, total } = await alerts.list(ctx, view, query.limit, query.skip);
      const open = view === 'open' ? groups : (await alerts.list(ctx, 'open', SHOWN)).groups;
      const named = asked['alert'];
      const group = named === undefined || named === '' ? null : await alerts.find(ctx, named);
      const rules = await alerts.policy(ctx);
      return {
        view,
        groups,
        total,
        open,
        chosen: group && { group, alerts: await alerts.alertsOf(ctx, group, SHOWN) },
        callees: (await alerts.callees(ctx)).map((callee) => callee.name),
        quiet: rules?.quietFrom && rules.quietTo ? `${rules.quietFrom}–${rules.quietTo}` : null,
        query,
      };
    },
    title: 'Alerts',
    view: (model, frame) => <AlertsView {...model} frame={frame} />,
    waiting: async ({ services: { alerts }, ...ctx }) => {
      const { groups } = await alerts.list(ctx, 'open', SHOWN);
      return groups.filter((group) => group.acknowledgedBy === null).length;
    },
  }),
];

type Shown = Model & { readonly frame: Frame };

function AlertsView(model: Shown): ReactElement {
  const { view, groups, total, open, chosen, query, frame } = model;
  const unanswered = open.filter((group) => group.acknowledgedBy === null);
  return (
    <>
      <p className="headline">
        <StatusMark
          status={open.length === 0 ? 'ok' : worstOf(open, frame.now)}
          word={
            open.length === 0
              ? 'Nothing is wrong that the product knows of'
              : `${formatCount(open.length)} open, ${formatCount(unanswered.length)} not acknowledged`
          }
        />
      </p>
      {chosen && <ChosenGroup {...chosen} frame={frame} />}
      <FilterForm
        frame={frame}
        filters={[{ name: 'view', label: 'Which', choices: viewChoices, none: viewWords.open.label }]}
      />
      <DataTable
        frame={frame}
        caption={viewWords[view].caption}
        columns={columnsOf(frame)}
        rows={groups}
        rowKey={(group) => group._id}
        total={total}
        query={query}
        empty={{
          why: viewWords[view].empty,
          ...(view === 'open' ? {} : { next: { label: 'Show what is open', href: HERE } }),
        }}
        {...(mayRun(frame, acknowledge)
          ? { actions: (group: AlertGroup) => <GroupActions group={group} frame={frame} /> }
          : {})}
      />
      <Called {...model} />
      {mayRun(frame, raise) && (
        <details open={frame.flash?.form?.operation === raise.name}>
          <summary>Raise an alert</summary>
          <PermittedForm frame={frame} operation={raise} label="Raise alert" />
        </details>
      )}
    </>
  );
}

function worstOf(open: readonly AlertGroup[], now: Date): Status {
  return open.some((group) => statusOf(group, now) === 'act') ? 'act' : 'look';
}

const viewWords: Readonly<
  Record<AlertView, { readonly label: string; readonly caption: string; readonly empty: string }>
> = {
  open: {
    label: 'Open',
    caption: 'Open alerts',
    empty: 'Nothing is wrong. Jobs that fail, messages that wait and health that turns bad appear here.',
  },
  mine: { label: 'Mine', caption: 'Alerts you look after', empty: 'You look after no alert.' },
  over: { label: 'Over', caption: 'Alerts that are over', empty: 'No alert was raised yet.' },
  all: { label: 'All', caption: 'All alerts', empty: 'No alert was raised yet.' },
};

const viewChoices = alertViews
  .filter((view) => view !== 'open')
  .map((value) => ({ value, label: viewWords[value].label }));

const severityMarks: Readonly<Record<Severity, Status | undefined>> = {
  critical: 'act',
  warning: 'look',
  info: undefined,
};

function SeverityBadge({ of }: { readonly of: Severity }): ReactElement {
  const status = severityMarks[of];
  return <Badge {...(status ? { status } : {})}>{of}</Badge>;
}

function columnsOf(frame: Frame): readonly TableColumn<AlertGroup>[] {
  return [
    {
      key: 'alert',
      label: 'Alert',
      cell: (group) => (
        <>
          <a href={`${HERE}?alert=${group._id}`}>{headline(group)}</a>
          <small className="line quiet-text">{group.name}</small>
        </>
      ),
    },
    { key: 'severity', label: 'Severity', cell: (group) => <SeverityBadge of={group.severity} /> },
    { key: 'state', label: 'State', cell: (group) => stateWords(group, frame) },
    {
      key: 'who',
      label: 'Looked after by',
      cell: (group) => group.assignee ?? group.acknowledgedBy ?? 'nobody',
    },
    { key: 'total', label: 'Alerts', numeric: true, cell: (group) => formatCount(group.total) },
    {
      key: 'since',
      label: 'Since',
      cell: (group) => <RelativeTime at={group.since} now={frame.now} zone={frame.zone} />,
    },
  ];
}

function Called({ callees, quiet, frame }: Shown): ReactElement {
  return (
    <section aria-labelledby="called">
      <h2 id="called">Who is called</h2>
      <p>
        A critical alert that nobody acknowledges within 15 minutes calls{' '}
        {callees.join(', then ') || 'nobody'}, 15 minutes apart, then everybody.{' '}
        {quiet ? `Small ones wait from ${quiet} (${frame.zone}).` : 'There are no quiet hours.'}
      </p>
      {mayRun(frame, policy) && (
        <details open={frame.flash?.form?.operation === policy.name}>
          <summary>Change it</summary>
          <PermittedForm frame={frame} operation={policy} label="Save" />
        </details>
      )}
    </section>
  );
}
