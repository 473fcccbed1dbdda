// The working parts over one open database: services, dispatcher, inbox, outbox, console and jobs, wired and not started.
import { createChatActions } from '../bots/actions.ts';
import type { Answer, Update } from '../bots/adapter.ts';
import { createConsolePlatform } from '../bots/console/adapter.ts';
import { createConsoleDoor } from '../bots/console/door.ts';
import { createConversations } from '../bots/conversations.ts';
import { createInbox, type Inbox } from '../bots/inbox.ts';
import { createRegistry } from '../bots/registry.ts';
import { alertJobs } from '../jobs/alerts.ts';
import { approvalJobs } from '../jobs/approvals.ts';
import { auditJobs } from '../jobs/audit.ts';
import { ingestionJobs } from '../jobs/ingestion.ts';
import type { Job } from '../jobs/job.ts';
import { mailJobs } from '../jobs/mail.ts';
import { outboxJobs } from '../jobs/outbox.ts';
import { protocolJobs } from '../jobs/protocol.ts';
import { webhookJobs } from '../jobs/webhooks.ts';
import { factDefinitions } from '../models/all.ts';
import { auditPosts } from '../models/audit-post.ts';
import { cards } from '../models/card.ts';
import { chatActions } from '../models/chat-action.ts';
import { type ChatUpdate, chatInbox } from '../models/chat-inbox.ts';
import { type ConsoleMessageRow, consoleMessages } from '../models/console-message.ts';
import { conversations } from '../models/conversation.ts';
import { outboxReplays } from '../models/outbox-replay.ts';
import { outboxRows } from '../models/outbox-row.ts';
import type { Store } from '../models/store.ts';
import { streamFacts } from '../models/stream-fact.ts';
import { tellingStore } from '../models/telling-store.ts';
import { type AlertWork, createAlertWork } from './alert-work.ts';
import { type ChatWork, createChatWork, givenRooms, privateRooms } from './chat-work.ts';
import type { Config } from './config.ts';
import { createApprovable } from './core/approvable.ts';
import { createBreather } from './core/breather.ts';
import type { Clock } from './core/clock.ts';
import { createDispatcher, type Dispatcher } from './core/dispatcher.ts';
import type { Ids } from './core/ids.ts';
import type { Logger } from './core/logger.ts';
import { TEAM_ROOMS } from './core/outbox-item.ts';
import { DEFAULT_TENANT } from './core/tenant.ts';
import type { Keys } from './data-dir.ts';
import { createHeadPost } from './features/audit/post-head.ts';
import type { Unsubscribe } from './features/mail/unsubscribe.ts';
import { createUpkeep } from './features/upkeep/service.ts';
import { operations } from './features.ts';
import { createHeldCounts } from './held-counts.ts';
import { createIngestionWork, type IngestionWork } from './ingestion-work.ts';
import { createMailWork } from './mail-work.ts';
import { createMetricWork } from './metrics-work.ts';
import { createOutbox } from './outbox/outbox.ts';
import type { Outbox } from './outbox/types.ts';
import { createPullWork } from './pull-work.ts';
import { createRoomWork } from './room-work.ts';
import { createSendingWork } from './sending-work.ts';
import { createServices, type Services } from './services.ts';
import { createSwitchChannel, switchHookOf } from './switch-hook.ts';
import { createWebhookWork, secretsIn } from './webhook-work.ts';

/** Something that works by itself from the start of the program to its end. */
export interface Worker {
  start(): void;
  stop(): Promise<void>;
}

export interface Ports {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Everything that runs over one store. */
export interface Program {
  readonly services: Services;
  readonly dispatcher: Dispatcher;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly chat: Pick<ChatWork, 'doors' | 'health'>;
  readonly facts: Pick<IngestionWork, 'folding' | 'seen'>;
  readonly alerting: Pick<AlertWork, 'jobEnded' | 'watch'>;
  /** Started in this order, stopped in the other. */
  readonly workers: readonly Worker[];
  readonly unsubscribe: Unsubscribe;
  readonly jobs: readonly Job[];
}

/** Writes of this process tell of themselves; those of other processes, and of one that crashed, wait so long. */
const RELAY_POLL_MS = 1_000;

export interface ProgramOptions extends Ports {
  readonly config: Config;
  readonly keys: Keys;
  readonly store: Store;
  readonly publicUrl: () => string;
  readonly startWork: () => void;
}

export function createProgram(given: ProgramOptions): Program {
  const store = tellingStore(given.store, (collection) => outbox.nudge(collection));
  const options = { ...given, store };
  const { config, keys, clock, ids, random, logger } = options;
  const worker = ids.fresh('req');
  const rooms = [TEAM_ROOMS];
  const alerting = createAlertWork({ ...options, rooms, privately: privateRooms(config) });
  const stored = createServices({
    alerting: alerting.alerts.alerting,
    store,
    clock,
    ids,
    logger,
    random,
    worker,
    secretKey: keys.secretKey,
    publicUrl: options.publicUrl,
    zone: config.BUSINESS_TIMEZONE,
    protocolEveryMs: config.PROTOCOL_EVERY,
    rooms,
    givenRooms: givenRooms(config),
    switchHook: switchHookOf(config),
    startWork: options.startWork,
    approvable: createApprovable(operations, () => services),
  });
  const actions = createChatActions(store.records(chatActions));
  const messages = store.records<ConsoleMessageRow>(consoleMessages);
  const platform = createConsolePlatform({ messages, actions, clock });
  const breathe = createBreather(clock);
  const talks = createConversations(store.records(conversations));
  const chat = createChatWork({
    ...{
      ...options,
      worker,
      actions,
      breathe,
      conversations: talks,
      identities: stored.identities,
      rooms: stored.rooms,
    },
    registry: () => registry,
    dispatcher: () => dispatcher,
  });
  const sending = createSendingWork({ ...options, rooms });
  const mailing = createMailWork(options);
  const outbox = createOutbox({
    store,
    breathe,
    relayPollMs: RELAY_POLL_MS,
    clock,
    random,
    logger,
    worker,
    facts: factDefinitions
      .filter((definition) => definition.name !== outboxReplays.name)
      .map((definition) => store.facts(definition)),
    audit: stored.audit,
    channels: [
      platform.channel,
      ...chat.channels,
      createSwitchChannel(options),
      ...sending.channels,
      mailing.channel,
    ],
    subscribers: sending.subscribers,
    rooms: async (tenant) => chat.distinct(tenant, await stored.rooms.announced(tenant)),
  });
  // The console answers through the dispatcher, and the dispatcher's verbs may use the console: the knot is tied late.
  const answer = (update: Update): Promise<Answer> => registry.answer(update);
  const inbox = createInbox({
    updates: store.facts<ChatUpdate>(chatInbox),
    adapters: [platform, ...chat.adapters],
    breathe,
    answer,
    clock,
    logger,
    worker,
  });
  chat.connect(inbox);
  const facts = createIngestionWork({ ...options, zone: config.BUSINESS_TIMEZONE, worker });
  const pulls = createPullWork({ ...options, door: facts.ingestion, streams: facts.streams });
  const webhooks = createWebhookWork({
    ...options,
    mail: mailing.mail,
    ingestion: facts.ingestion,
    secretKey: keys.secretKey,
    zone: config.BUSINESS_TIMEZONE,
    secretOf: secretsIn(options),
    worker,
  });
  const services: Services = {
    ...stored,
    alerts: alerting.alerts,
    ingestion: facts.ingestion,
    pulls,
    metrics: createMetricWork({
      rollups: facts.ingestion.reader,
      facts: store.records(streamFacts),
      held: createHeldCounts(store),
      environment: config.APP_ENV,
      publicUrl: options.publicUrl,
    }),
    webhooks: webhooks.webhooks,
    mail: mailing.mail,
    upkeep: createUpkeep({ rows: store.records(outboxRows), cards: store.records(cards), outbox }),
    sending: sending.serviceOver(outbox),
    room: createRoomWork(store, () => dispatcher),
    console: createConsoleDoor({ inbox, platform, messages }),
  };
  const dispatcher = createDispatcher({
    ...{ operations, services, desk: services.approvals.desk },
    auditDirectly: services.audit.recordDirectly,
  });
  const postHead = createHeadPost({
    posts: store.facts(auditPosts),
    audit: services.audit,
    tenants: async () => [DEFAULT_TENANT],
    rooms,
    clock,
    logger,
  });
  const registry = createRegistry({
    dispatcher,
    actions,
    clock,
    logger,
    conversations: talks,
  });
  return {
    services,
    dispatcher,
    outbox,
    inbox,
    unsubscribe: mailing.unsubscribe,
    chat,
    facts,
    alerting,
    workers: [outbox, inbox, webhooks, facts, alerting, ...(config.ROLES.includes('bots') ? [chat] : [])],
    jobs: [
      ...alertJobs(services),
      ...protocolJobs(services),
      ...outboxJobs({ outbox }),
      ...webhookJobs(services),
      ...mailJobs({ mails: mailing }),
      ...ingestionJobs({ folding: facts.folding, pulls }),
      ...approvalJobs(services),
      ...auditJobs({ audit: services.audit, postHead }),
    ],
  };
}
