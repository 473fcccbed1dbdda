// The collection of people: who is on the team of a tenant, and with which role.
import { type Role, roles } from '../src/core/permissions.ts';
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export const personStatuses = ['active', 'removed'] as const;
export type PersonStatus = (typeof personStatuses)[number];

export interface Person extends Fact {
  readonly name: string;
  /** The name in lower case with single spaces, for finding somebody by name. */
  readonly nameKey: string;
  readonly role: Role;
  readonly status: PersonStatus;
  /** IANA time zone in which this person reads. */
  readonly zone: string;
  readonly language: 'en' | 'hi';
  /** The actor who invited this person; `system` for the first owner. */
  readonly invitedBy: string;
}

export const people = defineFacts<Person>({
  name: 'people',
  fields: {
    name: { type: String, required: true, maxlength: 80 },
    nameKey: { type: String, required: true, maxlength: 80 },
    role: { type: String, required: true, enum: roles },
    status: { type: String, required: true, enum: personStatuses },
    zone: { type: String, required: true },
    language: { type: String, required: true, enum: ['en', 'hi'] },
    invitedBy: { type: String, required: true },
  },
  indexes: [{ keys: { status: 1, role: 1 } }, { keys: { nameKey: 1 } }],
  about: {
    holds: 'a member of the team, with the role that decides what they may do',
    writer: 'features/people',
    retention: 'kept for good: removed people stay named in the audit log',
  },
});
