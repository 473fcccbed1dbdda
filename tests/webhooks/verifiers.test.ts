// No bit of a signature or of what it covers may change: twenty senders, every bit flipped, every wrong secret.
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { webhookSchemes } from '../../src/core/webhook-source.ts';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import type { Delivery, Verdict } from '../../src/features/webhooks/schemes/scheme.ts';
import { type Fixture, fixtures, signedAt } from './signed-fixtures.ts';

const verdict = (
  fixture: Fixture,
  delivery: Delivery = fixture.delivery,
  secrets: readonly string[] = [fixture.secret],
  now: Date = signedAt,
): Verdict => schemes[fixture.scheme].verify(delivery, secrets, now);

const isTaken = (...given: Parameters<typeof verdict>): boolean => verdict(...given).authentic;

/** Every copy of the bytes that differs in one bit. */
function* flips(bytes: Buffer): Generator<Buffer> {
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const copy = Buffer.from(bytes);
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield copy;
  }
}

const withHeader = (delivery: Delivery, name: string, value: string | undefined): Delivery => ({
  ...delivery,
  headers: { ...delivery.headers, [name]: value },
});

const later = (milliseconds: number): Date => new Date(signedAt.getTime() + milliseconds);

it('there are twenty senders, and each scheme is among them', () => {
  expect(fixtures).toHaveLength(20);
  expect(new Set(fixtures.map((fixture) => fixture.scheme))).toEqual(new Set(webhookSchemes));
});

describe.each(fixtures)('$name', (fixture) => {
  const { delivery, secret, signedHeaders } = fixture;

  it('is authentic as it was signed, and its id counts only when it is signed', () => {
    expect(verdict(fixture)).toMatchObject({ authentic: true, signedId: fixture.signedId });
  });

  it('is refused with any bit of a signed header flipped', () => {
    let tried = 0;
    const taken: string[] = [];
    for (const name of signedHeaders) {
      for (const flipped of flips(Buffer.from(delivery.headers[name] ?? '', 'latin1'))) {
        tried += 1;
        const value = flipped.toString('latin1');
        if (isTaken(fixture, withHeader(delivery, name, value))) taken.push(`${name}: ${value}`);
      }
    }
    expect(tried).toBeGreaterThan(100);
    expect(taken).toEqual([]);
  });

  it('is refused with any bit of what is signed flipped, and with a byte more or less', () => {
    if (fixture.signsBody) {
      const { body } = delivery;
      const others = [...flips(body), Buffer.concat([body, Buffer.from(' ')]), body.subarray(0, -1)];
      const changed = others.filter((other) => !other.equals(body));
      expect(changed.filter((other) => isTaken(fixture, { ...delivery, body: other }))).toEqual([]);
    }
    if (fixture.signsUrl) {
      const urls = [...flips(Buffer.from(delivery.url, 'latin1'))].map((url) => url.toString('latin1'));
      expect(urls.filter((url) => isTaken(fixture, { ...delivery, url }))).toEqual([]);
    }
  });

  it('is refused without a signature, and by every other secret', () => {
    const foreign = fixtures.map((other) => other.secret).filter((other) => other !== secret);
    for (const name of signedHeaders) {
      expect(isTaken(fixture, withHeader(delivery, name, undefined))).toBe(false);
      expect(isTaken(fixture, withHeader(delivery, name, ''))).toBe(false);
    }
    expect(isTaken(fixture, delivery, foreign)).toBe(false);
    expect(isTaken(fixture, delivery, [`x${secret}`, secret.slice(0, -3), secret.toUpperCase()])).toBe(false);
    expect(isTaken(fixture, delivery, [])).toBe(false);
    expect(isTaken(fixture, delivery, ['', 'whsec_'])).toBe(false);
  });

  it('is authentic while its secret is the older of two', () => {
    expect(isTaken(fixture, delivery, ['another secret of some length', secret])).toBe(true);
  });

  it('what the product signs by this scheme is authentic by it, and by no other secret', () => {
    const { body, url } = delivery;
    const headers = schemes[fixture.scheme].sign({ id: 'test-1', at: signedAt, body, url, secret });
    expect(isTaken(fixture, { headers, body, url })).toBe(true);
    expect(isTaken(fixture, { headers, body, url }, ['another secret of some length'])).toBe(false);
  });
});

describe('the empty secret', () => {
  it.each(webhookSchemes)('signs nothing by %s', (name) => {
    const body = Buffer.from('{}');
    const url = 'https://ops.example.com/webhooks/x';
    for (const secret of ['', 'whsec_']) {
      const headers = schemes[name].sign({ id: 'a', at: signedAt, body, url, secret });
      expect(schemes[name].verify({ headers, body, url }, [''], signedAt).authentic).toBe(false);
    }
  });
});

describe('a signed time', () => {
  const timed = fixtures.filter(({ scheme }) => ['standard', 'svix', 'stripe'].includes(scheme));

  it.each(timed)('of $name holds for 300 s either way, and no millisecond longer', (fixture) => {
    for (const away of [300_000, -300_000])
      expect(isTaken(fixture, fixture.delivery, [fixture.secret], later(away))).toBe(true);
    for (const away of [300_001, -300_001, 86_400_000]) {
      const stale = verdict(fixture, fixture.delivery, [fixture.secret], later(away));
      expect(stale).toEqual({ authentic: false, reason: 'stale' });
    }
  });

  it('of anything but digits is refused, also where the signature would fit', () => {
    const secret = 'a secret that is long enough for all';
    const seconds = String(signedAt.getTime() / 1000);
    const fits = (text: string) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': text,
      'webhook-signature': `v1,${createHmac('sha256', secret).update(`msg_1.${text}.{}`).digest('base64')}`,
      'stripe-signature': `t=${text},v1=${createHmac('sha256', secret).update(`${text}.{}`).digest('hex')}`,
    });
    const taken = (text: string): boolean[] =>
      (['standard', 'stripe'] as const).map((scheme) => {
        const delivery = { headers: fits(text), body: Buffer.from('{}'), url: '' };
        return schemes[scheme].verify(delivery, [secret], signedAt).authentic;
      });

    expect(taken(seconds)).toEqual([true, true]);
    for (const text of [`${seconds}.9`, `${seconds}abc`, ` ${seconds}`, `+${seconds}`, '1e9', ''])
      expect(taken(text)).toEqual([false, false]);
  });
});

describe('the public library of the standard', () => {
  const standard = fixtures.filter(({ scheme }) => scheme === 'standard');

  it.each(standard)('takes what the product signs: $name', ({ secret, delivery: { body } }) => {
    const headers = schemes.standard.sign({ id: 'msg_9', at: new Date(), body, url: '', secret });
    expect(() => new Webhook(secret).verify(body, { ...headers }, { jsonParse: false })).not.toThrow();
  });

  it('is stricter nowhere: what it refuses, is refused here', () => {
    const [fixture] = standard;
    if (!fixture) throw new Error('no fixture');
    const { secret, delivery } = fixture;
    const now = new Date();
    const signed = schemes.standard.sign({ id: 'msg_9', at: now, body: delivery.body, url: '', secret });
    const twisted = Object.entries(signed).flatMap(([name, value]) =>
      [...flips(Buffer.from(value))].map((bytes) => ({ ...signed, [name]: bytes.toString('latin1') })),
    );
    for (const headers of twisted) {
      let taken = true;
      try {
        new Webhook(secret).verify(delivery.body, headers);
      } catch {
        taken = false;
      }
      const here = schemes.standard.verify({ ...delivery, headers }, [secret], now).authentic;
      expect(here && !taken).toBe(false);
    }
  });

  it('lets one signature stand for two bodies that differ in broken UTF-8; here it stands for one', () => {
    const [fixture] = standard;
    if (!fixture) throw new Error('no fixture');
    const one = Buffer.from([0x22, 0xff, 0x22]);
    const two = Buffer.from([0x22, 0xfe, 0x22]);
    const headers = schemes.standard.sign({
      id: 'm',
      at: signedAt,
      body: one,
      url: '',
      secret: fixture.secret,
    });
    expect(
      schemes.standard.verify({ headers, body: one, url: '' }, [fixture.secret], signedAt).authentic,
    ).toBe(true);
    expect(
      schemes.standard.verify({ headers, body: two, url: '' }, [fixture.secret], signedAt).authentic,
    ).toBe(false);
  });
});
