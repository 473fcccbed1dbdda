// Mails over a real Resend-like server: written once, sent once whatever dies in between, and honest about answers.
import { afterEach, describe, expect, it } from 'vitest';
import { mailSealingPlace, mailTo } from '../../src/core/mail.ts';
import { createMailBook } from '../../src/outbox/mail-book.ts';
import { idempotencyKey } from '../../src/outbox/mail-channel.ts';
import { createResendProvider } from '../../src/outbox/resend-provider.ts';
import { TestClock } from '../support/context.ts';
import {
  FAKE_KEY,
  type FakeAnswer,
  type FakeResend,
  fakeResend,
  resendErrors,
} from '../support/fakes/resend.ts';
import { SENDER } from '../support/mail-service.ts';
import { ASHA, mailWorld, notice } from './support.ts';

const open: FakeResend[] = [];

async function resend(): Promise<FakeResend> {
  const fake = await fakeResend();
  open.push(fake);
  return fake;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((fake) => fake.close()));
});

const once = (answer: FakeAnswer | 'hang') => {
  const answers = [answer];
  return () => answers.shift() ?? null;
};

describe('a mail', () => {
  it('is sent with text, HTML and a key, and its row says who took it', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    await world.sends({ tags: { kind: 'backup' } });

    const [row] = await world.logs();
    expect(fake.mails).toMatchObject([
      {
        to: [ASHA],
        subject: '● Nightly backup verified',
        key: 'default/post_1:1:1',
        tags: { kind: 'backup', category: 'transactional', wardroom_mail: row?._id },
      },
    ]);
    expect(fake.mails[0]?.text).toContain('12 collections, 3 minutes');
    expect(row).toMatchObject({ state: 'sent', provider: 'resend', providerId: fake.mails[0]?.id, to: ASHA });
    expect(await world.rows.count({ status: 'sent' })).toBe(1);
  });

  it('is recorded with its words and not sent where no key is set', async () => {
    const world = mailWorld();
    await world.sends();

    const [row] = await world.logs();
    expect(row).toMatchObject({ state: 'sent', provider: 'mock', providerId: null });
    expect(row?.text).toContain('12 collections');
    expect(row?.html).toMatch(/^<!DOCTYPE html/);
  });

  it('may be a message for a room: it goes as its plain text', async () => {
    const world = mailWorld();
    const { message } = await import('../outbox/support/outbox-world.ts');
    await world.write('post_1', message(`mail:${ASHA}`, 'Protocol paused'));
    await world.outbox.drain();

    expect(await world.logs()).toMatchObject([
      { subject: 'Protocol paused', category: 'alert', state: 'sent' },
    ]);
  });

  it('that two facts ask for by one key is one mail', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    await world.sends({ key: 'alert/disk/1' });
    await world.sends({ key: 'alert/disk/1' });

    expect(fake.mails).toHaveLength(1);
    expect(await world.logs()).toHaveLength(1);
  });

  it.each([
    'no address',
    'a@b',
    'asha@example.com,ravi@example.com',
    'asha@example.com\r\nbcc: x@example.com',
  ])('goes to no such address: %j', async (address) => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    await world.sends({}, address);

    expect(fake.requests).toHaveLength(0);
    expect(await world.rows.count({ status: 'dead' })).toBe(1);
    expect(await world.logs()).toEqual([]);
  });

  it('of an unknown template or with wrong props is a dead letter that says which', async () => {
    const world = mailWorld();
    await world.sends({ template: 'nothing' });
    await world.sends({ props: { text: 7 } });

    const dead = await world.rows.find({ where: { status: 'dead' }, limit: 10 });
    expect(dead.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('no mail “nothing”'),
      expect.stringContaining('“text”'),
    ]);
  });
});

describe('a mail is sent once', () => {
  it('when the sender dies between the provider’s yes and the note of it', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    await world.write('post_1', mailTo(ASHA, notice));
    const book = createMailBook({ store: world.store });
    const never = () => new Promise<never>(() => undefined);
    const deaf = { ...world.clock, sleep: never };
    const dying = world.process({ clock: deaf }, world.provider, { ...book, move: never });
    void dying.drain();
    await expect.poll(() => fake.mails.length).toBe(1);
    world.clock.advance(31_000);
    await world.outbox.drain();

    expect(fake.requests.length).toBeGreaterThan(1);
    expect(new Set(fake.requests.map(({ key, body }) => `${key} ${body}`)).size).toBe(1);
    expect(fake.mails).toHaveLength(1);
    expect(await world.logs()).toMatchObject([{ state: 'sent', providerId: fake.mails[0]?.id }]);
  });

  it('when the line breaks after it was taken', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    let broken = false;
    fake.taken = () => {
      if (broken) return;
      broken = true;
      throw new Error('the line broke');
    };
    await world.sends();
    expect(await world.rows.count({ status: 'waiting' })).toBe(1);
    world.clock.advance(11_000);
    await world.outbox.drain();

    expect(fake.requests).toHaveLength(2);
    expect(fake.mails).toHaveLength(1);
    expect(await world.logs()).toMatchObject([{ state: 'sent', providerId: fake.mails[0]?.id }]);
  });

  it('when it was taken under words that are not ours any more', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    fake.next = once({
      status: 409,
      body: { statusCode: 409, name: 'invalid_idempotent_request', message: 'used' },
    });
    await world.sends();

    expect(await world.logs()).toMatchObject([{ state: 'sent', provider: 'resend', providerId: null }]);
    expect(fake.requests).toHaveLength(1);
  });

  it('however often its outbox row is sent again', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    await world.sends();
    world.clock.advance(48 * 3_600_000);
    const [row] = await world.rows.find({ where: {}, limit: 1 });
    const choice = { destination: row?.destination ?? '', item: row?._id ?? '' };
    await world.outbox.replay(world.ctx(), choice);
    await world.outbox.drain();

    expect(fake.requests).toHaveLength(1);
  });

  it('under a key of at most 256 characters, whatever tenant and item are called', () => {
    expect(idempotencyKey('default', 'post_1:1:1')).toBe('default/post_1:1:1');
    for (const id of ['x'.repeat(300), 'schlüssel', 'a b']) {
      expect(idempotencyKey('default', id)).toMatch(/^[\x21-\x7e]{1,256}$/);
      expect(idempotencyKey('default', id)).not.toBe(idempotencyKey('other', id));
    }
  });
});

describe('what Resend answers', () => {
  it.each([
    ['too many', resendErrors.tooMany(30), 30_000],
    ['the day’s quota', resendErrors.dailyQuota(), 3_600_000],
    ['a fault', resendErrors.broken(), 10_000],
    ['still busy', resendErrors.busy(), 10_000],
    ['something that is no JSON', { status: 502, body: '<html>bad gateway</html>' }, 10_000],
    ['something of another shape', { status: 503, body: { oops: true } }, 10_000],
  ])('%s is tried again, not before its time', async (_, answer, waitMs) => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    fake.next = once(answer);
    await world.sends();
    world.clock.advance(waitMs - 2_000);
    await world.outbox.drain();
    expect(fake.mails).toHaveLength(0);
    world.clock.advance(waitMs);
    await world.outbox.drain();

    expect(fake.mails).toHaveLength(1);
    expect(await world.logs()).toMatchObject([{ state: 'sent' }]);
  });

  it.each([
    ['an invalid sender', resendErrors.invalidFrom(), /invalid_from_address/],
    ['the month’s quota', resendErrors.monthlyQuota(), /quota for the month/],
  ])('%s is not tried again, and the row says why without an address', async (_, answer, why) => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    fake.next = once(answer);
    await world.sends();
    world.clock.advance(86_400_000);
    await world.outbox.drain();

    expect(fake.requests).toHaveLength(1);
    const [row] = await world.logs();
    expect(row).toMatchObject({ state: 'failed', providerId: null });
    expect(row?.detail).toMatch(why);
    expect(row?.detail).not.toContain('@');
  });

  it('failed for good, and somebody sends the dead letter again: it goes out', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    fake.next = once(resendErrors.invalidFrom());
    await world.sends();
    await world.outbox.replay(world.ctx(), 'all');
    await world.outbox.drain();

    expect(fake.mails).toHaveLength(1);
    expect(await world.logs()).toMatchObject([{ state: 'sent', detail: null }]);
  });

  it('that the key is wrong names the variable and never the key', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake, apiKey: 're_wrong_0123456789abcdef' });
    await world.sends();

    const [row] = await world.rows.find({ where: {}, limit: 1 });
    expect(row).toMatchObject({ status: 'waiting', problem: expect.stringContaining('RESEND_API_KEY') });
    expect(JSON.stringify(row)).not.toContain('re_wrong');
  });

  it('nothing within the time: tried again', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake, timeoutMs: 50 });
    fake.next = once('hang');
    await world.sends();
    const [row] = await world.rows.find({ where: {}, limit: 1 });
    expect(row).toMatchObject({ status: 'waiting', problem: 'Resend could not be reached.', ambiguities: 1 });
    world.clock.advance(11_000);
    await world.process({}, mailWorld({ resend: fake }).provider).drain();

    expect(fake.mails).toHaveLength(1);
  });

  it('too many: meanwhile other mails are not tried either', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    fake.next = once(resendErrors.tooMany(30));
    await world.sends();
    await world.sends({}, 'ravi@example.com');
    expect(fake.requests).toHaveLength(1);
    world.clock.advance(70_000);
    await world.outbox.drain();

    expect(fake.mails.map(({ to }) => to[0]).sort()).toEqual([ASHA, 'ravi@example.com']);
  });
});

describe('the pace', () => {
  const ready = (key: string) => ({
    key,
    from: SENDER,
    to: ASHA,
    subject: 's',
    text: 't',
    html: '<p>t</p>',
    headers: {},
    tags: {},
  });

  it('is under five mails a second, and a limit that is named holds all of them back', async () => {
    const fake = await resend();
    const clock = new TestClock();
    const startMs = clock.monotonicMs();
    const provider = createResendProvider({ apiKey: FAKE_KEY, from: SENDER, url: fake.url, clock });
    for (let n = 0; n < 11; n += 1) await provider.send(ready(`default/${n}`));
    expect(clock.monotonicMs() - startMs).toBe(10 * 220);
    fake.next = once(resendErrors.tooMany(3));
    await expect(provider.send(ready('default/x'))).rejects.toMatchObject({ retryAfterMs: 3_000 });
    const limitedMs = clock.monotonicMs();
    await provider.send(ready('default/y'));

    expect(clock.monotonicMs() - limitedMs).toBe(3_000);
    expect(fake.mails).toHaveLength(12);
  });
});

describe('a sealed prop', () => {
  it('is in the mail and nowhere in the database', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    const link = 'https://ops.example.com/login/a-code-that-is-secret';
    const sealed = { link: world.sealer.seal(link, mailSealingPlace('default', ASHA)) };
    const props = { name: 'Asha', expiresAt: '2096-03-06T09:00:00Z', zone: 'Asia/Kolkata' };
    await world.sends({ template: 'sign-in', props, sealed });

    expect(fake.mails[0]?.html).toContain(`href="${link}"`);
    expect(fake.mails[0]?.text).toContain(link);
    const kept = JSON.stringify([await world.logs(), await world.rows.find({ where: {}, limit: 10 })]);
    expect(kept).not.toContain('a-code-that-is-secret');
    expect(await world.logs()).toMatchObject([{ keptBack: true, state: 'sent' }]);
  });

  it('opens for no other reader', async () => {
    const fake = await resend();
    const world = mailWorld({ resend: fake });
    const sealed = {
      link: world.sealer.seal('https://x.example', mailSealingPlace('default', 'ravi@example.com')),
    };
    const props = { name: 'Asha', expiresAt: '2096-03-06T09:00:00Z', zone: 'Asia/Kolkata' };
    await world.sends({ template: 'sign-in', props, sealed });

    expect(fake.mails).toHaveLength(0);
    expect(await world.rows.count({ status: 'dead' })).toBe(1);
  });
});
