/** Values of the types that BSON has given up and a server still keeps: undefined, and pointers to documents. */
import type { ObjectId } from 'bson';

/** What `UNDEFINED` is one of. */
export class UndefinedValue {
  readonly type = 'undefined';
}

/** The value undefined, in contrast to a missing one; there is one of it, so that `===` finds it. */
export const UNDEFINED = new UndefinedValue();

/** A pointer to a document of a collection. */
export class DbPointer {
  readonly namespace: string;
  readonly id: ObjectId;

  constructor(namespace: string, id: ObjectId) {
    this.namespace = namespace;
    this.id = id;
  }
}
