// For senders that can only send a fixed header: the secret itself as bearer token. TLS is what keeps it.
import { fitsOne } from './digests.ts';
import { FORGED, type Scheme } from './scheme.ts';

const headerOf = (secret: string): string => `Bearer ${secret}`;

export const bearer: Scheme = {
  verify: ({ headers }, secrets) => {
    const given = headers['authorization'];
    if (given === undefined) return FORGED;
    return fitsOne(secrets, given, headerOf) ? { authentic: true, signedId: null } : FORGED;
  },
  sign: ({ secret }) => ({ authorization: headerOf(secret) }),
};
