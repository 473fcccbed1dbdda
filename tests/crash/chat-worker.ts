// One process of the chat crash test: inbox, verbs, outbox and delivery over the database, until it kills itself.
import { createServer, type IncomingMessage } from 'node:http';
import { pino } from 'pino';
import { createChatActions } from '../../bots/actions.ts';
import { createConsolePlatform } from '../../bots/console/adapter.ts';
import { createConversations } from '../../bots/conversations.ts';
import { createInbox } from '../../bots/inbox.ts';
import { createRegistry } from '../../bots/registry.ts';
import { allDefinitions } from '../../models/all.ts';
import { auditBody, auditLog } from '../../models/audit-log.ts';
import { chatActions } from '../../models/chat-action.ts';
import { chatInbox } from '../../models/chat-inbox.ts';
import { connectDatabase } from '../../models/connection.ts';
import { consoleMessages } from '../../models/console-message.ts';
import { conversations } from '../../models/conversation.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { tasks } from '../../models/task.ts';
import { tellingStore } from '../../models/telling-store.ts';
import type { Principal } from '../../src/core/actor.ts';
import type { Channel } from '../../src/core/channel.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createDispatcher } from '../../src/core/dispatcher.ts';
import { taskOperations } from '../../src/features/tasks/operations.ts';
import { createTaskService } from '../../src/features/tasks/service.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import { plainText } from '../../src/outbox/plain-text.ts';
import { systemRandom } from '../../src/outbox/random.ts';
import { type Around, wrapStore } from '../simulation/wrap-store.ts';
import { type Mortality, mortal } from './worker-process.ts';

export interface WorkerOptions extends Mortality {
  readonly uri: string;
  /** Where the platform without any memory of ids listens. */
  readonly wireUrl: string;
  readonly name: string;
  /** How far this life's clock is ahead: the leases of those before it are over. */
  readonly aheadMs: number;
}

export interface Said {
  readonly key: string;
  readonly text: string;
  /** `console:person:usr_crash` or `wire:ops`. */
  readonly room: string;
}

const person: Principal = {
  tenant: 'default',
  actor: { kind: 'person', id: 'usr_crash', name: 'Crash', role: 'user' },
  zone: 'UTC',
  language: 'en',
};

function wireChannel(url: string, around: Around): Channel {
  return {
    scheme: 'wire',
    paceMs: 0,
    retryDelaysMs: [100, 500, 1_000, 5_000],
    send: ({ id, body }) =>
      around('wire.send', async () => {
        const text = body.kind === 'reply' ? plainText(body.reply) : body.kind;
        const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ id, text }) });
        if (!answer.ok) throw new Error(`the wire answered ${answer.status}`);
        return { messageId: id };
      }),
  };
}

async function live(options: WorkerOptions): Promise<void> {
  const clock: Clock = {
    ...systemClock,
    now: () => new Date(systemClock.now().getTime() + options.aheadMs),
  };
  const logger = pino({ level: 'fatal' });
  const database = await connectDatabase({ uri: options.uri });
  await database.ensureIndexes(allDefinitions);
  const around = mortal(options);
  const store = wrapStore(createMongoStore(database.connection), around);

  const actions = createChatActions(store.records(chatActions));
  const platform = createConsolePlatform({ messages: store.records(consoleMessages), actions, clock });
  const dispatcher = createDispatcher({
    operations: taskOperations,
    services: { tasks: createTaskService({ tasks: store.facts(tasks) }) },
    auditDirectly: async () => undefined,
  });
  const registry = createRegistry({
    dispatcher,
    conversations: createConversations(store.records(conversations)),
    actions,
    clock,
    logger,
  });
  const updates = store.facts(chatInbox);
  const outbox = createOutbox({
    store,
    facts: [updates, store.facts(tasks)],
    audit: {
      insertRows: async (rows) => {
        const bodies = rows.map(({ id, at, entry }) => ({ id, body: auditBody(entry, at) }));
        if (bodies.length > 0) await store.records(auditLog).scoped('default').insertMany(bodies);
      },
    },
    channels: [platform.channel, wireChannel(options.wireUrl, around)],
    clock,
    random: systemRandom,
    logger,
    worker: options.name,
  });
  const inbox = createInbox({
    updates: tellingStore(store, outbox.nudge).facts(chatInbox),
    adapters: [platform],
    answer: registry.answer,
    clock,
    logger,
    worker: options.name,
  });

  const server = createServer((request, response) => {
    const answered = request.url === '/settle' ? settle() : take(request);
    answered.then(
      (body) => response.end(JSON.stringify(body)),
      (thrown: unknown) => response.writeHead(500).end(String(thrown)),
    );
  });
  async function take(request: IncomingMessage): Promise<unknown> {
    const { key, text, room } = JSON.parse(await bodyOf(request)) as Said;
    const content = { kind: 'text', text } as const;
    const row = await inbox.take({ platform: 'console', principal: person, room, content, key });
    return { reply: row.reply };
  }
  async function settle(): Promise<unknown> {
    while ((await inbox.recover()) > 0);
    await outbox.drain();
    return await outbox.health();
  }

  inbox.start();
  outbox.start();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : 0}\n`);
  process.once('SIGTERM', () => {
    server.close();
    void Promise.all([inbox.stop(), outbox.stop()]).then(() => database.close());
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

const [given] = process.argv.slice(2);
if (given?.startsWith('{')) await live(JSON.parse(given) as WorkerOptions);
