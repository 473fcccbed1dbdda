// What a conversation can do on any platform: the scene, the voices in it, and the parts a platform is built from.
import type { ChatActions } from '../../../bots/actions.ts';
import type { Accounts, Adapter } from '../../../bots/adapter.ts';
import type { Conversations } from '../../../bots/conversations.ts';
import type { Inbox } from '../../../bots/inbox.ts';
import type { Registry } from '../../../bots/registry.ts';
import type { ChatUpdate } from '../../../models/chat-inbox.ts';
import type { Store } from '../../../models/store.ts';
import type { Principal } from '../../../src/core/actor.ts';
import type { Channel } from '../../../src/core/channel.ts';
import type { Language } from '../../../src/core/context.ts';
import type { Dispatcher } from '../../../src/core/dispatcher.ts';
import type { Logger } from '../../../src/core/logger.ts';
import type { AuditEntry } from '../../../src/core/outbox-item.ts';
import type { Role } from '../../../src/core/permissions.ts';
import type { Identities } from '../../../src/features/people/identities.ts';
import type { Outbox } from '../../../src/outbox/types.ts';
import type { Talker } from '../conversation.ts';
import type { Life } from '../killed-store.ts';
import type { Shelf } from '../sample-operations.ts';
import type { SteppingClock } from '../stepping-clock.ts';

/** What a platform is built from in one process. */
export interface Parts {
  readonly store: Store;
  readonly clock: SteppingClock;
  readonly logger: Logger;
  readonly actions: ChatActions;
  readonly conversations: Conversations;
  readonly accounts: Accounts;
  readonly isBound: (tenant: string, room: string) => Promise<boolean>;
  readonly registry: () => Registry;
  readonly dispatcher: Dispatcher;
}

/** A platform as one process knows it. */
export interface Plug {
  readonly adapter: Adapter;
  readonly channel: Channel;
  /** From now on updates go into this inbox. */
  connect(inbox: Inbox): void;
}

export interface Process {
  readonly inbox: Inbox;
  readonly outbox: Outbox;
}

/** What stands on a stage before any process runs: the platform's own server and its people. */
export interface Stage {
  readonly store: Store;
  readonly clock: SteppingClock;
  readonly logger: Logger;
  readonly log: readonly string[];
  readonly shelf: Shelf;
  readonly notes: { text: string };
  readonly denials: AuditEntry[];
  readonly identities: Identities;
  /** Rooms that the team's business may be read in. */
  readonly bound: Set<string>;
  /** Starts a process, which takes updates from then on. */
  boot(plug: (parts: Parts) => Plug, life?: Life): Process;
  /** All that was said is worked on, all that was answered is shown; a dead process does neither. */
  settle(): Promise<void>;
  /** Long enough for every lease of a dead process to run out. */
  passLeases(): void;
  /** The process takes over what a dead one left. */
  recover(): Promise<void>;
  /** Whether the process of this moment has been killed. */
  isDead(): boolean;
  /** A person of the team, who reads the language given. */
  hire(name: string, role: Role, language?: Language): Promise<Principal>;
  /** Joins an account with a person, with proof from both sides. */
  join(platform: string, account: string, name: string, person: Principal): Promise<void>;
  /** The person leaves the team. */
  remove(person: Principal): Promise<void>;
  rows(): Promise<ChatUpdate[]>;
  /** Sends of which nobody knows whether they arrived, in all. */
  ambiguities(): Promise<number>;
  /** A live card in a room, at this revision; one of this key, where there are several. */
  showsCard(room: string, revision: number, words: string, key?: string): Promise<void>;
}

/** What a conversation needs of a platform, the same for all. */
export interface Scene extends Stage {
  readonly platform: 'console' | 'slack' | 'telegram';
  /** Somebody of the team, their account joined. */
  person(name: string, role: Role, language?: Language): Promise<Voice>;
  /** An account that nobody joined; null where there are none. */
  stranger(name: string): Voice | null;
  /** Ways to pass for somebody else, each of them doing its line as that; none may have an effect. */
  readonly tricks: Readonly<Record<string, (line: string) => Promise<void>>>;
  /** Starts another process in the place of the one before. */
  restart(life?: Life): Process;
  close(): Promise<void>;
}

export interface Voice extends Talker {
  readonly principal: Principal | null;
  /** The destination of the private room. */
  readonly room: string;
  /** The same person in the room of the team; the private one where the platform has no other. */
  readonly inTeam: Talker;
  /** Fills in the form that is open and sends it, or answers question after question; there alone unless told. */
  answers(values: Readonly<Record<string, string>>, where?: 'team'): Promise<void>;
  /** Whether a form stands open before them. */
  isAsked(): Promise<boolean>;
  /** Presses a button that stands in somebody else's sight. */
  pressesFor(other: Voice, label: string): Promise<void>;
  /** What is live in sight and was not ours to make live: mentions, links, markup out of people's words. */
  alarms(): Promise<readonly string[]>;
}
