// The stores that a suite is run over: in memory, and on the database engine.
import { createMemoryStore } from '../../models/memory-store.ts';
import type { Store } from '../../models/store.ts';

export const stores: readonly { readonly name: string; readonly create: () => Store | Promise<Store> }[] = [
  { name: 'memory', create: createMemoryStore },
];
