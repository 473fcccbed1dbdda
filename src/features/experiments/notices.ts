// What experiments say in chat and to other systems: the proposal's card, the block, and the event of a switch.
import type { Experiment, Proposal } from '../../../models/experiment.ts';
import type { Ctx } from '../../core/context.ts';
import { eventOf } from '../../core/event-catalogue.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import {
  type Block,
  buttons,
  context,
  fields,
  type Reply,
  reply,
  text,
  withStatus,
} from '../../core/reply.ts';
import { percent, points } from './figures.ts';
import type { Comparison, Verdict } from './look.ts';
import { decidedSentence, lastSwitch } from './switch.ts';

/** Where experiments are reported: the rooms, and the webhook when one is set. */
export interface Audience {
  readonly rooms: readonly string[];
  /** Destination of the switch events, such as `webhook:n8n-ab-update`; null when none is set. */
  readonly hook: string | null;
  readonly zone: string;
}

/**
 * The card of a proposal for each room, at the revision that the write will give the experiment.
 * @param chart the picture of the evidence, for as long as the proposal is open.
 */
export function proposalCards(
  experiment: Experiment,
  verdict: Verdict | null,
  audience: Audience,
  chart: readonly Block[] = [],
): OutboxContent[] {
  const { proposal } = experiment;
  if (!proposal) return [];
  const shown = proposalReply(experiment, proposal, verdict, { zone: audience.zone, chart });
  const key = `proposal:${experiment._id}:${proposal.look}`;
  return audience.rooms.map((destination) => ({
    kind: 'card',
    destination,
    key,
    revision: experiment.version,
    reply: shown,
  }));
}

function proposalReply(
  experiment: Experiment,
  proposal: Proposal,
  verdict: Verdict | null,
  { zone, chart }: { readonly zone: string; readonly chart: readonly Block[] },
): Reply {
  const title = `Switch ${experiment.key} from ${proposal.previous} to ${proposal.winner}`;
  const winner = verdict?.perChallenger.find((one) => one.variant === proposal.winner);
  const evidence: Block[] = winner ? [fields(evidenceOf(winner))] : [];
  if (proposal.status !== 'open') {
    const head = proposal.status === 'approved' ? `${title}: done` : `${title}: ${proposal.status}`;
    return withStatus('ok', reply([{ bold: head }], text(decidedSentence(proposal, zone)), ...evidence));
  }
  const input = { experiment: experiment.key, look: proposal.look };
  return withStatus(
    'look',
    reply(
      [{ bold: `${title}?` }],
      text(proposal.sentence),
      ...evidence,
      ...chart,
      buttons(
        { label: 'Approve switch', operation: 'experiment.approve', input, style: 'primary' },
        { label: 'Reject', operation: 'experiment.reject', input, style: 'danger' },
      ),
      context([{ code: experiment.key }, ` · look ${proposal.look}`]),
    ),
  );
}

function evidenceOf(winner: Comparison): Record<string, string> {
  return {
    Conversion: `${percent(winner.rate)} against ${percent(winner.defaultRate)}`,
    Difference: `${points(winner.difference)} (between ${points(winner.interval.low)} and ${points(winner.interval.high)})`,
    Evidence:
      winner.boundary === null
        ? `z ${winner.z.toFixed(2)}`
        : `z ${winner.z.toFixed(2)}, needed ${winner.boundary.toFixed(2)}`,
    'Share of the plan': percent(winner.fraction),
  };
}

/** The message that data quality or a guardrail blocks a test. */
export function blockedNotice(experiment: Experiment, verdict: Verdict, audience: Audience): OutboxContent[] {
  const said = withStatus(
    'act',
    reply(
      [{ bold: `${experiment.key} is blocked` }],
      text(verdict.sentence),
      context('Nothing is switched while it lasts.'),
    ),
  );
  return audience.rooms.map((destination) => ({
    kind: 'send',
    destination,
    body: { kind: 'reply', reply: said },
  }));
}

/** The event of a switch or a roll-back: for every endpoint that subscribes, and for the operator's own hook. */
export function switchEvent(
  ctx: Ctx,
  experiment: Experiment,
  verdict: Verdict | null,
  audience: Audience,
): OutboxContent[] {
  const last = experiment.decisions.at(-1);
  const comparison = verdict?.perChallenger.find((one) => one.variant === lastSwitch(experiment)?.winner);
  const facts = {
    version: 1,
    experiment: experiment.key,
    winner: experiment.current,
    previous: last?.previous ?? null,
    lift: comparison?.lift ?? null,
    interval: intervalOf(comparison),
    decidedBy: ctx.actor.name,
    message: last?.sentence ?? '',
  } as const;
  const event =
    last?.kind === 'rolled_back'
      ? eventOf('experiment.rolled_back', { event: 'experiment.rolled_back', ...facts })
      : eventOf('experiment.switched', { event: 'experiment.switched', ...facts });
  const hooked: OutboxContent[] = audience.hook
    ? [{ kind: 'send', destination: audience.hook, body: { kind: 'event', event } }]
    : [];
  return [...hooked, { kind: 'event', event }];
}

function intervalOf(comparison: Comparison | undefined): [number, number] | null {
  return comparison ? [comparison.interval.low, comparison.interval.high] : null;
}
