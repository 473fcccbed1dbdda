// How the verbs of endpoints answer in chat.
import { type Block, code, context, fields, type Reply, reply, table, withStatus } from '../../core/reply.ts';
import type { Shown, ShownDelivery } from './shapes.ts';
import type { EndpointView } from './views.ts';

export function secretReply(
  fact: Parameters<typeof reply>[0],
  made: Shown & { secret: string | null },
): Reply {
  const rest: Block[] =
    made.secret === null
      ? [context([{ code: made.id }])]
      : [
          code(made.secret),
          context(['It signs what is sent (Standard Webhooks), and is shown this once. ', { code: made.id }]),
        ];
  return withStatus('ok', reply(fact, ...rest));
}

export const switched = ({ host, id }: Shown, says: string): Reply =>
  withStatus('ok', reply([{ bold: host }, ` ${says}.`], context([{ code: id }])));

export function listed(endpoints: readonly Shown[]): Reply {
  if (endpoints.length === 0)
    return reply(
      'Events are sent nowhere yet. This begins it: endpoint add https://hooks.example.com/wardroom',
    );
  const ill = endpoints.filter(({ status, failingSince }) => status === 'disabled' || failingSince !== null);
  const columns = ['Where', 'Kind', 'Gets', 'State', 'Waiting', 'Given up', 'Id'].map((label) => ({ label }));
  const cells = endpoints.map((one) => [
    one.description === '' ? one.host : `${one.description} (${one.host})`,
    one.kind,
    eventWords(one),
    stateWords(one),
    String(one.waiting),
    String(one.dead),
    [{ code: one.id }],
  ]);
  const fact = `${endpoints.length} endpoints, ${ill.length} in trouble`;
  return withStatus(ill.length > 0 ? 'look' : 'ok', reply(fact, table(columns, cells)));
}

export function stateWords({ status, reason, breaker, problem, failingSince }: Shown): string {
  if (status !== 'active') return reason === null ? status : `${status}: ${reason}`;
  if (failingSince === null) return 'well';
  return `${breaker === 'open' ? 'resting' : 'failing'}: ${problem ?? ''}`;
}

export function shownOne(one: Shown, deliveries: readonly ShownDelivery[], zone: string): Reply {
  const time = new Intl.DateTimeFormat('en-IN', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' });
  const facts = {
    Kind: one.kind,
    Gets: eventWords(one),
    State: stateWords(one),
    Breaker: one.breaker,
    Waiting: String(one.waiting),
    'Given up': String(one.dead),
  };
  const columns = ['When', 'Event', 'State', 'Tried', 'Why'].map((label) => ({ label }));
  const rows = deliveries.map(({ at, event, status, attempts, problem }) => [
    time.format(new Date(at)),
    event,
    status,
    String(attempts),
    problem ?? '',
  ]);
  const last =
    rows.length > 0 ? [table(columns, rows), context(`Times in ${zone}`)] : [context('Nothing was sent yet')];
  const ill = one.status === 'disabled' || one.failingSince !== null || one.dead > 0;
  return withStatus(
    ill ? 'look' : 'ok',
    reply([{ bold: one.host }, ' ', { code: one.id }], fields(facts), ...last),
  );
}

export function eventWords({ events, setBy }: Pick<EndpointView, 'events' | 'setBy'>): string {
  if (setBy === 'operator') return 'what is meant for it';
  return events.length === 0 ? 'all' : events.join(', ');
}
