// What cards, messages, calls and answers say alike of a group: headline, status, lines, buttons and link.
import type { AlertGroup } from '../../../models/alert-group.ts';
import type { Language } from '../../core/context.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import { type Block, buttons, list, type Reply, type Status } from '../../core/reply.ts';
import { isSilenced } from './group-state.ts';
import type { AlertParts } from './parts.ts';
import { words } from './words.ts';

/** What is read by many is English; a language is given where one person reads it. */
export type Says = Pick<AlertParts, 'rooms' | 'targets' | 'zone' | 'publicUrl'>;

interface Headed extends Pick<AlertGroup, 'name' | 'total'> {
  readonly newest: readonly { readonly title: string }[];
}

/** What is wrong, with its number: `3 alerts: job.failed`, or the one title there is. */
export function headline({ name, total, newest }: Headed, language: Language = 'en'): string {
  const [only] = newest;
  return total <= 1 && only ? only.title : words[language].several(total, name);
}

export function statusOf(group: AlertGroup, now: Date): Status {
  if (group.status === 'resolved') return 'ok';
  const isLoud = group.severity === 'critical' && group.acknowledgedBy === null && !isSilenced(group, now);
  return isLoud ? 'act' : 'look';
}

export const shortOf = ({ _id }: Pick<AlertGroup, '_id'>): string => _id.slice(0, 10);

/** The page of the group. */
export const linkOf = ({ publicUrl }: Says, group: AlertGroup): string =>
  `${publicUrl()}/admin/alerts?alert=${group._id}`;

/** The newest alerts; of a single one the headline says it all, unless it came more than once. */
export function linesOf(
  { newest, total }: Pick<AlertGroup, 'newest' | 'total'>,
  language: Language = 'en',
): Block[] {
  const [only] = newest;
  if (newest.length === 0 || (total <= 1 && only?.count === 1)) return [];
  return [
    list(newest.map((line) => (line.count > 1 ? words[language].times(line.title, line.count) : line.title))),
  ];
}

/** At most three, the likeliest first; a press on the card of an earlier episode is told so. */
export function actionsOf(group: AlertGroup, now: Date, language: Language = 'en'): Block[] {
  if (group.status === 'resolved') return [];
  const say = words[language];
  const input = { alert: group._id, episode: group.episode };
  const acknowledge = {
    label: say.acknowledge,
    operation: 'alert.acknowledge',
    input,
    style: 'primary' as const,
  };
  const assign = { label: say.assignToMe, operation: 'alert.assign', input };
  const silence = { label: say.silence, operation: 'alert.silence', input };
  const loud = { label: say.endTheSilence, operation: 'alert.unsilence', input };
  return [
    buttons(
      ...(group.acknowledgedBy === null ? [acknowledge] : []),
      ...(group.assignee === null ? [assign] : []),
      isSilenced(group, now) ? loud : silence,
    ),
  ];
}

/** A message to a place, which is no news any more after that moment. */
export function messageTo(destination: string, message: Reply, freshUntil: Date): OutboxContent {
  return { kind: 'send', destination, body: { kind: 'reply', reply: message, freshUntil } };
}
