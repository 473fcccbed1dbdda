// The collection of idempotency keys: which request each key named, so that a reuse for another one is refused.
import type { Stored } from '../src/core/store.ts';
import { defineRecords } from './define.ts';

export interface RequestKey extends Stored {
  /** SHA-256 of operation and input, in hex. */
  readonly digest: string;
  readonly at: Date;
}

const DAY_SECONDS = 86_400;

export const requestKeys = defineRecords<RequestKey>({
  name: 'request_keys',
  fields: { digest: { type: String, required: true }, at: { type: Date, required: true } },
  expireAfter: { field: 'at', seconds: 30 * DAY_SECONDS },
  about: {
    holds: 'an Idempotency-Key or form key of a caller, with the digest of the request it named',
    writer: 'http',
    retention: '30 days',
  },
});
