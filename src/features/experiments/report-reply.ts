// How one experiment reads in chat: the verdict first, then the arms, what it waits for, and the buttons.
import {
  type Block,
  buttons,
  context,
  type Reply,
  reply,
  type Status,
  table,
  text,
  withStatus,
} from '../../core/reply.ts';
import { exactTime } from '../../ui/components/time.tsx';
import { chartPicture } from './chart.tsx';
import { percent, points } from './figures.ts';
import type { ShownReport } from './shapes.ts';

export function reportReply(report: ShownReport, zone: string): Reply {
  const fact = factOf(report);
  const as = report.asOf ? `as of ${exactTime(new Date(report.asOf), zone)}` : 'no data yet';
  const said = reply(
    [{ bold: report.experiment }, ` · ${report.metric}`],
    text(fact),
    armTable(report),
    ...differences(report),
    ...chartPicture(report, zone),
    ...decision(report),
    context(`New units get ${report.current} · ${report.units} of ${report.maxUnits} planned units · ${as}`),
  );
  return withStatus(statusOf(report), said);
}

/** What counts now: the decision once there is one, the newest verdict before. */
function factOf({ experiment, proposal, verdict }: ShownReport): string {
  if (proposal?.status === 'approved' || proposal?.status === 'rejected') {
    const decided = `${proposal.decidedBy ?? 'Somebody'} ${proposal.status}`;
    return `${decided} the switch from ${proposal.previous} to ${proposal.winner}.`;
  }
  return verdict?.sentence ?? `${experiment} was not looked at yet`;
}

function armTable({ arms, default: control }: ShownReport): Block {
  const columns = [
    { label: 'Variant' },
    { label: 'Units', numeric: true },
    { label: 'Converted', numeric: true },
    { label: 'Rate', numeric: true },
  ];
  const rows = arms.map((arm) => [
    arm.variant === control ? `${arm.variant} (default)` : arm.variant,
    String(arm.exposed),
    String(arm.converted),
    arm.rate === null ? '—' : percent(arm.rate),
  ]);
  return table(columns, rows);
}

function differences({ comparisons }: ShownReport): Block[] {
  return comparisons.map((one) =>
    text(
      `${one.variant}: ${points(one.difference)}, between ${points(one.interval.low)} and ${points(one.interval.high)}`,
    ),
  );
}

function decision(report: ShownReport): Block[] {
  const { proposal, experiment } = report;
  if (proposal?.status !== 'open') return [];
  const input = { experiment, look: proposal.look };
  return [
    buttons(
      { label: 'Approve switch', operation: 'experiment.approve', input, style: 'primary' },
      { label: 'Reject', operation: 'experiment.reject', input, style: 'danger' },
    ),
  ];
}

function statusOf({ verdict, proposal }: ShownReport): Status {
  if (verdict?.kind === 'blocked') return 'act';
  return proposal?.status === 'open' ? 'look' : 'ok';
}
