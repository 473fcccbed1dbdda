// The webhook sources that speak our own envelope: events of our clients, of n8n, and of sources that staff added.
import { z } from 'zod';
import type { FactDoor } from './core/ingestion.ts';
import { sourcesOf, type WebhookSource } from './core/webhook-source.ts';
import { isStreamEvent, streamEvents, takeStreamEvent } from './features/ingestion/events.ts';
import { operationalEvents, takeOperationalEvent } from './features/operational/events.ts';
import type { Operational } from './features/operational/service.ts';

interface Needs {
  readonly operational: Operational;
  readonly ingestion: FactDoor;
}

const payload = z.discriminatedUnion('type', [operationalEvents, streamEvents]);
const source = sourcesOf<Needs>();

function eventSource(
  plain: Pick<WebhookSource<never>, 'name' | 'summary' | 'secretVariable' | 'checkedAt'>,
): WebhookSource<Needs> {
  return source({
    ...plain,
    scheme: 'standard',
    payload,
    sample: (id, sampleAt) => ({
      type: 'deploy.succeeded',
      at: sampleAt.toISOString(),
      data: { key: id, title: 'A test event', environment: 'test' },
    }),
    handle: (ctx, given, event) =>
      isStreamEvent(given) ? takeStreamEvent(ctx, given, event) : takeOperationalEvent(ctx, given, event),
  });
}

export const eventSources: readonly WebhookSource<Needs>[] = [
  eventSource({
    name: 'events',
    summary: 'Events of our own clients',
    secretVariable: 'EVENTS_WEBHOOK_SECRET',
    checkedAt: 'door',
  }),
  eventSource({
    name: 'n8n',
    summary: 'Events of n8n workflows',
    secretVariable: 'N8N_WEBHOOK_SECRET',
    checkedAt: 'worker',
  }),
];

/** What is done with the events of a source that staff added: they speak the same envelope. */
export const addedSource = eventSource({
  name: 'generic',
  summary: 'Events of a source that staff added',
  secretVariable: '',
  checkedAt: 'worker',
});
