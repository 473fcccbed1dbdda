/** Compares the events a client saw with those a unified test expects. */
import type { Document } from 'mongodb';
import type { Entities } from './entities.ts';
import type { ExpectedEvents } from './format.ts';
import { type Difference, difference } from './match.ts';

/** Fields of an event that are compared; the others say which driver and connection it was. */
const COMPARED = ['command', 'commandName', 'databaseName', 'reply'];

/** Says where the events of one client differ, or undefined. */
export function eventsDifference(expected: ExpectedEvents, entities: Entities): Difference {
  const isCommand = (expected.eventType ?? 'command') === 'command';
  const seen = entities
    .watched(expected.client)
    .events.filter(([kind]) => kind.startsWith('command') === isCommand);
  const compared = expected.ignoreExtraEvents === true ? seen.slice(0, expected.events.length) : seen;
  if (compared.length !== expected.events.length) {
    const kinds = compared.map(([kind, event]) => `${kind} ${event['commandName'] ?? ''}`);
    return `events: ${expected.events.length} expected, ${compared.length} found: ${kinds.join(', ')}`;
  }
  for (const [at, event] of expected.events.entries()) {
    const found = eventDifference(event, compared[at] ?? ['nothing', {}], at, entities);
    if (found !== undefined) return found;
  }
  return undefined;
}

function eventDifference(
  expected: Document,
  [kind, event]: [string, Document],
  at: number,
  entities: Entities,
): Difference {
  const [wantedKind = ''] = Object.keys(expected);
  if (kind !== wantedKind) return `events[${at}]: expected ${wantedKind}, found ${kind}`;
  for (const name of COMPARED) {
    const wanted = expected[wantedKind][name];
    if (wanted === undefined) continue;
    const found = difference(wanted, event[name], entities, true, `events[${at}].${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
