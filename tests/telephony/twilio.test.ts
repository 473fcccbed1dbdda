// Twilio's callbacks over real HTTP: forms signed over the public address, once each, in any order, never backwards.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import { streamFacts } from '../../models/stream-fact.ts';
import { webhookInbox } from '../../models/webhook-inbox.ts';
import type { FactData } from '../../src/core/stream.ts';
import { twilioSource } from '../../src/features/telephony/webhooks.ts';
import { shapeProblems } from '../../src/features/webhooks/payload-problems.ts';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import { testCtx } from '../support/context.ts';
import { ingestionWorld } from '../support/ingestion-world.ts';
import { secrets, type WebhookWorld, webhookWorld } from '../webhooks/webhook-world.ts';

type Form = Readonly<Record<string, string>>;

let open: WebhookWorld | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function world(): Promise<WebhookWorld> {
  open = await webhookWorld();
  return open;
}

/** Signed as Twilio's documentation says, without the product's own code. */
function signatureOf(url: string, form: Form, secret: string = secrets.twilio): string {
  const fields = Object.keys(form)
    .sort()
    .map((name) => name + form[name]);
  return createHmac('sha1', secret)
    .update(url + fields.join(''))
    .digest('base64');
}

const PATH = '/webhooks/twilio';

function post(here: WebhookWorld, form: Form, signature = signatureOf(here.url + PATH, form)) {
  const type = 'application/x-www-form-urlencoded; charset=utf-8';
  return here.post(PATH, new URLSearchParams(form).toString(), {
    'content-type': type,
    'x-twilio-signature': signature,
  });
}

const SID = 'SM1c0f5b2a3d4e5f60718293a4b5c6d7e8';
const status = (state: string, over: Form = {}): Form => ({
  SmsSid: SID,
  SmsStatus: state,
  MessageStatus: state,
  To: '+919800000001',
  MessageSid: SID,
  AccountSid: 'AC00000000000000000000000000000000',
  From: '+15017122661',
  ApiVersion: '2010-04-01',
  ...over,
});

const incoming = (over: Form = {}): Form => ({
  ToCountry: 'US',
  SmsMessageSid: SID,
  NumMedia: '0',
  SmsSid: SID,
  SmsStatus: 'received',
  Body: 'My voucher did not come & I paid ₹499!',
  To: '+15017122661',
  MessageSid: SID,
  From: '+919800000001',
  FromCity: 'PUNE',
  ...over,
});

const CALL = 'CA1c0f5b2a3d4e5f60718293a4b5c6d7e8';
const call = (state: string, over: Form = {}): Form => ({
  Called: '+15017122661',
  Caller: '+919800000001',
  CallSid: CALL,
  CallStatus: state,
  Direction: 'inbound',
  From: '+919800000001',
  To: '+15017122661',
  ...over,
});

const all = { where: {}, limit: 100 };
const rowsOf = ({ store }: WebhookWorld) => store.facts(webhookInbox).scoped('default').find(all);
const factsOf = ({ store }: WebhookWorld) => store.records(streamFacts).scoped('default').find(all);

describe('the example that Twilio documents', () => {
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  const form = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  };
  const body = Buffer.from(new URLSearchParams(form).toString());
  const signature = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';
  const taken = (given: string, at = url, bytes = body): boolean =>
    schemes.twilio.verify(
      { headers: { 'x-twilio-signature': given }, body: bytes, url: at },
      ['12345'],
      new Date(),
    ).authentic;

  it('is taken as it stands, and refused with any bit of its signature flipped', () => {
    expect(taken(signature)).toBe(true);
    const bytes = Buffer.from(signature, 'latin1');
    const flipped = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const copy = Buffer.from(bytes);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return copy.toString('latin1');
    });
    expect(flipped).toHaveLength(224);
    expect(flipped.filter((given) => taken(given))).toEqual([]);
  });

  it('is taken with the port of its address said or left out, and at no other address', () => {
    const at = (address: string): boolean => taken(signature, address);
    expect(at('https://mycompany.com:443/myapp.php?foo=1&bar=2')).toBe(true);
    expect(at('https://mycompany.com:8443/myapp.php?foo=1&bar=2')).toBe(true);
    for (const other of [
      'http://mycompany.com/myapp.php?foo=1&bar=2',
      'https://mycompany.com/myapp.php?foo=1',
      'https://mycompany.com/myapp.php',
      'https://mycompany.com.example/myapp.php?foo=1&bar=2',
      'https://user@mycompany.com/myapp.php?foo=1&bar=2',
      '',
    ])
      expect([other, at(other)]).toEqual([other, false]);
  });
});

describe('the door', () => {
  it('answers an empty TwiML document, stores what is proved once, and refuses what is not without a row', async () => {
    const here = await world();
    const good = status('undelivered', { ErrorCode: '30008' });
    const first = await post(here, good);
    const again = await post(here, good);
    const forged = await post(here, { ...good, ErrorCode: '1' }, signatureOf(here.url + PATH, good));
    const elsewhere = await post(here, good, signatureOf(`https://other.example${PATH}`, good));
    const foreign = await post(here, good, signatureOf(here.url + PATH, good, '12345'));

    expect([first, again, forged, elsewhere, foreign].map((answer) => answer.status)).toEqual([
      202, 200, 401, 401, 401,
    ]);
    for (const answer of [first, again]) {
      expect(answer.headers.get('content-type')).toBe('text/xml; charset=utf-8');
      expect(answer.text).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
    }
    expect(await rowsOf(here)).toHaveLength(1);
  });

  it('without a secret refuses everything', async () => {
    open = await webhookWorld({ unset: ['TWILIO_AUTH_TOKEN'] });
    expect((await post(open, status('sent'))).status).toBe(401);
    expect((await post(open, status('sent'), signatureOf(open.url + PATH, status('sent'), ''))).status).toBe(
      401,
    );
  });

  it('gives up what is authentic and tells of neither a message nor a call', async () => {
    const here = await world();
    expect((await post(here, { AccountSid: 'AC1', Payload: '{}' })).status).toBe(202);
    await here.settle();
    expect(await rowsOf(here)).toMatchObject([
      { status: 'dead', problem: expect.stringContaining('unknown shape') },
    ]);
    expect(await factsOf(here)).toEqual([]);
  });

  it('shows a test of its own, signed by its own secret', async () => {
    const here = await world();
    await here.webhooks.test(testCtx(), 'twilio');
    await here.settle();
    expect(await rowsOf(here)).toMatchObject([{ status: 'done', test: true }]);
    expect(await factsOf(here)).toEqual([]);
  });
});

describe('a message that was sent', () => {
  it('becomes a fact once it has ended, with its error, and with no number of anybody', async () => {
    const here = await world();
    for (const form of [
      status('queued'),
      status('sent'),
      status('undelivered', { ErrorCode: '30008', To: 'whatsapp:+919800000001' }),
    ])
      await post(here, form);
    await here.settle();

    const facts = await factsOf(here);
    expect(facts).toMatchObject([
      {
        stream: 'operations',
        externalId: `message:${SID}`,
        source: 'twilio',
        data: { kind: 'message', status: 'undelivered', level: 'error', category: '30008' },
      },
    ]);
    expect(JSON.stringify(facts)).not.toContain('98000');
    const notes = (await rowsOf(here)).map(({ note }) => note).sort();
    expect(notes).toEqual([
      `message:${SID} queued: on its way, nothing to keep`,
      `message:${SID} sent: on its way, nothing to keep`,
      `message:${SID} undelivered (error 30008): accepted`,
    ]);
  });

  it('is one fact however many callbacks tell of one state', async () => {
    const here = await world();
    await post(here, status('delivered'));
    await here.settle();
    here.clock.advance(60_000);
    await post(here, status('delivered', { RawDlrDoneDate: '2611020930' }));
    await here.settle();

    expect(await rowsOf(here)).toMatchObject([{ status: 'done' }, { status: 'done' }]);
    expect(await factsOf(here)).toHaveLength(1);
  });

  it('in a state that Twilio adds one day is noted as it is called', async () => {
    const here = await world();
    await post(here, status('recalled'));
    await here.settle();
    expect(await rowsOf(here)).toMatchObject([
      { status: 'done', note: `message:${SID} recalled: a state that is not known, nothing to keep` },
    ]);
  });
});

describe('who comes in', () => {
  it('by message counts as support load; what was written stays in the inbox, masked', async () => {
    const here = await world();
    await post(here, incoming());
    await post(here, incoming({ MessageSid: 'SM2', SmsSid: 'SM2', From: 'whatsapp:+919800000001' }));
    await post(here, incoming({ MessageSid: 'SM3', SmsSid: 'SM3', Body: 'STOP', OptOutType: 'STOP' }));
    await here.settle();

    const facts = await factsOf(here);
    expect(facts.map(({ data }) => data?.['category']).sort()).toEqual(['sms', 'whatsapp']);
    expect(facts[0]?.data).toMatchObject({ kind: 'support', status: 'received', level: 'info' });
    expect(JSON.stringify(facts)).not.toMatch(/98000|voucher/);
    for (const { _id: id } of await rowsOf(here)) {
      const { body } = await here.webhooks.overview.event(testCtx(), id);
      expect(body).not.toMatch(/98000|voucher|PUNE/);
      expect(body).toContain('«masked»');
    }
  });

  it('by a call counts once, with how long it lasted; calls of ours do not', async () => {
    const here = await world();
    await post(here, call('ringing'));
    await post(here, call('completed', { CallDuration: '75', CallbackSource: 'call-progress-events' }));
    await post(here, call('completed', { CallSid: 'CA2', Direction: 'outbound-api' }));
    await here.settle();

    const [ringing, completed, ...more] = await factsOf(here);
    expect([ringing?.sequence, completed?.sequence, more]).toEqual([1, 2, []]);
    expect(completed?.data).toMatchObject({ kind: 'support', category: 'call', durationMs: 75_000 });
  });
});

describe('states in any order and number', () => {
  const stories: readonly {
    readonly name: string;
    readonly told: readonly Form[];
    readonly ends: FactData;
  }[] = [
    {
      name: 'a message that was read',
      told: ['queued', 'sent', 'delivered', 'read'].map((state) => status(state)),
      ends: { kind: 'message', status: 'read', level: 'info' },
    },
    {
      name: 'a message whose receipt came after a carrier had given up',
      told: [status('sent'), status('undelivered', { ErrorCode: '30008' }), status('delivered')],
      ends: { kind: 'message', status: 'delivered', level: 'info' },
    },
    {
      name: 'a message that failed',
      told: [status('queued'), status('failed', { ErrorCode: '30006' })],
      ends: { kind: 'message', status: 'failed', level: 'error', category: '30006' },
    },
    {
      name: 'a call that was answered',
      told: [call('ringing'), call('in-progress'), call('completed', { CallDuration: '9' })],
      ends: { kind: 'support', status: 'completed', level: 'info', category: 'call', durationMs: 9_000 },
    },
    {
      name: 'a call that nobody took',
      told: [call('ringing'), call('no-answer')],
      ends: { kind: 'support', status: 'no-answer', level: 'warning', category: 'call' },
    },
  ];

  it.each(stories)('end alike and never go back: $name', async ({ told, ends }) => {
    const order = fc.shuffledSubarray([...told, ...told, ...told], { minLength: told.length });
    await fc.assert(
      fc.asyncProperty(order, async (some) => {
        const { ingestion, stores } = ingestionWorld(createMemoryStore());
        const ranks: number[] = [];
        for (const [n, form] of [...some, ...told].entries()) {
          expect(shapeProblems(twilioSource.payload, form)).toEqual([]);
          const ctx = testCtx({ effectKey: `whk_${n}`, door: 'webhook' });
          const receivedAt = new Date(ctx.now.getTime() + n * 1_000);
          const event = { id: `whk_${n}`, source: 'twilio', receivedAt };
          await twilioSource.execute({ ...ctx, services: { ingestion } }, form, event);
          const facts = await stores.facts
            .scoped('default')
            .find({ where: {}, sort: [['sequence', -1]], limit: 1 });
          ranks.push(facts[0]?.revision ?? -1);
        }
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
        const [last] = await stores.facts
          .scoped('default')
          .find({ where: {}, sort: [['sequence', -1]], limit: 1 });
        expect(last?.data).toMatchObject(ends);
      }),
      { numRuns: 40 },
    );
  });
});
