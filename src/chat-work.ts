// The chat platforms of the environment over one store: what reads, what sends, their doors, and how well they are.
import type { ChatActions } from '../bots/actions.ts';
import type { Adapter } from '../bots/adapter.ts';
import type { Conversations } from '../bots/conversations.ts';
import type { Inbox } from '../bots/inbox.ts';
import type { Registry } from '../bots/registry.ts';
import type { Config } from './config.ts';
import type { Breather } from './core/breather.ts';
import type { Channel } from './core/channel.ts';
import type { Dispatcher } from './core/dispatcher.ts';
import { DEFAULT_TENANT } from './core/tenant.ts';
import type { Identities } from './features/people/identities.ts';
import type { Rooms } from './features/room/rooms.ts';
import type { ChatDoor, HealthCheck } from './http/options.ts';
import type { ProgramOptions } from './program.ts';
import { createSlackWork, slackRooms } from './slack-work.ts';
import { createTelegramWork, telegramPrivately, telegramRooms } from './telegram-work.ts';

/** By platform, the destination where an account reads alone. */
export function privateRooms(config: Config): Readonly<Record<string, (account: string) => string>> {
  const telegram = telegramPrivately(config);
  return {
    ...(config.SLACK_BOT_TOKEN === undefined ? {} : { slack: (account: string) => `slack:${account}` }),
    ...(telegram ? { telegram } : {}),
  };
}

const CONSOLE_ROOM = 'console:room:ops';

/** The rooms that a tenant has without binding any: the console's, and those that the environment names for its own. */
export function givenRooms(config: Config): (tenant: string) => readonly string[] {
  const named = [...slackRooms(config), ...telegramRooms(config)];
  return (tenant) => [CONSOLE_ROOM, ...(tenant === DEFAULT_TENANT ? named : [])];
}

/** One chat platform, wired and not started. */
export interface ChatPlatform {
  readonly adapter: Adapter;
  readonly channel: Channel;
  readonly health: readonly HealthCheck[];
  /** What a destination leads to, the same for each of its names. */
  placeOf(tenant: string, room: string): Promise<string>;
  /** Called once there is an inbox for its updates. */
  connect(inbox: Inbox): readonly ChatDoor[];
  start(): void;
  stop(): Promise<void>;
}

export interface ChatWorkOptions extends ProgramOptions {
  readonly worker: string;
  readonly actions: ChatActions;
  readonly conversations: Conversations;
  readonly identities: Pick<Identities, 'principalOf'>;
  readonly rooms: Pick<Rooms, 'isBound'>;
  /** Holds work back while the process does not keep up with what comes in. */
  readonly breathe: Breather;
  /** The registry and the verbs answer on the platforms, and are made after them. */
  readonly registry: () => Registry;
  readonly dispatcher: () => Dispatcher;
}

export interface ChatWork {
  readonly adapters: readonly Adapter[];
  readonly channels: readonly Channel[];
  readonly health: readonly HealthCheck[];
  /** The rooms without those that lead to the same place as one before. */
  distinct(tenant: string, rooms: readonly string[]): Promise<readonly string[]>;
  connect(inbox: Inbox): void;
  doors(): readonly ChatDoor[];
  start(): void;
  stop(): Promise<void>;
}

export function createChatWork(options: ChatWorkOptions): ChatWork {
  const platforms = [createSlackWork(options), createTelegramWork(options)].filter(
    (platform) => platform !== null,
  );
  let doors: readonly ChatDoor[] = [];

  async function distinct(tenant: string, rooms: readonly string[]): Promise<readonly string[]> {
    const byPlace = new Map<string, string>();
    for (const room of rooms) {
      const platform = platforms.find(({ channel }) => room.startsWith(`${channel.scheme}:`));
      const place = (await platform?.placeOf(tenant, room)) ?? room;
      if (!byPlace.has(place)) byPlace.set(place, room);
    }
    return [...byPlace.values()];
  }

  return {
    distinct,
    adapters: platforms.map(({ adapter }) => adapter),
    channels: platforms.map(({ channel }) => channel),
    health: platforms.flatMap(({ health }) => health),
    connect(inbox) {
      doors = platforms.flatMap((platform) => platform.connect(inbox));
    },
    doors: () => doors,
    start() {
      for (const platform of platforms) platform.start();
    },
    async stop() {
      await Promise.all(platforms.map((platform) => platform.stop()));
    },
  };
}
