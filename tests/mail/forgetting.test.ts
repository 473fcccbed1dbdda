// The words of old mails are emptied, whatever state they are in, and nothing is ever sent without its words.
import { describe, expect, it } from 'vitest';
import { mailJobs } from '../../jobs/mail.ts';
import { emailLogs } from '../../models/email-log.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import { suppressions } from '../../models/suppression.ts';
import { readConfig } from '../../src/config.ts';
import { createForgetting } from '../../src/features/mail/forgetting.ts';
import { mailOperations } from '../../src/features/mail/operations.ts';
import { outboxDefinitions } from '../outbox/support/outbox-world.ts';
import { createChatWorld, person } from '../support/conversation.ts';
import { fakeResend, resendErrors } from '../support/fakes/resend.ts';
import { stores } from '../support/stores.ts';
import { ASHA, type MailWorld, mailWorld, notice } from './support.ts';

const DAY_MS = 86_400_000;
const KEPT_MS = 90 * DAY_MS;
const WORDS = /backup|12 collections/i;

const forgettingIn = ({ store, clock }: MailWorld) =>
  createForgetting({ logs: store.facts(emailLogs), clock, keptMs: KEPT_MS });

/** Rings the job of the program once. */
const ring = async (world: MailWorld): Promise<void> => {
  const [job] = mailJobs({ mails: forgettingIn(world) });
  await job?.run(new AbortController().signal);
};

describe.each(stores)('over the $name store', ({ create }) => {
  const fresh = async (): Promise<MailWorld> =>
    mailWorld({ store: await create([...outboxDefinitions, emailLogs, outboxRows, suppressions]) });

  it('words are kept for their days to the millisecond, then emptied; the rest of the row stays', async () => {
    const world = await fresh();
    await world.sends({ category: 'marketing' });
    const [before] = await world.logs();
    world.clock.advance(KEPT_MS - 1 - (world.clock.now().getTime() - (before?.createdAt.getTime() ?? 0)));
    await ring(world);
    expect(await world.logs()).toMatchObject([{ text: expect.stringMatching(WORDS), emptiedAt: null }]);

    world.clock.advance(1);
    await ring(world);
    const [after] = await world.logs();
    expect(after).toMatchObject({
      ...{ subject: '', text: '', html: '', headers: {}, emptiedAt: world.clock.now() },
      ...{ to: ASHA, state: 'sent', provider: 'mock', template: 'message', sentAt: before?.sentAt },
    });
    expect(JSON.stringify(after)).not.toMatch(WORDS);

    await ring(world);
    expect((await world.logs())[0]?.version).toBe(after?.version);
  });

  it('every old mail is emptied in one ring, of every tenant, and no younger one', async () => {
    const world = await fresh();
    for (let n = 0; n < 60; n += 1) await world.mail.test(world.ctx({ effectKey: `a${n}` }), ASHA);
    await world.mail.test(world.ctx({ tenant: 'other' }), ASHA);
    world.clock.advance(KEPT_MS);
    await world.mail.test(world.ctx({ effectKey: 'young' }), ASHA);
    await ring(world);

    const all = await world.logs();
    expect(all.filter(({ emptiedAt }) => emptiedAt !== null)).toHaveLength(60);
    expect(all.filter(({ text }) => text !== '')).toHaveLength(1);
    const others = await world.store.facts(emailLogs).scoped('other').find({ where: {}, limit: 5 });
    expect(others).toMatchObject([{ text: '', emptiedAt: world.clock.now() }]);
  });
});

describe('a mail whose words are gone', () => {
  it('says so in chat, in place of its subject and its text', async () => {
    const world = mailWorld();
    await world.sends();
    world.clock.advance(KEPT_MS);
    await ring(world);
    const [log] = await world.logs();
    const admin = createChatWorld(mailOperations, { mail: world.mail })
      .process()
      .talker(person('Meera', 'admin'));
    await admin.says('mail list');
    await admin.sees(/asha@example\.com\s+\(words no longer kept\)\s+recorded, not sent/);
    await admin.says(`mail show ${log?._id}`);
    await admin.sees('Its words were emptied on ');
  });

  it('is not sent again: neither by hand, nor by an outbox that tries it once more', async () => {
    const fake = await fakeResend();
    const world = mailWorld({ resend: fake });
    fake.next = () => resendErrors.invalidFrom();
    await world.sends(notice);
    fake.next = null;
    world.clock.advance(KEPT_MS);
    await ring(world);
    const [log] = await world.logs();
    const asked = fake.requests.length;
    expect(log).toMatchObject({ state: 'failed', text: '' });
    expect((await world.mail.show(world.ctx(), log?._id ?? '')).mayResend).toBe(false);
    await expect(world.mail.resend(world.ctx(), log?._id ?? '')).rejects.toThrow('no longer kept');

    const [row] = await world.rows.find({ where: { status: 'dead' }, limit: 2 });
    await world.outbox.replay(world.ctx(), { item: row?._id ?? '' });
    await world.outbox.drain();
    expect(fake.requests).toHaveLength(asked);
    expect(await world.rows.find({ where: {}, limit: 2 })).toMatchObject([
      { status: 'dead', problem: expect.stringContaining('no longer kept') },
    ]);
    expect(await world.logs()).toHaveLength(1);
    await fake.close();
  });
});

describe('MAIL_WORDS_DAYS', () => {
  it('is 90 unless set, and refuses what is no number of days', () => {
    expect(readConfig({}).MAIL_WORDS_DAYS).toBe(90);
    expect(readConfig({ MAIL_WORDS_DAYS: '7' }).MAIL_WORDS_DAYS).toBe(7);
    for (const wrong of ['0', '-1', 'never', '1.5'])
      expect(() => readConfig({ MAIL_WORDS_DAYS: wrong })).toThrow('MAIL_WORDS_DAYS');
  });
});
