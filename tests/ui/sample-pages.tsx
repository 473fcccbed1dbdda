// Sample pages with every component in every state, drawn as features would draw them.
import type { ReactElement } from 'react';
import * as say from '../../src/core/reply.ts';
import { BarsFigure, LineFigure } from '../../src/ui/charts/chart-figure.tsx';
import type { LineWithBandProps } from '../../src/ui/charts/line-with-band.tsx';
import { Sparkline } from '../../src/ui/charts/sparkline.tsx';
import { DataTable, type TableColumn } from '../../src/ui/components/data-table.tsx';
import { FilterForm } from '../../src/ui/components/filter-form.tsx';
import { EmptyState, type Loaded, LoadedView } from '../../src/ui/components/loaded.tsx';
import { Poll } from '../../src/ui/components/poll.tsx';
import { ReplyView } from '../../src/ui/components/reply-view.tsx';
import { Badge, StatusMark } from '../../src/ui/components/status.tsx';
import { tableQuery } from '../../src/ui/components/table-query.ts';
import { type Figure, Tile, Tiles } from '../../src/ui/components/tile.tsx';
import { ExactTime, RelativeTime } from '../../src/ui/components/time.tsx';
import { formatShare, Money, ShortId } from '../../src/ui/components/values.tsx';
import { OperationForm } from '../../src/ui/form.tsx';
import type { Frame } from '../../src/ui/frame.ts';
import { renderPage } from '../../src/ui/layout.tsx';
import { addTask, dropTask, importTasks, NOW, sampleFrame } from './samples.tsx';

const minutesAgo = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const daysAgo = (days: number): Date => minutesAgo(days * 24 * 60);

export const conversion: LineWithBandProps = {
  id: 'conversion',
  finding: 'inquiries_50 converts 0.9 points more than credit_5000',
  description:
    'Conversion of two variants over fourteen days, each with its 95 % band; the bands part on day 9.',
  lines: [
    { name: 'credit_5000', points: arm(0.048, 0.0008) },
    { name: 'inquiries_50', points: arm(0.057, 0.0011) },
  ],
  x: { kind: 'time', zone: 'Asia/Kolkata', label: 'IST' },
  y: { label: 'Conversion', format: (value) => formatShare(value) },
};

export const retention: LineWithBandProps = {
  id: 'retention',
  finding: 'gate_30 keeps 0.8 points more players than gate_40',
  description: 'Seven-day retention of two variants by exposures, axis from 17 %.',
  lines: [
    { name: 'gate_30', points: byCount(0.19) },
    { name: 'gate_40', points: byCount(0.182) },
  ],
  x: { kind: 'count', label: 'exposures' },
  y: { label: 'Players back after 7 days', format: (value) => formatShare(value), from: 0.17 },
};

function arm(level: number, wave: number): LineWithBandProps['lines'][number]['points'] {
  return Array.from({ length: 15 }, (_, day) => {
    const y = level + wave * Math.sin(day * 1.3) + (day < 3 ? (3 - day) * wave : 0);
    const half = 0.02 / Math.sqrt(day + 1.5);
    return { x: daysAgo(14 - day), y, low: Math.max(0, y - half), high: y + half };
  });
}

function byCount(level: number): LineWithBandProps['lines'][number]['points'] {
  return Array.from({ length: 30 }, (_, step) => {
    const half = 0.012 / Math.sqrt(step + 1);
    const y = level + 0.003 * Math.sin(step) * (1 / (step + 1));
    return { x: (step + 1) * 3000, y, low: y - half, high: y + half };
  });
}

const conversionFigure: Figure = {
  value: '5.7 %',
  period: '7–21 Nov',
  href: '/admin/experiments',
  status: 'look',
  word: 'Decision waits',
  note: (
    <Sparkline
      id="spark"
      values={[3.9, 4.2, 4.1, 4.8, 5.1, 5.0, 5.7]}
      finding="7 days: from 3.9 % to 5.7 %"
    />
  ),
};
const tiles: readonly (readonly [string, Loaded<Figure>])[] = [
  ['Conversion of the leader', { state: 'data', asOf: minutesAgo(3), value: conversionFigure }],
  [
    'Vouchers delivered',
    {
      state: 'data',
      asOf: minutesAgo(1),
      value: { value: '₹12,34,567', period: 'today', href: '/admin/vouchers', status: 'ok' },
    },
  ],
  [
    'Message cost',
    {
      state: 'stale',
      asOf: minutesAgo(130),
      reason: 'The SMS provider has not answered since 11:55.',
      value: { value: '₹8,420', unit: 'of ₹10,000', period: 'today', href: '/admin/capacity' },
    },
  ],
  [
    'Churn risk',
    {
      state: 'empty',
      why: 'There are no customers yet, so there is nothing to forecast.',
      next: { label: 'Import customers', href: '/admin/imports' },
    },
  ],
  [
    'Bug reports',
    {
      state: 'failed',
      what: 'The database did not answer within 5 s.',
      requestId: 'req_01jd9vq3x7',
      retry: '/admin',
    },
  ],
];

export function overviewPage(changes: Partial<Frame> = {}): string {
  const frame = sampleFrame({ path: '/admin', ...changes });
  return renderPage(
    frame,
    'Overview',
    <>
      <Poll id="now" frame={frame}>
        <Tiles>
          {tiles.map(([label, of]) => (
            <Tile key={label} label={label} of={of} frame={frame} />
          ))}
        </Tiles>
      </Poll>
      <LineFigure {...conversion} note="7–21 Nov, times in IST, as of 3 min ago" />
      <LineFigure {...retention} note="90,000 exposures; this data has no times" />
      <BarsFigure
        id="capacity"
        finding="SMS used 86 % of its capacity on 19 Nov"
        description="Invites sent by day against the capacity of that day."
        bars={[17200, 12100, 15450, 9800].map((value, index) => ({
          label: `${19 - index} Nov`,
          value,
          limit: index === 0 ? 20000 : 20000 - index * 1000,
        }))}
        format={(value) => new Intl.NumberFormat('en-IN').format(value)}
        limitName="capacity"
        note="16–19 Nov, invites a day"
      />
    </>,
  );
}

interface TaskRow {
  readonly id: string;
  readonly title: string;
  readonly status: 'ok' | 'look' | 'act';
  readonly cost: number;
  readonly due: Date;
}

const titles = [
  'Call the SMS provider about delivery receipts',
  'Check the 14 vouchers that were redeemed twice in the simulation',
  'हिन्दी अनुवाद की जाँच करें',
  'Reconcile provider balance',
  'Answer the customer whose refund was refused by the bank because the account is closed',
];
const rows: readonly TaskRow[] = Array.from({ length: 12 }, (_, index) => ({
  id: `tsk_01jd9vq3x7m2k8h4w6r5t1p${String(index).padStart(3, '0')}`,
  title: titles[index % titles.length] ?? '',
  status: (['act', 'look', 'ok'] as const)[index % 3] ?? 'ok',
  cost: 1_234_56 * (index + 1) ** 3,
  due: minutesAgo(index * index * 97 - 300),
}));

export function tasksPage(changes: Partial<Frame> = {}): string {
  const frame = sampleFrame({ path: '/admin/tasks', ...changes });
  return renderPage(frame, 'Tasks', <TasksView frame={frame} />, {
    action: (
      <a className="button" href="#add">
        Add a task
      </a>
    ),
  });
}

function TasksView({ frame }: { readonly frame: Frame }): ReactElement {
  const columns: readonly TableColumn<TaskRow>[] = [
    { key: 'title', label: 'Task', sortable: true, cell: (row) => row.title },
    { key: 'id', label: 'Id', cell: (row) => <ShortId id={row.id} /> },
    { key: 'status', label: 'State', cell: (row) => <StatusMark status={row.status} /> },
    {
      key: 'cost',
      label: 'Cost, ₹',
      numeric: true,
      sortable: true,
      cell: (row) => <Money paise={row.cost} />,
    },
    {
      key: 'due',
      label: 'Due',
      sortable: true,
      cell: (row) => <RelativeTime at={row.due} now={frame.now} zone={frame.zone} />,
    },
  ];
  return (
    <>
      <FilterForm
        frame={frame}
        filters={[
          { name: 'q', label: 'Words' },
          { name: 'state', label: 'State', choices: [{ value: 'open', label: 'Open' }] },
        ]}
      />
      <DataTable
        frame={frame}
        caption="Open tasks"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        total={1234}
        query={tableQuery(frame.query, ['title', 'cost', 'due'], '-due')}
        empty={{ why: 'No task matches.' }}
        actions={(row) => (
          <>
            <OperationForm
              frame={frame}
              operation={addTask}
              label="Done"
              input={{ title: row.id }}
              fields={[]}
            />
            <OperationForm
              frame={frame}
              operation={dropTask}
              label="Drop"
              tone="danger"
              input={{ task: row.id }}
              confirmText="Takes 1 task off the list; 2 people who watch it are told."
            />
          </>
        )}
      />
      <h2>Done today</h2>
      <DataTable
        frame={frame}
        caption="Done today"
        columns={columns}
        rows={[]}
        rowKey={(row) => row.id}
        total={0}
        query={tableQuery({}, [], 'title')}
        empty={{ why: 'Nothing was finished yet today.', next: { label: 'Show yesterday', href: '?day=-1' } }}
      />
      <h2 id="add">Add a task</h2>
      <OperationForm frame={frame} operation={addTask} label="Add task" tone="primary" />
      <h2>Import tasks</h2>
      <OperationForm frame={frame} operation={importTasks} label="Import tasks" />
      <h2>Drop a task</h2>
      <OperationForm frame={frame} operation={dropTask} label="Drop task" tone="danger" />
    </>
  );
}

export const sampleReply = say.withStatus(
  'look',
  say.reply(
    [{ bold: 'onboarding-offer' }, ': inquiries_50 converts 5.7 %, 0.9 points more than credit_5000.'],
    say.text('The boundary was crossed at look 61 of 84; ₹5,000 of credit costs more than it brings.'),
    say.fields({
      Lift: '+0.9 points (0.3 to 1.5)',
      Exposed: '48,211',
      'Decided by': [{ code: 'of-spending' }],
    }),
    say.table(
      [{ label: 'Variant' }, { label: 'Exposed', numeric: true }, { label: 'Converted', numeric: true }],
      [
        ['credit_5000', '24,102', '1,157'],
        ['inquiries_50', '24,109', '1,374'],
      ],
    ),
    say.list([
      'Approve moves all new units',
      ['See ', { link: 'the evidence', href: '/admin/experiments/onboarding-offer' }],
    ]),
    say.code('experiment rollback onboarding-offer'),
    say.buttons({ label: 'Approve switch', operation: 'experiment.approve', input: {} }),
    say.context('7–21 Nov, IST, as of 3 min ago'),
  ),
);

export function answerPage(changes: Partial<Frame> = {}): string {
  const frame = sampleFrame({
    path: '/admin/experiments/onboarding-offer',
    flash: {
      role: 'status',
      reply: say.withStatus('ok', say.reply('Task “Call the SMS provider” is done.')),
    },
    ...changes,
  });
  return renderPage(
    frame,
    'onboarding-offer',
    <>
      <ReplyView
        reply={sampleReply}
        button={(button) => (
          <button key={button.label} type="button" className="secondary">
            {button.label}
          </button>
        )}
      />
      <h2>Words for states</h2>
      <p className="actions">
        <Badge>neutral</Badge> <Badge status="ok">running</Badge> <Badge status="look">paused</Badge>{' '}
        <Badge status="act">blocked</Badge> <ExactTime at={NOW} zone={frame.zone} />
      </p>
      <h3>Nothing here</h3>
      <EmptyState why="No decision was taken yet: the first look is on day 7." />
      <h3>Failed</h3>
      <LoadedView
        of={{ state: 'failed', what: 'n8n did not answer.', requestId: 'req_7', retry: '/admin' }}
        frame={frame}
      >
        {() => null}
      </LoadedView>
    </>,
    { trail: [{ label: 'Experiments', href: '/admin/experiments' }] },
  );
}

export function refusedPage(): string {
  return tasksPage({
    flash: {
      role: 'alert',
      reply: say.reply('Nothing was done.'),
      requestId: 'req_01jd9vq3x7',
      form: {
        operation: 'task.add',
        input: { title: '', days: 'soon', severity: 'normal' },
        problems: [
          { field: 'title', problem: 'is missing', example: 'Call the SMS provider' },
          { field: 'days', problem: '“soon” is not a whole number', example: '7' },
        ],
      },
    },
  });
}

export function signInPage(): string {
  const frame = sampleFrame({ person: null, path: '/admin/login' });
  return renderPage(
    frame,
    'Sign in',
    <form method="post" action="/admin/login">
      <p>This link signs you in as Asha Rao. It works once.</p>
      <button type="submit">Sign in as Asha Rao</button>
    </form>,
  );
}
