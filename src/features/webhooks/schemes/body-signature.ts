// The family of schemes that sign the body alone, as hex HMAC-SHA256 in one header: their ids and times prove nothing.
import { fitsOne, hmac } from './digests.ts';
import { FORGED, type Scheme } from './scheme.ts';

/** @param prefix what stands before the hex digits, such as `sha256=`. */
export function bodySignature(parts: {
  readonly header: string;
  readonly prefix?: string;
  readonly idHeader?: string;
}): Scheme {
  const { header, prefix = '', idHeader } = parts;
  const signature = (secret: string, body: Buffer): string =>
    prefix + hmac('sha256', secret, body).toString('hex');
  return {
    ...(idHeader === undefined ? {} : { idHeader }),
    verify: ({ headers, body }, secrets) => {
      const given = headers[header];
      if (given === undefined) return FORGED;
      const fits = fitsOne(secrets, given, (secret) => signature(secret, body));
      return fits ? { authentic: true, signedId: null } : FORGED;
    },
    sign: ({ id, body, secret }) => ({
      [header]: signature(secret, body),
      ...(idHeader === undefined ? {} : { [idHeader]: id }),
    }),
  };
}
