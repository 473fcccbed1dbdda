// The collection of link codes: short-lived proofs of one side, typed in at the other to join a person and an account.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

/** Who asked for the code: somebody on the team, or an account that is nobody yet. */
export type LinkSide =
  | { readonly kind: 'person'; readonly personId: string; readonly name: string }
  | { readonly kind: 'account'; readonly platform: string; readonly account: string; readonly name: string };

export interface LinkCode extends Fact {
  /** SHA-256 of the code, in hex. */
  readonly digest: string;
  readonly side: LinkSide;
  readonly expiresAt: Date;
  readonly spentAt: Date | null;
}

export const linkCodes = defineFacts<LinkCode>({
  name: 'link_codes',
  fields: {
    digest: { type: String, required: true },
    side: {
      type: {
        kind: { type: String, required: true, enum: ['person', 'account'] },
        personId: String,
        platform: String,
        account: String,
        name: { type: String, required: true },
      },
      required: true,
    },
    expiresAt: { type: Date, required: true },
    spentAt: Date,
  },
  indexes: [{ keys: { digest: 1 } }],
  expireAfter: { field: 'expiresAt', seconds: 30 * 86_400 },
  about: {
    holds: 'a one-time code that joins a chat account and a person; the code itself is not stored',
    writer: 'features/people',
    retention: '30 days after its expiry',
  },
});
