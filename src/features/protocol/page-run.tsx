// One run: its steps as they finish, and every action with the state before and after it.
import type { ReactElement } from 'react';
import type { ProtocolAction } from '../../../models/protocol-action.ts';
import type { ProtocolRun, StepRecord } from '../../../models/protocol-run.ts';
import { formatDuration } from '../../core/duration.ts';
import { fields, type Text } from '../../core/reply.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { Poll } from '../../ui/components/poll.tsx';
import { ReplyView } from '../../ui/components/reply-view.tsx';
import { Badge } from '../../ui/components/status.tsx';
import { tableQuery } from '../../ui/components/table-query.ts';
import { exactTime, RelativeTime } from '../../ui/components/time.tsx';
import type { Frame } from '../../ui/frame.ts';
import { RunBadge } from './page-ledger.tsx';
import { runDuration, stepMarks } from './page-words.ts';
import { isOver } from './run-machine.ts';

interface RunViewProps {
  readonly run: ProtocolRun;
  readonly actions: readonly ProtocolAction[];
  readonly frame: Frame;
}

/** It keeps itself fresh while the run is under way; a run that is over changes no more. */
export function RunView(props: RunViewProps): ReactElement {
  const parts = <RunParts {...props} />;
  if (isOver(props.run.status)) return parts;
  return (
    <Poll id="run" frame={props.frame} everySeconds={2}>
      {parts}
    </Poll>
  );
}

function RunParts({ run, actions, frame }: RunViewProps): ReactElement {
  return (
    <>
      <p className="headline">
        <RunBadge run={run} />
      </p>
      <ReplyView reply={{ blocks: [fields(factsOf(run, frame))] }} />
      <section aria-labelledby="steps">
        <h2 id="steps">Steps</h2>
        <DataTable
          frame={frame}
          caption="Steps of this run"
          columns={stepColumns}
          rows={run.steps}
          rowKey={(step) => step.name}
          total={run.steps.length}
          query={tableQuery({}, [], 'order')}
          empty={{ why: 'This run has no steps: the version that entered it knew none of those asked for.' }}
        />
      </section>
      <section aria-labelledby="actions">
        <h2 id="actions">Actions</h2>
        <DataTable
          frame={frame}
          caption="Actions of this run"
          columns={actionColumns(frame)}
          rows={actions}
          rowKey={(action) => action._id}
          total={actions.length}
          query={tableQuery({}, [], 'at')}
          empty={{ why: isOver(run.status) ? 'This run changed nothing.' : 'It has changed nothing so far.' }}
        />
      </section>
    </>
  );
}

function factsOf(run: ProtocolRun, frame: Frame): Readonly<Record<string, Text>> {
  const at = (instant: Date | null): string => (instant ? exactTime(instant, frame.zone) : '—');
  return {
    Trigger:
      run.trigger === 'slot'
        ? `the clock, for the slot of ${at(run.slotStart)}`
        : `on demand, by ${run.startedBy}`,
    Started: at(run.startedAt),
    Ended: at(run.endedAt),
    Duration: runDuration(run, frame.now),
    Id: [{ code: run._id }],
  };
}

const stepColumns: readonly TableColumn<StepRecord>[] = [
  { key: 'name', label: 'Step', cell: (step) => step.name },
  {
    key: 'status',
    label: 'Status',
    cell: (step) => {
      const { status, word } = stepMarks[step.status];
      return <Badge {...(status ? { status } : {})}>{word}</Badge>;
    },
  },
  { key: 'summary', label: 'What it found', cell: (step) => <Found step={step} /> },
  { key: 'attempts', label: 'Attempts', numeric: true, cell: (step) => step.attempts },
  {
    key: 'duration',
    label: 'Duration',
    numeric: true,
    cell: (step) => (step.durationMs === null ? '—' : formatDuration(step.durationMs)),
  },
];

function Found({ step }: { readonly step: StepRecord }): ReactElement {
  return (
    <span className="words">
      {step.summary || '—'}
      {step.error && <code className="line">{step.error}</code>}
    </span>
  );
}

function actionColumns(frame: Frame): readonly TableColumn<ProtocolAction>[] {
  return [
    { key: 'step', label: 'Step', cell: (action) => action.step },
    {
      key: 'summary',
      label: 'What was done',
      cell: (action) => <span className="words">{action.summary}</span>,
    },
    { key: 'before', label: 'Before', cell: ({ before }) => <Values of={before} /> },
    { key: 'after', label: 'After', cell: ({ after }) => <Values of={after} /> },
    {
      key: 'at',
      label: 'When',
      cell: ({ at }) => <RelativeTime at={at} now={frame.now} zone={frame.zone} />,
    },
  ];
}

/** The fields that an action read or changed, one a line. */
function Values({ of }: { readonly of: Readonly<Record<string, unknown>> }): ReactElement {
  const entries = Object.entries(of);
  if (entries.length === 0) return <>—</>;
  return (
    <span className="words">
      {entries.map(([name, value]) => (
        <span key={name} className="line">
          {name}: {valueWords(value)}
        </span>
      ))}
    </span>
  );
}

function valueWords(value: unknown): string {
  if (value === null || value === undefined) return '—';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
