// A harness that reads like a conversation: people say things, press buttons and see answers, over the real parts.
import { expect } from 'vitest';
import { createChatActions } from '../../bots/actions.ts';
import { createConsolePlatform } from '../../bots/console/adapter.ts';
import { type ConsoleDoor, type ConsoleMessage, createConsoleDoor } from '../../bots/console/door.ts';
import { createConversations } from '../../bots/conversations.ts';
import { createInbox, type Inbox } from '../../bots/inbox.ts';
import { createRegistry } from '../../bots/registry.ts';
import { chatActions } from '../../models/chat-action.ts';
import { type ChatUpdate, chatInbox } from '../../models/chat-inbox.ts';
import { type ConsoleMessageRow, consoleMessages } from '../../models/console-message.ts';
import { conversations } from '../../models/conversation.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { Store } from '../../models/store.ts';
import type { Principal } from '../../src/core/actor.ts';
import type { Language } from '../../src/core/context.ts';
import { createDispatcher, type Dispatcher } from '../../src/core/dispatcher.ts';
import { createLogger } from '../../src/core/logger.ts';
import type { Operation } from '../../src/core/operation.ts';
import type { AuditEntry } from '../../src/core/outbox-item.ts';
import type { Role } from '../../src/core/permissions.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import type { FactCollection } from '../../src/core/store.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import { createSteppingClock, type SteppingClock } from './stepping-clock.ts';

/** What a person can do in a chat, whatever the platform; a harness for another platform gives the same. */
export interface Talker {
  /** Says a line. The same `key` again is the platform repeating itself. */
  says(text: string, key?: string): Promise<void>;
  /** Presses the button of that label on the newest message that has it; `key` as for `says`. */
  presses(label: string, key?: string): Promise<void>;
  /** The newest answer contains this. */
  sees(text: string | RegExp): Promise<void>;
  /** No message in sight contains this. */
  neverSees(text: string | RegExp): Promise<void>;
  /** The labels of the newest answer's buttons. */
  offered(): Promise<readonly string[]>;
  /** Every message in sight, as plain text; what this person said begins with `> `. */
  transcript(): Promise<readonly string[]>;
}

export interface ConsoleTalker extends Talker {
  readonly principal: Principal;
}

/** One process over a store: kill it by leaving it, and start another one over the same store. */
export interface ChatProcess {
  readonly inbox: Inbox;
  readonly door: ConsoleDoor;
  /** Delivers what waits in the outbox. */
  deliver(): Promise<void>;
  talker(principal: Principal): ConsoleTalker;
}

export interface ChatWorld {
  readonly store: Store;
  readonly clock: SteppingClock;
  readonly log: string[];
  readonly denials: AuditEntry[];
  readonly updates: FactCollection<ChatUpdate>;
  readonly dispatcher: Dispatcher;
  /** @param faults wraps the inbox's collection, to break it at a chosen write. */
  process(faults?: (updates: FactCollection<ChatUpdate>) => FactCollection<ChatUpdate>): ChatProcess;
  messages(): Promise<ConsoleMessageRow[]>;
}

export function person(name: string, role: Role, language: Language = 'en', tenant = 'default'): Principal {
  const actor = { kind: 'person' as const, id: `usr_${name.toLowerCase()}`, name, role };
  return { tenant, actor, zone: 'Asia/Kolkata', language };
}

export function createChatWorld<S>(operations: readonly Operation<S>[], services: S): ChatWorld {
  const store = createMemoryStore();
  const clock = createSteppingClock();
  const log: string[] = [];
  const denials: AuditEntry[] = [];
  const logger = createLogger({
    level: 'debug',
    sink: { write: (line) => log.push(line) },
    scrub: createScrubber(),
  });
  const updates = store.facts<ChatUpdate>(chatInbox);
  const messages = store.records<ConsoleMessageRow>(consoleMessages);
  const dispatcher = createDispatcher({
    operations,
    services,
    auditDirectly: async (_tenant, _at, entry) => {
      denials.push(entry);
    },
  });
  let processes = 0;

  function process(faults = (given: FactCollection<ChatUpdate>) => given): ChatProcess {
    processes += 1;
    const worker = `process ${processes}`;
    const actions = createChatActions(store.records(chatActions));
    const platform = createConsolePlatform({ messages, actions, clock });
    const registry = createRegistry({
      dispatcher,
      conversations: createConversations(store.records(conversations)),
      actions,
      clock,
      logger,
    });
    const inbox = createInbox({
      updates: faults(updates),
      adapters: [platform],
      answer: registry.answer,
      clock,
      logger,
      worker,
    });
    const door = createConsoleDoor({ inbox, platform, messages });
    const outbox = createOutbox({
      store,
      facts: [updates],
      audit: { insertRows: async () => undefined },
      channels: [platform.channel],
      clock,
      random: () => 0.5,
      logger,
      worker,
    });
    const deliver = outbox.drain;
    return { inbox, door, deliver, talker: (principal) => createTalker(door, deliver, principal) };
  }

  const readMessages = (): Promise<ConsoleMessageRow[]> =>
    messages.scoped('default').find({ where: {}, sort: [['at', 1]], limit: 1_000 });

  return { store, clock, log, denials, updates, dispatcher, process, messages: readMessages };
}

let keys = 0;

function createTalker(door: ConsoleDoor, deliver: () => Promise<void>, principal: Principal): ConsoleTalker {
  const freshKey = (): string => {
    keys += 1;
    return `key-${keys}`;
  };
  const inSight = async (): Promise<readonly ConsoleMessage[]> =>
    (await door.messages(principal, undefined)).messages;
  const newest = async (): Promise<ConsoleMessage | undefined> =>
    (await inSight()).findLast((message) => !message.mine);

  return {
    principal,
    async says(text, key = freshKey()) {
      await door.say(principal, text, key);
      await deliver();
    },
    async presses(label, key = freshKey()) {
      const buttons = (await inSight()).flatMap((message) => message.buttons);
      const button = buttons.findLast((one) => one.label === label);
      if (!button)
        throw new Error(`no button “${label}” among ${buttons.map((one) => one.label).join(', ')}`);
      await door.press(principal, button.id, key);
      await deliver();
    },
    async sees(text) {
      const seen = (await newest())?.text ?? '';
      if (typeof text === 'string') expect(seen).toContain(text);
      else expect(seen).toMatch(text);
    },
    async neverSees(text) {
      const all = (await inSight()).map((message) => message.text).join('\n');
      if (typeof text === 'string') expect(all).not.toContain(text);
      else expect(all).not.toMatch(text);
    },
    offered: async () => ((await newest())?.buttons ?? []).map((button) => button.label),
    transcript: async () =>
      (await inSight()).map((message) => (message.mine ? `> ${message.text}` : message.text)),
  };
}
