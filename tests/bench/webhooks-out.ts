// Measures what nine destinations that hang do to the tenth: from the write of an event to its arrival there.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { allDefinitions } from '../../models/all.ts';
import { connectDatabase } from '../../models/connection.ts';
import { endpointHealth } from '../../models/endpoint-health.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import { tasks } from '../../models/task.ts';
import { webhookSubscriptions } from '../../models/webhook-subscription.ts';
import { systemClock } from '../../src/core/clock.ts';
import { eventOf } from '../../src/core/event-catalogue.ts';
import { createIds, systemRandom } from '../../src/core/ids.ts';
import { createOutboundRules } from '../../src/core/outbound-address.ts';
import { createSealer } from '../../src/core/sealed-text.ts';
import { traceOf } from '../../src/core/trace.ts';
import { createSending } from '../../src/features/sending/service.ts';
import { createEndpointBook } from '../../src/outbox/endpoint-book.ts';
import { createEndpointChannel } from '../../src/outbox/endpoint-channel.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import { testCtx } from '../support/context.ts';
import { median } from './figures.ts';
import { paced, quantile } from './webhook-load.ts';

const DOWN = 9;
const RATE = 10;
/** Turns of both, so that the machine's other work falls on both. */
const PAIRS = 3;

interface Listener {
  readonly url: string;
  onEvent: (key: string) => void;
  close(): void;
}

/** @param answers false: it takes the connection and never answers, the worst way to be down. */
async function listen(answers: boolean): Promise<Listener> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      if (!answers) return;
      const told = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { data: { experiment: string } };
      listener.onEvent(told.data.experiment);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  const listener: Listener = { url: `http://127.0.0.1:${port}/`, onEvent: () => undefined, close };
  return listener;
}

/** p95 in milliseconds from the write of an event to its arrival, without and with nine that hang. */
export async function tenthDestination(
  uri: string,
  seconds: number,
): Promise<{ readonly aloneMs: number; readonly besideMs: number; readonly events: number }> {
  const database = await connectDatabase({ uri });
  await database.ensureIndexes(allDefinitions);
  const store = createMongoStore(database.connection);
  const logger = pino({ level: 'silent' });
  const [clock, ids] = [systemClock, createIds()];
  const sealer = createSealer({ secretKey: 'a secret key of thirty-two characters', purpose: 'bench', ids });
  const rules = createOutboundRules({ allow: [], sandbox: true });
  const book = createEndpointBook({ store, sealer, rooms: [], zone: 'UTC' });
  const facts = store.facts(tasks);
  const outbox = createOutbox({
    store,
    facts: [facts, store.facts(webhookSubscriptions)],
    audit: { insertRows: async () => undefined },
    channels: [createEndpointChannel({ book, rules, clock, logger })],
    subscribers: book.subscribers,
    clock,
    random: systemRandom,
    logger,
    worker: 'bench',
  });
  const [health, rows] = [store.records(endpointHealth), store.records(outboxRows)];
  const subscriptions = store.facts(webhookSubscriptions);
  const sending = createSending({ subscriptions, places: [], health, rows, sealer, rules, ids, outbox });
  const wish = { kind: 'standard', events: [], description: '' } as const;
  const well = await listen(true);
  const down = await Promise.all(Array.from({ length: DOWN }, () => listen(false)));
  const ctx = () => testCtx({ now: clock.now(), effectKey: ids.fresh('req') });
  let written = 0;

  /** Writes a fact with an event and waits for it to arrive. */
  async function tell(): Promise<void> {
    written += 1;
    const key = `bench-${written}`;
    const arrived = new Promise<void>((resolve) => waiting.set(key, resolve));
    const event = eventOf('experiment.switched', {
      event: 'experiment.switched',
      version: 1,
      experiment: key,
      winner: 'b',
      previous: 'a',
      lift: 0.1,
      interval: null,
      decidedBy: 'bench',
      message: 'It converts better.',
    });
    const owner = { ownerId: null, ownerName: null, doneAt: null };
    const task = {
      title: key,
      source: 'bench',
      category: '',
      priority: 'low',
      rank: 3,
      status: 'open',
      note: '',
      ...owner,
    } as const;
    const trace = traceOf(ctx(), { target: key }, { kind: 'event', event });
    await facts.scoped('default').insertOnce(key, task, trace);
    outbox.nudge();
    await arrived;
  }
  const waiting = new Map<string, () => void>();
  well.onEvent = (key) => waiting.get(key)?.();
  const measure = async (): Promise<number> =>
    quantile(await paced({ from: RATE, to: RATE, seconds: seconds / PAIRS }, tell), 0.95);

  try {
    await sending.add(ctx(), { ...wish, url: well.url });
    outbox.start();
    for (let warm = 0; warm < RATE; warm += 1) await tell();
    const hanging = await Promise.all(
      down.map(async ({ url }) => (await sending.add(ctx(), { ...wish, url })).endpoint),
    );
    const alone: number[] = [];
    const beside: number[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      for (const { id } of hanging) await sending.disable(ctx(), id);
      alone.push(await measure());
      for (const { id } of hanging) await sending.enable(ctx(), id);
      beside.push(await measure());
    }
    return { aloneMs: median(alone), besideMs: median(beside), events: written };
  } finally {
    for (const listener of [well, ...down]) listener.close();
    await outbox.stop();
    await database.close();
  }
}
