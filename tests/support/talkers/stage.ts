// The stage of a scene: the real registry, inbox, outbox, dispatcher and identities over the store in memory.
import { createChatActions } from '../../../bots/actions.ts';
import { createConversations } from '../../../bots/conversations.ts';
import { createInbox } from '../../../bots/inbox.ts';
import { createRegistry } from '../../../bots/registry.ts';
import { cards } from '../../../models/card.ts';
import { chatActions } from '../../../models/chat-action.ts';
import { type ChatUpdate, chatInbox } from '../../../models/chat-inbox.ts';
import { codeGuesses } from '../../../models/code-guess.ts';
import { conversations } from '../../../models/conversation.ts';
import { identities as identityDefinition } from '../../../models/identity.ts';
import { linkCodes } from '../../../models/link-code.ts';
import { createMemoryStore } from '../../../models/memory-store.ts';
import { outboxRows } from '../../../models/outbox-row.ts';
import { people } from '../../../models/person.ts';
import { type Task, tasks } from '../../../models/task.ts';
import { createDispatcher } from '../../../src/core/dispatcher.ts';
import { createIds } from '../../../src/core/ids.ts';
import { createLogger } from '../../../src/core/logger.ts';
import type { AuditEntry, OutboxContent } from '../../../src/core/outbox-item.ts';
import { reply } from '../../../src/core/reply.ts';
import { createScrubber } from '../../../src/core/scrub.ts';
import type { Body } from '../../../src/core/store.ts';
import { traceOf } from '../../../src/core/trace.ts';
import { createIdentities } from '../../../src/features/people/identities.ts';
import { createOutbox } from '../../../src/outbox/outbox.ts';
import { testCtx } from '../context.ts';
import type { Life } from '../killed-store.ts';
import { createShelf } from '../sample-operations.ts';
import { mortalChannel, mortalStore } from './mortal-store.ts';
import { createPatientClock } from './patient-clock.ts';
import type { Parts, Plug, Process, Stage } from './scene.ts';
import { sceneOperations } from './scene-operations.ts';
import { hireInto, joinAccount, removeFrom } from './team.ts';

/** Longer than the pace of any room, so that one settling step delivers one message more to each. */
const PACE_MS = 3_100;
const LONGEST_LEASE_MS = 61_000;
/** A fact to carry what shall be delivered. */
export const anyTask: Body<Task> = {
  ...{ title: 'Any', source: 'chat', category: 'other', rank: 2, note: '' },
  ...{ ownerId: null, ownerName: null, doneAt: null },
  priority: 'medium',
  status: 'open',
};

export function createStage(): Stage {
  const store = createMemoryStore();
  const clock = createPatientClock();
  const log: string[] = [];
  const sink = { write: (line: string) => log.push(line) };
  const logger = createLogger({ level: 'debug', sink, scrub: createScrubber() });
  const shelf = createShelf();
  const notes = { text: '' };
  const denials: AuditEntry[] = [];
  const bound = new Set<string>();
  const ids = createIds();
  const identities = createIdentities({
    people: store.facts(people),
    identities: store.facts(identityDefinition),
    codes: store.facts(linkCodes),
    guesses: store.records(codeGuesses),
    secretKey: 'a secret key of thirty-two characters',
    zone: 'Asia/Kolkata',
  });
  let current: { readonly process: Process; readonly life: Life | undefined } | undefined;
  let processes = 0;

  function boot(plug: (parts: Parts) => Plug, life?: Life): Process {
    processes += 1;
    const worker = `process ${processes}`;
    const mine = life ? mortalStore(life, store) : store;
    const actions = createChatActions(mine.records(chatActions));
    const talks = createConversations(mine.records(conversations));
    const dispatcher = createDispatcher({
      operations: sceneOperations,
      services: { shelf, notes },
      auditDirectly: async (_tenant, _at, entry) => {
        denials.push(entry);
      },
    });
    const registry = createRegistry({ dispatcher, conversations: talks, actions, clock, logger });
    const { adapter, channel, connect } = plug({
      ...{ store: mine, clock, logger, actions, conversations: talks, accounts: identities, dispatcher },
      isBound: async (_tenant, room) => bound.has(room),
      registry: () => registry,
    });
    const updates = mine.facts<ChatUpdate>(chatInbox);
    const inbox = createInbox({
      ...{ updates, adapters: [adapter], answer: registry.answer, clock, logger, worker },
    });
    const outbox = createOutbox({
      ...{ store: mine, clock, logger, worker, random: () => 0.5 },
      facts: [updates, mine.facts<Task>(tasks)],
      audit: { insertRows: async () => undefined },
      channels: [life ? mortalChannel(life, channel) : channel],
    });
    connect(inbox);
    current = { process: { inbox, outbox }, life };
    return current.process;
  }

  const isDead = (): boolean => current?.life !== undefined && current.life.calls >= current.life.at;

  async function settle(): Promise<void> {
    if (!current) return;
    const { inbox, outbox } = current.process;
    await inbox.stop();
    for (let turn = 0; turn < 4 && !isDead(); turn += 1) {
      clock.pass(PACE_MS);
      await outbox.drain().catch((thrown: unknown) => {
        if (!isDead()) throw thrown;
      });
    }
  }

  /** A fact of its own carries the item, as in every capability. */
  async function leave(item: OutboxContent): Promise<void> {
    const id = ids.fresh('tsk');
    const trace = traceOf(testCtx({ now: clock.now() }), { target: id }, item);
    await store.facts<Task>(tasks).scoped('default').insertOnce(id, anyTask, trace);
    await settle();
  }

  return {
    ...{ store, clock, logger, log, shelf, notes, denials, identities, bound, boot, settle },
    hire: (name, role, language) => hireInto(store, name, role, language),
    join: (platform, account, name, person) =>
      joinAccount(identities, clock.now(), { platform, account, name }, person),
    remove: (person) => removeFrom(store, person),
    isDead,
    async recover() {
      await current?.process.inbox.recover();
      await settle();
    },
    passLeases: () => clock.pass(LONGEST_LEASE_MS),
    rows: () => store.facts<ChatUpdate>(chatInbox).scoped('default').find({ where: {}, limit: 5_000 }),
    async ambiguities() {
      const all = { where: {}, limit: 5_000 };
      const sends = await store.records(outboxRows).scoped('default').find(all);
      const shown = await store.records(cards).scoped('default').find(all);
      return [...sends, ...shown].reduce((sum, row) => sum + row.ambiguities, 0);
    },
    showsCard: (destination, revision, words, key = 'the-card') =>
      leave({ kind: 'card', destination, key, revision, reply: reply(words) }),
  };
}
