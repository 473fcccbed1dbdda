// How the verbs of webhooks answer in chat.
import type { Language } from '../../core/context.ts';
import { code, context, fields, type Reply, reply, type Text, table, withStatus } from '../../core/reply.ts';
import type { ShownEvent, ShownSource } from './shapes.ts';
import { words } from './words.ts';

export function listed(sources: readonly ShownSource[], language: Language): Reply {
  const say = words[language];
  const dead = sources.reduce((sum, source) => sum + source.dead, 0);
  const rows = sources.map(({ name: called, scheme, secrets, counts, waiting, dead: lost }) => [
    called,
    scheme,
    secrets === 0 ? say.noSecret : String(secrets),
    String(takenOf(counts)),
    String(refusedOf(counts)),
    String(waiting),
    String(lost),
  ]);
  return withStatus(
    dead > 0 ? 'act' : 'ok',
    reply(
      say.sources(sources.length, dead),
      table(
        say.sourceColumns.map((label) => ({ label })),
        rows,
      ),
    ),
  );
}

type Tally = Readonly<Record<string, number>>;

const takenOf = (counts: Tally): number => (counts['accepted'] ?? 0) + (counts['repeated'] ?? 0);
const refusedOf = (counts: Tally): number =>
  Object.values(counts).reduce((sum, times) => sum + times, 0) - takenOf(counts);

export function shownOne(event: ShownEvent, body: string, language: Language): Reply {
  const say = words[language];
  const { id, source, status, receivedAt, attempts } = event;
  const facts = { [say.source]: source, [say.received]: receivedAt, [say.attempts]: String(attempts) };
  const state = status === 'dead' ? 'act' : 'ok';
  return withStatus(
    state,
    reply(say.stands(id, status, whatOf(event, say.tested)), fields(facts), code(body)),
  );
}

/** What was noted of an event, or went wrong; a test that went well is told in the reader's language. */
function whatOf({ test, status, note, problem }: ShownEvent, tested: string): string {
  return test && status === 'done' ? tested : (note ?? problem ?? '');
}

/** @param zone of the reader, in which times are shown. */
export function shownMany(
  what: string,
  events: readonly ShownEvent[],
  curl: string | null,
  { zone, language }: { readonly zone: string; readonly language: Language },
): Reply {
  const say = words[language];
  const time = new Intl.DateTimeFormat('en-IN', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' });
  const columns = say.eventColumns.map((label) => ({ label }));
  const rows = events.map((event) => [
    time.format(new Date(event.receivedAt)),
    say.statuses[event.status],
    whatOf(event, say.tested),
    event.id,
  ]);
  const last = events.length > 0 ? [table(columns, rows), context(say.timesIn(zone))] : [];
  const how = curl === null ? [] : [context(say.howToDeliver), code(curl)];
  return reply(say.last(events.length, what), ...last, ...how);
}

/** What a sender needs: where to, and the secret, if there is one to show. */
export function handedOver(
  made: { readonly secret: string | null; readonly curl: string },
  fact: Text,
  language: Language,
): Reply {
  const shownOnce = made.secret ? [code(made.secret), context(words[language].shownOnce)] : [];
  return withStatus('ok', reply(fact, ...shownOnce, code(made.curl)));
}

/** How bodies are read from now on. */
export function mapped({ name, mapping }: ShownSource, language: Language): Reply {
  const say = words[language];
  if (!mapping) return withStatus('ok', reply(say.readAsIs(name)));
  return withStatus(
    'ok',
    reply(
      say.becomes(name, mapping.to),
      context(mapping.fields.map(({ field, from }) => say.fieldFrom(field, from)).join(', ')),
      context(say.tryIt(name)),
    ),
  );
}
