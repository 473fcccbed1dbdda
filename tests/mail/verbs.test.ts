// The verbs of mail as a conversation, over the real outbox: tests, sending again, holds, and masked addresses.
import { beforeEach, describe, expect, it } from 'vitest';
import { cards } from '../../models/card.ts';
import { emailLogs } from '../../models/email-log.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import { suppressions } from '../../models/suppression.ts';
import type { Role } from '../../src/core/permissions.ts';
import { mailOperations } from '../../src/features/mail/operations.ts';
import { createUpkeep } from '../../src/features/upkeep/service.ts';
import { asha } from '../support/context.ts';
import { createChatWorld, person } from '../support/conversation.ts';
import { fakeResend, resendErrors } from '../support/fakes/resend.ts';
import { ASHA, type MailWorld, mailWorld } from './support.ts';

let world: MailWorld;

beforeEach(() => {
  world = mailWorld();
});

const chat = () => createChatWorld(mailOperations, { mail: world.mail });
const talker = (role: Role, name = 'Meera') => chat().process().talker(person(name, role));

describe('mail test', () => {
  it('asks first, sends one mail to the address, and shows it', async () => {
    const admin = talker('admin');
    await admin.says(`mail test ${ASHA}`);
    expect(await world.logs()).toEqual([]);
    await admin.presses('Yes, mail test');
    await admin.sees(`A test mail is on its way to ${ASHA}`);
    await world.outbox.drain();

    expect(await world.logs()).toMatchObject([
      { to: ASHA, template: 'test', state: 'sent', provider: 'mock' },
    ]);
    await admin.says('mail list');
    await admin.sees(/asha@example\.com\s+Mail from Wardroom arrives\s+recorded, not sent/);
  });

  it('goes to the address for alerts when none is named', async () => {
    await world.mail.test(world.ctx(), undefined);

    expect(await world.logs()).toMatchObject([{ to: 'alerts@example.com' }]);
  });

  it('says what is wrong with an address', async () => {
    const admin = talker('admin');
    await admin.says('mail test asha-at-example');

    await admin.sees('is no mail address');
  });

  it('done twice under one key is one mail', async () => {
    const ctx = world.ctx();
    await Promise.all([world.mail.test(ctx, ASHA), world.mail.test(ctx, ASHA)]);
    await world.mail.test(ctx, ASHA);
    await world.outbox.drain();

    expect(await world.logs()).toHaveLength(1);
    expect(await world.rows.count({})).toBe(1);
  });
});

describe('addresses', () => {
  it('are masked for those who may only read, in lists and of one mail', async () => {
    await world.sends();
    const [log] = await world.logs();
    const manager = talker('manager');
    await manager.says('mail list');
    await manager.sees('a…@example.com');
    await manager.says(`mail show ${log?._id}`);
    await manager.sees('12 collections');
    await manager.neverSees(ASHA);
    await manager.says('mail suppressions');
    await manager.neverSees(ASHA);
  });

  it('are in no audit row', async () => {
    await world.mail.test(world.ctx(), ASHA);
    await world.mail.suppress(world.ctx(), ASHA, 'asked by phone');
    await world.outbox.drain();

    expect(world.auditRows.size).toBe(2);
    expect(JSON.stringify([...world.auditRows.values()])).not.toContain(ASHA);
  });

  it('and mails are nothing for those without the right', async () => {
    const user = talker('user');
    await user.says('mail list');
    await user.sees('mail.read');
    const manager = talker('manager');
    await manager.says(`mail suppress ${ASHA} because`);
    await manager.sees('mail.manage');

    expect(await world.store.facts(suppressions).scoped('default').count({})).toBe(0);
  });
});

describe('the outbox', () => {
  it('shows mails by template and masked address, to whoever looks', async () => {
    await world.sends({ template: 'nothing' });
    const { store, outbox } = world;
    const upkeep = createUpkeep({ rows: store.records(outboxRows), cards: store.records(cards), outbox });
    const entries = await upkeep.entries(world.ctx(), 'dead', 10);

    expect(entries).toMatchObject([{ destination: 'mail:a…@example.com', says: 'mail: nothing' }]);
    expect(JSON.stringify(entries)).not.toContain(ASHA);
  });
});

describe('an address that gets no mail', () => {
  it('is told so at once, gets none that was under way, and gets mail again after it was lifted', async () => {
    const fake = await fakeResend();
    world = mailWorld({ resend: fake });
    const admin = talker('admin');
    await admin.says(`mail suppress ${ASHA.toUpperCase()} asked by phone`);
    await admin.presses('Yes, mail suppress');
    await admin.sees('asha@example.com gets no more mail.');
    await world.sends();
    expect(fake.requests).toHaveLength(0);
    expect(await world.logs()).toMatchObject([{ state: 'suppressed', detail: 'asked by phone' }]);
    expect(await world.rows.count({ status: 'sent' })).toBe(1);
    await admin.says(`mail test ${ASHA}`);
    await admin.presses('Yes, mail test');
    await admin.sees('gets no mail: asked by phone');

    await admin.says(`mail unsuppress ${ASHA} they called back`);
    await admin.presses('Yes, mail unsuppress');
    await admin.sees('gets mail again');
    await world.sends();
    expect(fake.mails).toHaveLength(1);
    await fake.close();
  });

  it('because its reader unsubscribed still gets what is not marketing, and only they take it back', async () => {
    const at = world.clock.now();
    const news = { address: ASHA, holder: 'reader', active: true, reason: 'unsubscribed', at } as const;
    await world.mail.hold(world.ctx(), news);
    await world.sends({ category: 'transactional' });
    await world.sends({ category: 'marketing' });

    expect((await world.logs()).map(({ state }) => state)).toEqual(['sent', 'suppressed']);
    await expect(world.mail.unsuppress(world.ctx(), ASHA, 'we want to')).rejects.toThrow('only they can');
  });

  it('that nobody holds back cannot be lifted, and lifting twice under one key is once', async () => {
    await expect(world.mail.unsuppress(world.ctx(), ASHA, 'why not')).rejects.toThrow('record.not_found');
    await world.mail.suppress(world.ctx(), ASHA, 'asked');
    const ctx = world.ctx();
    expect(await world.mail.unsuppress(ctx, ASHA, 'called back')).toHaveLength(1);
    expect(await world.mail.unsuppress(ctx, ASHA, 'called back')).toHaveLength(1);

    const [hold] = await world.store.facts(suppressions).scoped('default').find({ where: {}, limit: 5 });
    expect(hold?.history).toHaveLength(2);
  });
});

describe('mail resend', () => {
  it('sends the words of a failed mail once more, as a mail of its own', async () => {
    const fake = await fakeResend();
    world = mailWorld({ resend: fake });
    fake.next = () => resendErrors.invalidFrom();
    await world.sends();
    fake.next = null;
    const [failed] = await world.logs();
    const ctx = world.ctx();
    await world.mail.resend(ctx, failed?._id ?? '');
    await world.mail.resend(ctx, failed?._id ?? '');
    await world.outbox.drain();

    const all = await world.logs();
    expect(all.map(({ state, resendOf }) => [state, resendOf])).toEqual([
      ['failed', null],
      ['sent', failed?._id],
    ]);
    expect(fake.mails).toMatchObject([{ subject: failed?.subject, html: failed?.html }]);
    await fake.close();
  });

  it('refuses one that is on its way or there, and one whose link is not kept', async () => {
    await world.sends();
    const [sent] = await world.logs();
    await expect(world.mail.resend(world.ctx(), sent?._id ?? '')).rejects.toThrow('only failed');
    const scoped = world.store.facts(emailLogs).scoped('default');
    const history = { effectKey: 'x', at: world.clock.now(), by: asha.id, operation: 'x' };
    const change = { state: 'failed', rank: 40, keptBack: true } as const;
    if (sent) await scoped.compareAndSet(sent, change, { history, items: [] });
    await expect(world.mail.resend(world.ctx(), sent?._id ?? '')).rejects.toThrow('team link');
    await expect(world.mail.resend(world.ctx(), 'eml_nothing')).rejects.toThrow('no mail “eml_nothing”');

    expect(await world.logs()).toHaveLength(1);
  });
});
