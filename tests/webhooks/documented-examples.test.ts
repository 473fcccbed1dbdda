// The examples that senders publish of their own signatures: taken as they stand, and refused with a letter changed.
import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { WebhookScheme } from '../../src/core/webhook-source.ts';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import type { Delivery } from '../../src/features/webhooks/schemes/scheme.ts';

interface Example {
  readonly from: string;
  readonly scheme: WebhookScheme;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly url?: string;
  /** When it was signed, in seconds since 1970, where that is signed. */
  readonly at?: number;
}

const call = { CallSid: 'CA1234567890ABCDE', Digits: '1234', To: '+18005551212' };
const calledBy = (number: string): string =>
  new URLSearchParams({ ...call, Caller: number, From: number }).toString();
const twilioUrl = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const twilioJson = '{"property": "value", "boolean": true}';
const twilioHash = createHash('sha256').update(twilioJson).digest('hex');

const examples: readonly Example[] = [
  {
    from: 'docs.github.com, “Testing the webhook payload validation”',
    scheme: 'github',
    secret: "It's a Secret to Everybody",
    headers: {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    },
    body: 'Hello, World!',
  },
  {
    from: 'twilio.com/docs/usage/security, the call',
    scheme: 'twilio',
    secret: '12345',
    url: twilioUrl,
    headers: { 'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' },
    body: calledBy('+14158675309'),
  },
  {
    from: 'twilio.com/docs/usage/security, the call as its libraries’ examples have it',
    scheme: 'twilio',
    secret: '12345',
    url: twilioUrl,
    headers: { 'x-twilio-signature': 'GvWf1cFY/Q7PnoempGyD5oXAezc=' },
    body: calledBy('+14158675310'),
  },
  {
    from: 'the JSON body of Twilio’s libraries’ tests',
    scheme: 'twilio',
    secret: '12345',
    url: `${twilioUrl}&bodySHA256=${twilioHash}`,
    headers: { 'x-twilio-signature': 'a9nBmqA0ju/hNViExpshrM61xv4=' },
    body: twilioJson,
  },
  {
    from: 'docs.svix.com, “Verifying webhooks manually”',
    scheme: 'svix',
    secret: 'whsec_plJ3nmyCDGBKInavdOK15jsl',
    headers: {
      'svix-id': 'msg_loFOjxBNrRLzqYUf',
      'svix-timestamp': '1731705121',
      'svix-signature': 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    },
    body: '{"event_type":"ping","data":{"success":true}}',
    at: 1_731_705_121,
  },
  {
    from: 'the sign tests of the Standard Webhooks libraries',
    scheme: 'standard',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature':
        'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=',
    },
    body: '{"test": 2432232314}',
    at: 1_614_265_330,
  },
];

const deliveryOf = ({ headers, body, url = '' }: Example): Delivery => ({
  headers,
  body: Buffer.from(body),
  url,
});
const taken = (example: Example, delivery: Delivery, secret = example.secret): boolean => {
  const now = new Date((example.at ?? 1_793_611_800) * 1_000);
  return schemes[example.scheme].verify(delivery, [secret], now).authentic;
};

describe.each(examples)('$from', (example) => {
  const delivery = deliveryOf(example);

  it('is taken as it stands, and by no other secret', () => {
    expect(taken(example, delivery)).toBe(true);
    const { secret } = example;
    const middle = Math.floor(secret.length / 2);
    const letter = secret[middle] === 'A' ? 'B' : 'A';
    expect(taken(example, delivery, secret.slice(0, middle) + letter + secret.slice(middle + 1))).toBe(false);
  });

  it('is refused with any byte of its body changed', () => {
    for (let at = 0; at < delivery.body.length; at += 1) {
      const body = Buffer.from(delivery.body);
      body[at] = (body[at] ?? 0) ^ 1;
      expect(taken(example, { ...delivery, body })).toBe(false);
    }
  });
});

describe('Twilio', () => {
  const example = examples[1];
  if (!example) throw new Error('no example');

  it('signs fields in the order of their names, whatever their values', () => {
    const fields = { From: 'ZOMATO', FromCity: 'PUNE', FromZip: '411001', Body: 'x' };
    const text = `${twilioUrl}BodyxFromZOMATOFromCityPUNEFromZip411001`;
    const body = Buffer.from(new URLSearchParams(fields).toString());
    const headers = schemes.twilio.sign({ id: '', at: new Date(), body, url: twilioUrl, secret: '12345' });
    const plain = schemes.twilio.sign({
      id: '',
      at: new Date(),
      body: Buffer.alloc(0),
      url: text,
      secret: '12345',
    });
    expect(headers).toEqual(plain);
  });

  it('may write a space and the signs of RFC 3986 in either way, and no other byte in two', () => {
    const written = 'Body=a%20b~c*d!e%27f(g)';
    const body = Buffer.from(new URLSearchParams({ Body: "a b~c*d!e'f(g)" }).toString());
    const headers = schemes.twilio.sign({ id: '', at: new Date(), body, url: twilioUrl, secret: '12345' });
    const judged = (text: string) => taken(example, { headers, body: Buffer.from(text), url: twilioUrl });
    expect(judged(written)).toBe(true);
    expect(judged(written.replace('a', '%61'))).toBe(false);
    expect(judged(written.replace('%27', '%2527'))).toBe(false);
  });
});

describe('the public library of the standard, over the raw bytes of one exchange', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const body = Buffer.from('{"type":"deploy.succeeded","data":{"title":"भुगतान ₹499"}}');

  it('verifies what is signed here, and what it signs is verified here', () => {
    const at = new Date();
    const ours = schemes.standard.sign({ id: 'msg_1', at, body, url: '', secret });
    expect(new Webhook(secret).verify(body, { ...ours })).toMatchObject({ type: 'deploy.succeeded' });
    const theirs = {
      'webhook-id': 'msg_2',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign('msg_2', at, body.toString('utf8')),
    };
    expect(schemes.standard.verify({ headers: theirs, body, url: '' }, [secret], at)).toMatchObject({
      authentic: true,
      signedId: 'msg_2',
    });
  });
});
