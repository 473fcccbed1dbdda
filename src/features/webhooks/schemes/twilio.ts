// Twilio: base64 HMAC-SHA1 over the whole address and the sorted fields of the form, or the address and a body hash.
// Source: twilio.com/docs/usage/webhooks/webhooks-security.
import { fitsOne, hmac, sameText, sha256Hex } from './digests.ts';
import { FORGED, type Scheme } from './scheme.ts';

const HEADER = 'x-twilio-signature';
const BODY_HASH = 'bodySHA256';

/** What is signed: null when the body cannot be what was signed. */
function signedText(url: string, body: Buffer): string | null {
  const hash = URL.canParse(url) ? new URL(url).searchParams.get(BODY_HASH) : null;
  if (hash !== null) return sameText(sha256Hex(body), hash) ? url : null;
  const text = body.toString('utf8');
  const form = new URLSearchParams(text);
  if (form.toString() !== plainlyWritten(text)) return null;
  return (
    url +
    [...new Set(form.keys())]
      .sort()
      .map((name) => signedField(name, form.getAll(name)))
      .join('')
  );
}

/** The address as it is known here, and with its port left out or said: Twilio signs either, and its libraries try both. */
function spellings(url: string): readonly string[] {
  const [, scheme, host, port, rest = ''] = /^(https?):\/\/([^/:?#@[\]]+)(:\d+)?([/?].*)?$/.exec(url) ?? [];
  if (scheme === undefined || host === undefined) return [url];
  if (port !== undefined) return [url, `${scheme}://${host}${rest}`];
  return [url, `${scheme}://${host}:${scheme === 'https' ? 443 : 80}${rest}`];
}

/** Fields stand in the order of their names alone; a field that is given twice has each value once. */
const signedField = (name: string, values: readonly string[]): string =>
  [...new Set(values)]
    .sort()
    .map((value) => name + value)
    .join('');

/** Fields are signed decoded; senders differ in how they write a space and these signs, and in nothing else. */
const plainlyWritten = (text: string): string =>
  text
    .replaceAll('%20', '+')
    .replaceAll('%2A', '*')
    .replaceAll(/[~!'()]/g, escaped);

const escaped = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;

const signature = (secret: string, text: string): string => hmac('sha1', secret, text).toString('base64');

export const twilio: Scheme = {
  addressOf: (url, body) => `${url}?${BODY_HASH}=${sha256Hex(body)}`,
  idHeader: 'i-twilio-idempotency-token',
  // JSON would be its error 12300; an empty document replies to no message, and ends a call that nobody answers.
  formAnswer: { type: 'text/xml; charset=utf-8', text: '<?xml version="1.0" encoding="UTF-8"?><Response/>' },
  verify: ({ headers, body, url }, secrets) => {
    const given = headers[HEADER];
    const [text, ...otherwise] = spellings(url).map((spelling) => signedText(spelling, body));
    if (given === undefined || text === undefined || text === null) return FORGED;
    const fits = [text, ...otherwise].some(
      (spelt) => spelt !== null && fitsOne(secrets, given, (secret) => signature(secret, spelt)),
    );
    return fits ? { authentic: true, signedId: null, signed: text } : FORGED;
  },
  sign: ({ body, url, secret }) => ({ [HEADER]: signature(secret, signedText(url, body) ?? url) }),
};
