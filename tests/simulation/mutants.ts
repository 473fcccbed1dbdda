// Broken versions of the design, made by wrapping its ports: the simulation must catch each, or it has no teeth.
import type { Store } from '../../models/store.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { Fact, Facts, PendingItems, Records, Stored } from '../../src/core/store.ts';
import { type Alter, type AlterFacts, alterFacts, alterPending, alterRecords } from './wrap-store.ts';

export interface Mutant {
  readonly breaks: string;
  readonly store?: (store: Store) => Store;
  readonly channel?: (channel: Channel) => Channel;
}

/** A compare-and-set that compares nothing: the last one wins. */
const withoutCompare: Alter = <T extends Stored>(records: Records<T>): Partial<Records<T>> => ({
  compareAndSet: async (current, change) => {
    const latest = await records.get(current._id);
    return latest && (await records.compareAndSet(latest, change));
  },
});

/** Changes lose one field on their way to the store. */
const without =
  (field: string): Alter =>
  <T extends Stored>(records: Records<T>): Partial<Records<T>> => ({
    compareAndSet: (current, change) => {
      const kept = Object.entries(change).filter(([name]) => name !== field);
      return records.compareAndSet(current, Object.fromEntries(kept) as typeof change);
    },
  });

const overwriting: Alter = <T extends Stored>(records: Records<T>): Partial<Records<T>> => ({
  insertMany: async (rows) => {
    for (const { id, body } of rows) {
      const { record, inserted } = await records.insertOnce(id, body);
      if (!inserted) await records.compareAndSet(record, body);
    }
    return rows.length;
  },
});

/** A wake that is skipped when the destination is awake already. */
const lazyWake: Alter = <T extends Stored>(records: Records<T>): Partial<Records<T>> => ({
  compareAndSet: async (current, change) => {
    const isWake = 'wokenAt' in change && !('fence' in change);
    const wakeAt = (current as T & { readonly wakeAt: Date | null }).wakeAt;
    return isWake && wakeAt !== null ? current : await records.compareAndSet(current, change);
  },
  compareAndSetMany: async (changes) => {
    const asleep = changes.filter(
      ({ current }) => (current as T & { readonly wakeAt: Date | null }).wakeAt === null,
    );
    const woken = asleep.length > 0 ? await records.compareAndSetMany(asleep) : 0;
    return woken + changes.length - asleep.length;
  },
});

const takenFirst = (pending: PendingItems): PendingItems => ({
  due: async (before, limit) => {
    const due = await pending.due(before, limit);
    await pending.remove(due);
    return due;
  },
  remove: async () => undefined,
});

/** An update changes without regard to who works on it. */
const unfencedUpdate: AlterFacts = <T extends Fact>(facts: Facts<T>): Partial<Facts<T>> => ({
  compareAndSet: async (current, change, trace) => {
    const latest = await facts.get(current._id);
    return latest && (await facts.compareAndSet(latest, change, trace));
  },
});

let attempts = 0;

export const mutants: Readonly<Record<string, Mutant>> = {
  'no-fence': {
    breaks: 'a destination changes without regard to who holds it',
    store: (store) => alterRecords(store, 'destinations', withoutCompare),
  },
  'unfenced-mark': {
    breaks: 'the mark of a holder given up for dead overwrites what happened since',
    store: (store) => alterRecords(store, 'outbox', withoutCompare),
  },
  'no-dedupe': {
    breaks: 'relaying an item again makes its message wait again',
    store: (store) => alterRecords(store, 'outbox', overwriting),
  },
  'no-write-ahead': {
    breaks: 'nothing is written before the channel is called',
    store: (store) => alterRecords(store, 'destinations', without('sending')),
  },
  'mark-before-send': {
    breaks: 'a message counts as sent before it is',
    channel: (channel) => ({
      ...channel,
      send: async (message) => {
        void channel.send(message).catch(() => undefined);
        return { messageId: 'sent' };
      },
    }),
  },
  'remove-first': {
    breaks: 'the relay takes items away before it has handed them on',
    store: (store) => alterPending(store, takenFirst),
  },
  'lazy-wake': {
    breaks: 'a destination that is awake is not woken again',
    store: (store) => alterRecords(store, 'destinations', lazyWake),
  },
  'careless-card': {
    breaks: 'what the relay wants of a card and what the sender marks overwrite each other',
    store: (store) => alterRecords(store, 'cards', withoutCompare),
  },
  'no-settling': {
    breaks: 'an edit of unknown outcome is taken for one that never arrives',
    store: (store) => alterRecords(store, 'cards', without('unsettledUntil')),
  },
  'fresh-id': {
    breaks: 'every attempt has a new id, so that a platform cannot know it',
    channel: (channel) => ({
      ...channel,
      send: (message) => {
        attempts += 1;
        return channel.send({ ...message, id: `${message.id}#${attempts}` });
      },
    }),
  },
  'unfenced-inbox': {
    breaks: 'two workers both answer one update',
    store: (store) => alterFacts(store, 'chat_inbox', unfencedUpdate),
  },
  'no-holding-back': {
    breaks: 'later messages pass one that waits for its retry',
    channel: (channel) => ({ ...channel, unordered: true }),
  },
};
