// What a store gives: a collection for a definition; one over MongoDB and one in memory keep the same promises.
import type { Fact, FactCollection, RecordCollection, Stored } from '../src/core/store.ts';
import type { FactDefinition, RecordDefinition } from './define.ts';

export interface Store {
  facts<T extends Fact>(definition: FactDefinition<T>): FactCollection<T>;
  records<T extends Stored>(definition: RecordDefinition<T>): RecordCollection<T>;
}
