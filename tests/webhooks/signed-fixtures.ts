// Deliveries as twenty senders would sign them, made without the product's own code: what verifiers are judged by.
import { createHash, createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { WebhookScheme } from '../../src/core/webhook-source.ts';
import type { Delivery } from '../../src/features/webhooks/schemes/scheme.ts';

export const signedAt = new Date('2026-11-02T09:30:00Z');
const seconds = String(signedAt.getTime() / 1000);

export interface Fixture {
  readonly name: string;
  readonly scheme: WebhookScheme;
  readonly secret: string;
  readonly delivery: Delivery;
  /** Headers whose every bit is signed or is the signature. */
  readonly signedHeaders: readonly string[];
  readonly signsBody: boolean;
  readonly signsUrl: boolean;
  readonly signedId: string | null;
}

const b64 = (bytes: number, fill: number): string => Buffer.alloc(bytes, fill).toString('base64');
const hex = (secret: string, ...parts: readonly (string | Buffer)[]): string => {
  const mac = createHmac('sha256', secret);
  for (const part of parts) mac.update(part);
  return mac.digest('hex');
};

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const bodies = {
  payment: json({ event: 'payment.captured', payload: { payment: { id: 'pay_1', amount: 49900 } } }),
  hindi: json({ action: 'created', data: { issue: { id: '77', title: 'भुगतान विफल — ₹499' } } }),
  ugly: Buffer.from('{"a":"\\u0000\\ud83d","b":[1,2.50,-0],  "c":{}}\n'),
  bytes: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0x22, 0x3a, 0x31, 0x7d]),
  empty: Buffer.alloc(0),
};

type Rest = Partial<Pick<Fixture, 'signsBody' | 'signsUrl' | 'signedId'>>;

function fixture(
  name: string,
  scheme: WebhookScheme,
  secret: string,
  given: { headers: Record<string, string>; body: Buffer; url?: string; unsigned?: Record<string, string> },
  rest: Rest = {},
): Fixture {
  const { headers, body, url = `https://ops.example.com/webhooks/${scheme}`, unsigned = {} } = given;
  return {
    name,
    scheme,
    secret,
    delivery: { headers: { ...headers, ...unsigned }, body, url },
    signedHeaders: Object.keys(headers),
    signsBody: true,
    signsUrl: false,
    signedId: null,
    ...rest,
  };
}

function standard(scheme: 'standard' | 'svix', family: string, id: string, secret: string, body: Buffer) {
  const text = body.toString('utf8');
  const signature = new Webhook(secret).sign(id, signedAt, text);
  const headers = {
    [`${family}-id`]: id,
    [`${family}-timestamp`]: seconds,
    [`${family}-signature`]: signature,
  };
  return fixture(`${scheme} as ${family}, ${id}`, scheme, secret, { headers, body }, { signedId: id });
}

function twilio(name: string, fields: Record<string, string>, url: string): Fixture {
  const secret = 'twilio-auth-token-0123456789abcdef';
  const body = Buffer.from(new URLSearchParams(fields).toString());
  const names = Object.keys(fields).sort();
  const text = url + names.map((field) => field + fields[field]).join('');
  const headers = { 'x-twilio-signature': createHmac('sha1', secret).update(text).digest('base64') };
  const unsigned = { 'i-twilio-idempotency-token': 'token-1' };
  return fixture(`twilio, ${name}`, 'twilio', secret, { headers, body, url, unsigned }, { signsUrl: true });
}

function twilioJson(): Fixture {
  const secret = 'twilio-auth-token-0123456789abcdef';
  const hash = createHash('sha256').update(bodies.payment).digest('hex');
  const url = `https://ops.example.com/webhooks/twilio?bodySHA256=${hash}`;
  const headers = { 'x-twilio-signature': createHmac('sha1', secret).update(url).digest('base64') };
  return fixture(
    'twilio, JSON',
    'twilio',
    secret,
    { headers, body: bodies.payment, url },
    { signsUrl: true },
  );
}

const razor = 'razorpay-secret-1';
const sentrySecret = 'b2d4f6a8c0e2b2d4f6a8c0e2b2d4f6a8c0e2b2d4f6a8c0e2b2d4f6a8c0e20000';
const hub = 'a hub secret that is long enough';

const razorpay = (name: string, body: Buffer): Fixture =>
  fixture(`razorpay, ${name}`, 'razorpay', razor, {
    headers: { 'x-razorpay-signature': hex(razor, body) },
    unsigned: { 'x-razorpay-event-id': 'evt_1' },
    body,
  });

const sentry = (name: string, body: Buffer): Fixture =>
  fixture(`sentry, ${name}`, 'sentry', sentrySecret, {
    headers: { 'sentry-hook-signature': hex(sentrySecret, body) },
    unsigned: { 'request-id': 'r1', 'sentry-hook-timestamp': seconds, 'sentry-hook-resource': 'issue' },
    body,
  });

const github = (name: string, body: Buffer): Fixture =>
  fixture(`github, ${name}`, 'github', hub, {
    headers: { 'x-hub-signature-256': `sha256=${hex(hub, body)}` },
    unsigned: { 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958', 'x-github-event': 'push' },
    body,
  });

const generic = (name: string, body: Buffer): Fixture =>
  fixture(`hmac-body, ${name}`, 'hmac-body', hub, {
    headers: { 'x-webhook-signature': `sha256=${hex(hub, body)}` },
    body,
  });

const stripe = (name: string, body: Buffer): Fixture =>
  fixture(`stripe, ${name}`, 'stripe', hub, {
    headers: { 'stripe-signature': `t=${seconds},v1=${hex(hub, `${seconds}.`, body)}` },
    body,
  });

const token = (name: string, secret: string): Fixture =>
  fixture(
    `bearer, ${name}`,
    'bearer',
    secret,
    { headers: { authorization: `Bearer ${secret}` }, body: bodies.payment },
    { signsBody: false },
  );

export const fixtures: readonly Fixture[] = [
  standard('standard', 'webhook', 'msg_2Xb9', `whsec_${b64(24, 1)}`, bodies.payment),
  standard('standard', 'webhook', 'exp_1:7:0', `whsec_${b64(32, 2)}`, bodies.hindi),
  standard('standard', 'webhook', 'x', `whsec_${b64(64, 3)}`, bodies.ugly),
  standard('standard', 'webhook', 'none', `whsec_${b64(32, 4)}`, bodies.empty),
  standard('svix', 'svix', 'msg_svix', `whsec_${b64(24, 5)}`, bodies.payment),
  standard('svix', 'webhook', 'msg_other', `whsec_${b64(24, 6)}`, bodies.hindi),
  razorpay('payment', bodies.payment),
  razorpay('bytes', bodies.bytes),
  sentry('hindi', bodies.hindi),
  sentry('ugly', bodies.ugly),
  github('payment', bodies.payment),
  github('bytes', bodies.bytes),
  twilio('a message', { From: '+919800000000', Body: 'नमस्ते & hello', Sid: 'SM1' }, 'https://x.example/w'),
  twilio('a query', { A: '1', a: '2', Z: '' }, 'https://x.example/w?foo=1&bar=2'),
  twilioJson(),
  stripe('payment', bodies.payment),
  stripe('bytes', bodies.bytes),
  generic('ugly', bodies.ugly),
  token('short', 'sixteen-letters!'),
  token('long', b64(48, 9)),
];
