// The stores that every promise of the outbox is tested on.
import { createMemoryStore } from '../../../models/memory-store.ts';
import type { Store } from '../../../models/store.ts';

export const stores: readonly { readonly name: string; readonly create: () => Promise<Store> }[] = [
  { name: 'memory', create: async () => createMemoryStore() },
];
