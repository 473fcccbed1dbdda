// What is known of Telegram's chats: destinations keep their name when a group is upgraded, private chats may be closed.
import type { TelegramChat } from '../../models/telegram-chat.ts';
import { derivedId } from '../../src/core/ids.ts';
import type { Body, RecordCollection } from '../../src/core/store.ts';

export const TELEGRAM = 'telegram';

/** Groups have negative numbers, people positive ones; only groups and channels go by a public name. */
export const isGroup = (chat: string): boolean => /^[-@]/.test(chat);

/** A group by its public name, such as `@ops_room`: its number is learned when it is first written to. */
export const isNamed = (chat: string): boolean => chat.startsWith('@');

/** `<bot>/<chat>`: what follows the scheme in a destination. */
export const addressIn = (botId: string, chat: string): string => `${botId}/${chat}`;
export const roomOf = (address: string): string => `${TELEGRAM}:${address}`;

export interface Chats {
  /** The number to send to for an address. */
  chatOf(tenant: string, address: string): Promise<string>;
  /** The address of a chat: the one it had when it was first met. */
  addressOf(tenant: string, chat: string): Promise<string>;
  /** The group behind an address has this number from now on. */
  migrated(tenant: string, address: string, chat: string): Promise<void>;
  /** Whether this account's private chat may be written to. */
  isReachable(tenant: string, account: string): Promise<boolean>;
  /** The person wrote, or the bot was kept out. */
  reached(tenant: string, account: string, name: string): Promise<void>;
  unreachable(tenant: string, account: string): Promise<void>;
  /** The menu that an account's private chat shows, as `menu` was told. */
  menuOf(tenant: string, account: string): Promise<string | null>;
  setMenu(tenant: string, account: string, menu: string): Promise<void>;
  /** Private chats that may be written to, at most 1,000. */
  privateChats(tenant: string): Promise<readonly TelegramChat[]>;
}

export function createChats(collection: RecordCollection<TelegramChat>, botId: string): Chats {
  const idOf = (tenant: string, address: string): string => derivedId('tgc', tenant, address);

  async function known(tenant: string, address: string): Promise<TelegramChat | null> {
    return collection.scoped(tenant).get(idOf(tenant, address));
  }

  async function note(tenant: string, address: string, change: Partial<Body<TelegramChat>>): Promise<void> {
    const chat = address.slice(address.indexOf('/') + 1);
    const fresh = { address, chat, reachable: false, menu: null, name: '' };
    const records = collection.scoped(tenant);
    for (;;) {
      const record = await records.get(idOf(tenant, address));
      if (!record) {
        const { inserted } = await records.insertOnce(idOf(tenant, address), { ...fresh, ...change });
        if (inserted) return;
        continue;
      }
      const isSame = Object.entries(change).every(([key, value]) => Reflect.get(record, key) === value);
      if (isSame || (await records.compareAndSet(record, change))) return;
    }
  }

  const ofPerson = (account: string): string => addressIn(botId, account);

  return {
    async chatOf(tenant, address) {
      const chat = address.slice(address.indexOf('/') + 1);
      return isGroup(chat) ? ((await known(tenant, address))?.chat ?? chat) : chat;
    },
    async addressOf(tenant, chat) {
      const plain = addressIn(botId, chat);
      if (!isGroup(chat)) return plain;
      const [moved] = await collection.scoped(tenant).find({ where: { chat }, limit: 1 });
      return moved?.address ?? plain;
    },
    migrated: (tenant, address, chat) => note(tenant, address, { chat }),
    isReachable: async (tenant, account) => (await known(tenant, ofPerson(account)))?.reachable === true,
    reached: (tenant, account, name) => note(tenant, ofPerson(account), { reachable: true, name }),
    unreachable: (tenant, account) => note(tenant, ofPerson(account), { reachable: false }),
    menuOf: async (tenant, account) => (await known(tenant, ofPerson(account)))?.menu ?? null,
    setMenu: (tenant, account, menu) => note(tenant, ofPerson(account), { menu }),
    privateChats: (tenant) =>
      collection.scoped(tenant).find({ where: { reachable: true }, sort: [['address', 1]], limit: 1_000 }),
  };
}
