// What experiments say in chat and to other systems: the block, and the event of a switch.
import type { Experiment } from '../../../models/experiment.ts';
import { eventOf } from '../../core/event-catalogue.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import { context, reply, text, withStatus } from '../../core/reply.ts';
import type { Comparison, Verdict } from './look.ts';
import { lastSwitch } from './switch.ts';

/** Where experiments are reported: the rooms, and the webhook when one is set. */
export interface Audience {
  readonly rooms: readonly string[];
  /** Destination of the switch events, such as `webhook:n8n-ab-update`; null when none is set. */
  readonly hook: string | null;
  readonly zone: string;
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
    decidedBy: last?.by ?? '',
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
