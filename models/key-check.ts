// The collection of key checks: a value that only the right secret key can have made, so that a wrong one is refused.
import type { Stored } from '../src/core/store.ts';
import { defineRecords } from './define.ts';

export interface KeyCheck extends Stored {
  readonly value: string;
}

export const keyChecks = defineRecords<KeyCheck>({
  name: 'key_checks',
  fields: { value: String },
  about: {
    holds: 'The mark of the secret key that this database was begun with.',
    writer: 'the first start',
    retention: 'kept, one for each key',
  },
});
