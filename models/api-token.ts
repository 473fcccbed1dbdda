// The collection of API tokens: stored as digests, expiring, for a person or for a service of its own.
import { type Role, roles } from '../src/core/permissions.ts';
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export interface ApiToken extends Fact {
  /** SHA-256 of the token, in hex. */
  readonly digest: string;
  readonly name: string;
  /** A person's token acts as that person with the role they have then; a service has its own role. */
  readonly kind: 'person' | 'service';
  readonly personId: string | null;
  readonly role: Role | null;
  readonly createdBy: string;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

export const apiTokens = defineFacts<ApiToken>({
  name: 'api_tokens',
  fields: {
    digest: { type: String, required: true },
    name: { type: String, required: true, maxlength: 80 },
    kind: { type: String, required: true, enum: ['person', 'service'] },
    personId: String,
    role: { type: String, enum: roles },
    createdBy: { type: String, required: true },
    expiresAt: { type: Date, required: true },
    revokedAt: Date,
  },
  indexes: [{ keys: { digest: 1 }, acrossTenants: true }, { keys: { expiresAt: -1 } }],
  about: {
    holds: 'a bearer token for the HTTP API; only its digest is stored',
    writer: 'features/people',
    retention: 'kept for good, also when expired or revoked',
  },
});
