// What a run says in chat: one live card a run, edited as its steps finish, and one line for slots that were missed.
import { DateTime } from 'luxon';
import type { ProtocolRun, StepRecord } from '../../../models/protocol-run.ts';
import { formatDuration } from '../../core/duration.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import { context, fields, type Reply, reply, type Status, withStatus } from '../../core/reply.ts';

/** The card of a run for each room; its revision is the version that the write will give the run. */
export function runCard(run: ProtocolRun, rooms: readonly string[], zone: string): OutboxContent[] {
  const shown = runReply(run, zone);
  return rooms.map((destination) => ({
    kind: 'card',
    destination,
    key: run._id,
    revision: run.version,
    reply: shown,
  }));
}

/** How a run reads: the fact first, then a line for each step. */
export function runReply(run: ProtocolRun, zone: string): Reply {
  const steps = Object.fromEntries(run.steps.map((step) => [step.name, stepLine(step)]));
  const said = reply(headline(run, zone), fields(steps), context([{ code: run._id }, ` · times in ${zone}`]));
  return withStatus(statusOf(run), said);
}

/** The line for slots that passed while no process was awake. */
export function missedReply(slots: readonly Date[], zone: string): Reply {
  const [first] = slots;
  const last = slots.at(-1);
  if (!first || !last) throw new Error('no slot was missed');
  const span =
    slots.length === 1
      ? `slot ${clockTime(first, zone)} was`
      : `${slots.length} slots from ${clockTime(first, zone)} to ${clockTime(last, zone)} were`;
  return withStatus(
    'act',
    reply(
      `Protocol ${span} missed: no process was awake`,
      context('The next slot runs by itself. “protocol run” runs it now.'),
    ),
  );
}

function headline(run: ProtocolRun, zone: string): string {
  const name = run.slotStart
    ? `Protocol ${clockTime(run.slotStart, zone)}`
    : `Protocol run by ${run.startedBy}`;
  switch (run.status) {
    case 'due':
      return `${name} waits for its turn`;
    case 'running':
      return `${name} is running`;
    case 'completed':
      return run.steps.some((step) => step.status === 'waiting')
        ? `${name} is done and needs a decision`
        : `${name} is done`;
    case 'completed_with_errors':
      return `${name} is done, with ${run.steps.filter((step) => step.status === 'failed').length} step(s) failed`;
    case 'missed':
      return `${name} was missed`;
  }
}

function stepLine(step: StepRecord): string {
  const time = step.durationMs === null ? '' : ` (${formatDuration(step.durationMs)})`;
  switch (step.status) {
    case 'pending':
      return 'to come';
    case 'failed':
      return `failed after ${step.attempts} attempts: ${step.summary}${time}`;
    case 'skipped':
      return `skipped: ${step.summary}`;
    default:
      return `${step.summary}${time}`;
  }
}

function statusOf(run: ProtocolRun): Status {
  if (run.status === 'completed_with_errors' || run.status === 'missed') return 'act';
  return run.steps.some((step) => step.status === 'waiting') ? 'look' : 'ok';
}

function clockTime(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).toFormat('d LLL HH:mm');
}
