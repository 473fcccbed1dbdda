// The call to a person about an alert that nobody has acknowledged, in the language of that person.
import type { AlertGroup } from '../../../models/alert-group.ts';
import type { Language } from '../../core/context.ts';
import { formatDuration } from '../../core/duration.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import { boundTo, context, type Reply, reply, text, withStatus } from '../../core/reply.ts';
import { REPEAT_INTERVAL_MS } from './group-state.ts';
import { actionsOf, headline, linesOf, linkOf, messageTo, type Says } from './group-text.ts';
import type { Callee } from './parts.ts';
import { words } from './words.ts';

/** The next in the list, or everybody once the list is through. */
export function called(
  parts: Says,
  group: AlertGroup,
  rank: number,
  callees: readonly Callee[],
  now: Date,
): OutboxContent[] {
  const next = callees[rank - 1];
  const chosen = next ? [next] : callees;
  const freshUntil = new Date(now.getTime() + REPEAT_INTERVAL_MS);
  return chosen.flatMap(({ id, destinations, language }) => {
    const message = boundTo(callIn(language, parts, group, next !== undefined, now), id);
    return destinations.map((destination) => messageTo(destination, message, freshUntil));
  });
}

function callIn(language: Language, parts: Says, group: AlertGroup, isNext: boolean, now: Date): Reply {
  const say = words[language];
  const length = formatDuration(now.getTime() - group.since.getTime(), language);
  return withStatus(
    'act',
    reply(
      [{ bold: headline(group, language) }],
      text(isNext ? say.youAreNext(length) : say.everybodyIsCalled(length)),
      ...linesOf(group, language),
      ...actionsOf(group, now, language),
      context([{ link: say.open, href: linkOf(parts, group) }]),
    ),
  );
}
