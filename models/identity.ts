// The collection of identities: the accounts of chat platforms that act for a person.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export const identityStatuses = ['linked', 'unlinked'] as const;

export interface Identity extends Fact {
  /** The scheme of the platform, such as `slack`. */
  readonly platform: string;
  /** The account as the platform names it for good: `T1/U1`, or the number of a Telegram user. */
  readonly account: string;
  /** What the account called itself when it was linked; never used to recognise it. */
  readonly name: string;
  readonly personId: string;
  readonly status: (typeof identityStatuses)[number];
  readonly linkedAt: Date;
}

export const identities = defineFacts<Identity>({
  name: 'identities',
  fields: {
    platform: { type: String, required: true, maxlength: 40 },
    account: { type: String, required: true, maxlength: 200 },
    name: { type: String, required: true, maxlength: 200 },
    personId: { type: String, required: true },
    status: { type: String, required: true, enum: identityStatuses },
    linkedAt: { type: Date, required: true },
  },
  indexes: [{ keys: { platform: 1, account: 1 }, unique: true }, { keys: { personId: 1, status: 1 } }],
  about: {
    holds: 'an account of a chat platform, and the person it acts for',
    writer: 'features/people',
    retention: 'kept for good, as the record of who spoke',
  },
});
