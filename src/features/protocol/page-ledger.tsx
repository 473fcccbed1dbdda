// The ledger of the protocol: what it is doing now, and every run and slot, the newest first.
import type { ReactElement } from 'react';
import { type ProtocolRun, runStatuses } from '../../../models/protocol-run.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { FilterForm } from '../../ui/components/filter-form.tsx';
import { StaleNote } from '../../ui/components/loaded.tsx';
import { Poll } from '../../ui/components/poll.tsx';
import { Badge, StatusMark } from '../../ui/components/status.tsx';
import type { TableQuery } from '../../ui/components/table-query.ts';
import { exactTime, RelativeTime } from '../../ui/components/time.tsx';
import type { Frame } from '../../ui/frame.ts';
import { PauseOrResume } from './page-forms.tsx';
import { HERE, runDuration, runMark, runName, runWords, stepsLine } from './page-words.ts';
import { isOver } from './run-machine.ts';
import type { ProtocolService } from './service.ts';

type Now = Awaited<ReturnType<ProtocolService['status']>>;

interface LedgerProps {
  readonly now: Now;
  readonly runs: readonly ProtocolRun[];
  readonly total: number;
  readonly query: TableQuery;
  readonly everyMs: number;
  readonly frame: Frame;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function LedgerView(props: LedgerProps): ReactElement {
  const { now, runs, total, query, frame, everyMs } = props;
  const isBusy = now.running !== null || runs.some((run) => !isOver(run.status));
  return (
    <>
      <Poll id="ledger" frame={frame} everySeconds={isBusy ? 2 : 30}>
        <Standing now={now} frame={frame} everyMs={everyMs} />
        <FilterForm frame={frame} filters={[{ name: 'status', label: 'Status', choices: statusChoices }]} />
        <DataTable
          frame={frame}
          caption="Runs and slots"
          columns={columnsOf(frame)}
          rows={runs}
          rowKey={(run) => run._id}
          total={total}
          query={query}
          empty={
            frame.query['status']
              ? { why: 'No run has that status.', next: { label: 'Show all runs', href: HERE } }
              : {
                  why: `Nothing has run yet. The first scheduled run starts at ${exactTime(now.nextAt, frame.zone)}.`,
                }
          }
        />
      </Poll>
      <PauseOrResume frame={frame} pausedUntil={now.pausedUntil} perDay={Math.round(DAY_MS / everyMs)} />
    </>
  );
}

const statusChoices = runStatuses.map((value) => ({ value, label: runWords[value].word }));

/** The fact first: runs now, paused, or when the next one starts; and when slots went by without a run. */
function Standing({ now, frame, everyMs }: Pick<LedgerProps, 'now' | 'frame' | 'everyMs'>): ReactElement {
  const { running, pausedUntil, nextAt, last } = now;
  const lateMs = last ? frame.now.getTime() - last.createdAt.getTime() - 2 * everyMs : 0;
  return (
    <>
      {last && !pausedUntil && lateMs > 0 && (
        <StaleNote
          asOf={last.createdAt}
          frame={frame}
          reason="No slot was entered since: no process runs the jobs."
        />
      )}
      <p className="headline">
        {running ? (
          <>
            <StatusMark status="ok" word="Running now" /> <a href={`${HERE}/${running}`}>See its steps</a>
          </>
        ) : pausedUntil ? (
          <>
            <StatusMark status="look" word="Paused" /> until {exactTime(pausedUntil, frame.zone)}
          </>
        ) : (
          <>
            <StatusMark status="ok" word="Waiting" /> for the next run{' '}
            <RelativeTime at={nextAt} now={frame.now} zone={frame.zone} />, at {exactTime(nextAt, frame.zone)}
          </>
        )}
      </p>
    </>
  );
}

function columnsOf(frame: Frame): readonly TableColumn<ProtocolRun>[] {
  return [
    {
      key: 'run',
      label: 'Run',
      cell: (run) => <a href={`${HERE}/${run._id}`}>{runName(run, frame.zone)}</a>,
    },
    { key: 'status', label: 'Status', cell: (run) => <RunBadge run={run} /> },
    {
      key: 'trigger',
      label: 'Trigger',
      cell: (run) => (run.trigger === 'slot' ? 'the clock' : `on demand, by ${run.startedBy}`),
    },
    { key: 'steps', label: 'Steps', cell: (run) => <span className="words">{stepsLine(run)}</span> },
    { key: 'duration', label: 'Duration', numeric: true, cell: (run) => runDuration(run, frame.now) },
    {
      key: 'at',
      label: 'Entered',
      cell: (run) => <RelativeTime at={run.startedAt ?? run.createdAt} now={frame.now} zone={frame.zone} />,
    },
  ];
}

export function RunBadge({ run }: { readonly run: ProtocolRun }): ReactElement {
  const { status, word } = runMark(run);
  return <Badge {...(status ? { status } : {})}>{word}</Badge>;
}
