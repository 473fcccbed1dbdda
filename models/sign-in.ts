// The collection of sign-ins: each is a session of a person, which can be listed and ended.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export interface SignIn extends Fact {
  readonly personId: string;
  /** What the browser said of itself, shortened; for recognising one's own sessions. */
  readonly browser: string;
  /** The session ends then, however busy it is. */
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
}

export const signIns = defineFacts<SignIn>({
  name: 'sign_ins',
  fields: {
    personId: { type: String, required: true },
    browser: { type: String, maxlength: 120 },
    expiresAt: { type: Date, required: true },
    endedAt: Date,
  },
  indexes: [{ keys: { personId: 1, expiresAt: -1 } }],
  about: {
    holds: 'one sign-in of one person in one browser; the session cookie is not stored here',
    writer: 'features/people',
    retention: 'kept for good, as the record of who was signed in when',
  },
});
