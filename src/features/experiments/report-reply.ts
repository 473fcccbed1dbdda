// How one experiment reads in chat: the verdict first, then the arms, what it waits for, and the buttons.
import type { Ctx, Language } from '../../core/context.ts';
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
import { replyWords } from './reply-words.ts';
import type { ShownReport } from './shapes.ts';

export function reportReply(report: ShownReport, { zone, language }: Pick<Ctx, 'zone' | 'language'>): Reply {
  const say = replyWords[language];
  const { current, units, maxUnits } = report;
  const asOf = report.asOf === null ? null : exactTime(new Date(report.asOf), zone);
  const said = reply(
    [{ bold: report.experiment }, ` · ${report.metric}`],
    text(factOf(report, language)),
    armTable(report, language),
    ...differences(report, language),
    ...chartPicture(report, zone, language),
    ...decision(report, language),
    context(say.standing(current, units, maxUnits, asOf)),
  );
  return withStatus(statusOf(report), said);
}

/** What counts now: the decision once there is one, the newest verdict before. */
function factOf({ experiment, proposal, verdict }: ShownReport, language: Language): string {
  const say = replyWords[language];
  if (proposal?.status === 'approved' || proposal?.status === 'rejected')
    return say.decided(proposal.decidedBy, proposal.status, proposal.previous, proposal.winner);
  return verdict?.sentence ?? say.notLookedAt(experiment);
}

function armTable({ arms, default: control }: ShownReport, language: Language): Block {
  const say = replyWords[language];
  const columns = say.armColumns.map((label, index) => ({ label, ...(index > 0 && { numeric: true }) }));
  const rows = arms.map((arm) => [
    arm.variant === control ? say.theDefault(arm.variant) : arm.variant,
    String(arm.exposed),
    String(arm.converted),
    arm.rate === null ? '—' : percent(arm.rate),
  ]);
  return table(columns, rows);
}

function differences({ comparisons }: ShownReport, language: Language): Block[] {
  const shown = (difference: number): string => points(difference, language);
  return comparisons.map(({ variant, difference, interval: { low, high } }) =>
    text(replyWords[language].between(variant, shown(difference), shown(low), shown(high))),
  );
}

function decision(report: ShownReport, language: Language): Block[] {
  const { proposal, experiment } = report;
  if (proposal?.status !== 'open') return [];
  const say = replyWords[language];
  const input = { experiment, look: proposal.look };
  return [
    buttons(
      { label: say.approve, operation: 'experiment.approve', input, style: 'primary' },
      { label: say.reject, operation: 'experiment.reject', input, style: 'danger' },
    ),
  ];
}

function statusOf({ verdict, proposal }: ShownReport): Status {
  if (verdict?.kind === 'blocked') return 'act';
  return proposal?.status === 'open' ? 'look' : 'ok';
}
