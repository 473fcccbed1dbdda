// A store, an outbox and endpoints of staff, against servers that really listen on this machine.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { endpointHealth } from '../../models/endpoint-health.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import { webhookSubscriptions } from '../../models/webhook-subscription.ts';
import { eventOf } from '../../src/core/event-catalogue.ts';
import { createIds } from '../../src/core/ids.ts';
import { createOutboundRules } from '../../src/core/outbound-address.ts';
import type { OutboxContent } from '../../src/core/outbox-item.ts';
import { createSealer } from '../../src/core/sealed-text.ts';
import { createSending } from '../../src/features/sending/service.ts';
import type { OperatorHook } from '../../src/operator-hooks.ts';
import { createEndpointBook } from '../../src/outbox/endpoint-book.ts';
import { createEndpointChannel } from '../../src/outbox/endpoint-channel.ts';
import { type Resolve, systemResolve } from '../../src/outbox/guarded-agents.ts';
import { createHookChannel } from '../../src/outbox/hook-channel.ts';
import type { OutboxOptions } from '../../src/outbox/outbox.ts';
import { contextAt, createOutboxWorld, posts } from '../outbox/support/outbox-world.ts';
import { createRecordingChannel } from '../outbox/support/recording-channel.ts';

export const ROOM = 'room:ops';
export const SECRET_KEY = 'a secret key of thirty-two characters';

export interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly path: string;
}

export interface Listener {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  answer: (response: ServerResponse, request: Received) => void;
  close(): Promise<void>;
}

/** A server that remembers what it got and answers as told; 204 at first. */
export async function listen(path = '/hook/a-token-in-the-path'): Promise<Listener> {
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then((body) => {
      const headers = incoming.headers as Record<string, string>;
      const request = { headers, body, path: incoming.url ?? '' };
      listener.received.push(request);
      listener.answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const listener: Listener = {
    url: `http://127.0.0.1:${port}${path}`,
    port,
    received: [],
    answer: (response) => void response.writeHead(204).end(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return listener;
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

export const answering =
  (status: number, headers: Record<string, string> = {}, body = '') =>
  (response: ServerResponse): void =>
    void response.writeHead(status, headers).end(body);

/** The event of a switch, as experiments write it. */
export function switched(winner = 'credit'): OutboxContent {
  const event = eventOf('experiment.switched', {
    event: 'experiment.switched',
    version: 1,
    experiment: 'welcome',
    winner,
    previous: 'control',
    lift: 0.3,
    interval: [0.01, 0.03],
    decidedBy: 'Asha',
    message: 'Credit converts better.',
  });
  return { kind: 'event', event };
}

export function sendingWorld(
  options: { sandbox?: boolean; allow?: string[]; resolve?: Resolve; hooks?: readonly OperatorHook[] } = {},
) {
  const { sandbox = true, allow = [], resolve = systemResolve, hooks: places = [] } = options;
  const world = createOutboxWorld();
  const { store, clock } = world;
  const ids = createIds();
  const logs: string[] = [];
  const sink = new Writable({
    write: (line, _encoding, done) => {
      logs.push(String(line));
      done();
    },
  });
  const logger = pino({ level: 'trace' }, sink);
  const sealer = createSealer({ secretKey: SECRET_KEY, purpose: 'webhook endpoints', ids });
  const rules = createOutboundRules({ allow, sandbox });
  const book = createEndpointBook({ store, sealer, rooms: [`console:${ROOM}`], zone: 'UTC' });
  const channel = createEndpointChannel({ book, rules, clock, logger, resolve });
  const hooks = createHookChannel({
    hooks: Object.fromEntries(places.map(({ name, ...hook }) => [name, hook])),
    clock,
  });
  const room = createRecordingChannel('console');
  const process = (options: Partial<OutboxOptions> = {}) =>
    world.process([channel, hooks, room], {
      logger,
      subscribers: book.subscribers,
      facts: [store.facts(posts), store.facts(webhookSubscriptions)],
      ...options,
    });
  const outbox = process();
  const subscriptions = store.facts(webhookSubscriptions);
  const health = store.records(endpointHealth);
  const sending = createSending({
    subscriptions,
    health,
    rows: store.records(outboxRows),
    places,
    sealer,
    rules,
    ids,
    outbox,
  });
  let effects = 0;
  /** A fresh call at this moment. */
  const ctx = (given: { readonly effectKey?: string; readonly tenant?: string } = {}) => {
    effects += 1;
    return contextAt(clock.now(), given.effectKey ?? `call-${effects}`, given.tenant);
  };
  const add = (url: string, wish: Partial<Parameters<typeof sending.add>[1]> = {}) =>
    sending.add(ctx(), { url, kind: 'standard', events: [], description: '', ...wish });
  return {
    ...world,
    ids,
    logs,
    sealer,
    rules,
    book,
    channel,
    room,
    process,
    outbox,
    sending,
    subscriptions,
    health,
    ctx,
    add,
  };
}
