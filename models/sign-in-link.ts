// The collection of sign-in links: one-time codes, stored as digests, that let a person in once.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export const linkPurposes = ['first-owner', 'sign-in'] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

export interface SignInLink extends Fact {
  /** SHA-256 of the code, in hex. */
  readonly digest: string;
  readonly purpose: LinkPurpose;
  /** Whom it lets in; null for the first owner, who does not exist yet. */
  readonly personId: string | null;
  readonly expiresAt: Date;
  readonly spentAt: Date | null;
}

export const signInLinks = defineFacts<SignInLink>({
  name: 'sign_in_links',
  fields: {
    digest: { type: String, required: true },
    purpose: { type: String, required: true, enum: linkPurposes },
    personId: String,
    expiresAt: { type: Date, required: true },
    spentAt: Date,
  },
  indexes: [
    { keys: { digest: 1 }, acrossTenants: true },
    { keys: { personId: 1 } },
    { keys: { purpose: 1, expiresAt: 1 } },
  ],
  about: {
    holds: 'a one-time link that signs a person in; the code itself is not stored',
    writer: 'features/people',
    retention: 'kept for good, as the record of who was let in',
  },
});
