// How the verbs of endpoints answer in chat.
import type { Language } from '../../core/context.ts';
import {
  type Block,
  code,
  context,
  fields,
  type Reply,
  reply,
  type Text,
  table,
  withStatus,
} from '../../core/reply.ts';
import type { Shown, ShownDelivery } from './shapes.ts';
import type { EndpointView } from './views.ts';
import { words } from './words.ts';

export function secretReply(fact: Text, made: Shown & { secret: string | null }, language: Language): Reply {
  const rest: Block[] =
    made.secret === null
      ? [context([{ code: made.id }])]
      : [code(made.secret), context([words[language].shownOnce, { code: made.id }])];
  return withStatus('ok', reply(fact, ...rest));
}

/** What became of an endpoint that was switched on or off. */
export const switched = (fact: Text, { id }: Shown): Reply =>
  withStatus('ok', reply(fact, context([{ code: id }])));

export function listed(endpoints: readonly Shown[], language: Language): Reply {
  const say = words[language];
  if (endpoints.length === 0) return reply(say.nowhere);
  const ill = endpoints.filter(({ status, failingSince }) => status === 'disabled' || failingSince !== null);
  const { where, kind, gets, state, waiting, givenUp, id } = say;
  const columns = [where, kind, gets, state, waiting, givenUp, id].map((label) => ({ label }));
  const cells = endpoints.map((one) => [
    one.description === '' ? one.host : `${one.description} (${one.host})`,
    one.kind,
    eventWords(one, language),
    stateWords(one, language),
    String(one.waiting),
    String(one.dead),
    [{ code: one.id }],
  ]);
  const fact = say.standing(endpoints.length, ill.length);
  return withStatus(ill.length > 0 ? 'look' : 'ok', reply(fact, table(columns, cells)));
}

export function stateWords(
  { status, reason, breaker, problem, failingSince }: Shown,
  language: Language,
): string {
  const say = words[language];
  if (status !== 'active')
    return reason === null ? say.statuses[status] : `${say.statuses[status]}: ${reason}`;
  if (failingSince === null) return say.well;
  return `${breaker === 'open' ? say.resting : say.failing}: ${problem ?? ''}`;
}

/** @param zone of the reader, in which times are shown. */
export function shownOne(
  one: Shown,
  deliveries: readonly ShownDelivery[],
  { zone, language }: { readonly zone: string; readonly language: Language },
): Reply {
  const say = words[language];
  const time = new Intl.DateTimeFormat('en-IN', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' });
  const facts = {
    [say.kind]: one.kind,
    [say.gets]: eventWords(one, language),
    [say.state]: stateWords(one, language),
    [say.breaker]: say.breakers[one.breaker],
    [say.waiting]: String(one.waiting),
    [say.givenUp]: String(one.dead),
  };
  const columns = [say.when, say.event, say.state, say.tried, say.why].map((label) => ({ label }));
  const rows = deliveries.map(({ at, event, status, attempts, problem }) => [
    time.format(new Date(at)),
    event,
    say.deliveries[status],
    String(attempts),
    problem ?? '',
  ]);
  const last =
    rows.length > 0 ? [table(columns, rows), context(say.timesIn(zone))] : [context(say.nothingSent)];
  const ill = one.status === 'disabled' || one.failingSince !== null || one.dead > 0;
  return withStatus(ill ? 'look' : 'ok', reply(say.shown(one.host, one.id), fields(facts), ...last));
}

export function eventWords(
  { events, setBy }: Pick<EndpointView, 'events' | 'setBy'>,
  language: Language,
): string {
  const say = words[language];
  if (setBy === 'operator') return say.meantForIt;
  return events.length === 0 ? say.all : events.join(', ');
}
