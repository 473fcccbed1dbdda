// How the verbs of webhooks answer in chat.
import { code, context, fields, type Reply, reply, table, withStatus } from '../../core/reply.ts';
import type { ShownEvent, ShownSource } from './shapes.ts';

export function listed(sources: readonly ShownSource[]): Reply {
  const dead = sources.reduce((sum, source) => sum + source.dead, 0);
  const fact = `${sources.length} webhook sources, ${dead} events given up`;
  const columns = ['Source', 'Signs by', 'Secrets', 'Taken, 7 days', 'Refused', 'Waiting', 'Given up'];
  const rows = sources.map(({ name: called, scheme, secrets, counts, waiting, dead: lost }) => [
    called,
    scheme,
    secrets === 0 ? 'none: all is refused' : String(secrets),
    String(takenOf(counts)),
    String(refusedOf(counts)),
    String(waiting),
    String(lost),
  ]);
  return withStatus(
    dead > 0 ? 'act' : 'ok',
    reply(
      fact,
      table(
        columns.map((label) => ({ label })),
        rows,
      ),
    ),
  );
}

type Tally = Readonly<Record<string, number>>;

const takenOf = (counts: Tally): number => (counts['accepted'] ?? 0) + (counts['repeated'] ?? 0);
const refusedOf = (counts: Tally): number =>
  Object.values(counts).reduce((sum, times) => sum + times, 0) - takenOf(counts);

export function shownOne(event: ShownEvent, body: string): Reply {
  const { id, source, status, receivedAt, attempts, note, problem } = event;
  const facts = { Source: source, Received: receivedAt, Attempts: String(attempts) };
  const state = status === 'dead' ? 'act' : 'ok';
  return withStatus(
    state,
    reply([{ code: id }, ` is ${status}. ${note ?? problem ?? ''}`], fields(facts), code(body)),
  );
}

export function shownMany(
  what: string,
  events: readonly ShownEvent[],
  curl: string | null,
  zone: string,
): Reply {
  const time = new Intl.DateTimeFormat('en-IN', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' });
  const columns = ['When', 'State', 'What', 'Id'].map((label) => ({ label }));
  const rows = events.map((event) => [
    time.format(new Date(event.receivedAt)),
    event.status,
    event.note ?? event.problem ?? '',
    event.id,
  ]);
  const last = events.length > 0 ? [table(columns, rows), context(`Times in ${zone}`)] : [];
  const how = curl === null ? [] : [context('A sender delivers like this:'), code(curl)];
  return reply(`The last ${events.length} events of ${what}`, ...last, ...how);
}
