// The pages of mail as a manager and an admin see them: figures, reasons, masked addresses, and who gets the buttons.
import { beforeEach, describe, expect, it } from 'vitest';
import { emailLogs } from '../../models/email-log.ts';
import { type MailNews, standingOf } from '../../models/mail-state.ts';
import type { Role } from '../../src/core/permissions.ts';
import { mailPages } from '../../src/features/mail/page.tsx';
import { wordsOn } from '../support/page-world.ts';
import { plainFrame } from '../support/plain-frame.ts';
import { ASHA, type MailWorld, mailWorld } from './support.ts';

let world: MailWorld;

beforeEach(() => {
  world = mailWorld();
});

async function shown(path: string, role: Role, query: Record<string, string> = {}): Promise<string> {
  const page = mailPages.find((one) => one.path === path);
  const now = world.clock.now();
  const actor = { kind: 'person', id: 'usr_1', name: 'Meera', role } as const;
  const frame = plainFrame({ person: actor, path, query, now });
  return (
    (await page?.render({ ...world.ctx({ actor }), services: { mail: world.mail } }, query, frame))?.html ??
    ''
  );
}

/** Sends a mail, and tells of it what the provider would. */
async function came(news: MailNews, detail: string | null = null): Promise<string> {
  await world.sends({ props: { text: `Mail that is ${news}` } });
  const scoped = world.store.facts(emailLogs).scoped('default');
  const log = (await world.logs()).find(({ subject }) => subject.endsWith(news));
  const history = { effectKey: news, at: world.clock.now(), by: 'system', operation: 'x' };
  if (log)
    await scoped.compareAndSet(log, standingOf(news, world.clock.now(), detail), { history, items: [] });
  return log?._id ?? '';
}

describe('the page of mail', () => {
  it('counts what came how far, and says when bounces are too many', async () => {
    await came('delivered');
    await came('bounced', 'mailbox <b>gone</b>');
    const html = await shown('/admin/mail', 'manager');
    const words = wordsOn(html);

    expect(words).toMatch(/Bounced 50\.0 % Bounced: show the rows ■ More than 4 %/);
    expect(words).toMatch(/Complaints 0\.00 % .*● Within bounds/);
    expect(html).toContain('mailbox &lt;b&gt;gone&lt;/b&gt;');
  });

  it('says nothing is known where nothing was sent', async () => {
    const words = wordsOn(await shown('/admin/mail', 'manager'));

    expect(words).toMatch(/Bounced — /);
    expect(words).toContain('Every address gets mail');
    expect(words).not.toContain('NaN');
  });

  it('shows those of one state alone, and takes an unknown one for none', async () => {
    await came('delivered');
    await came('bounced');

    const only = wordsOn(await shown('/admin/mail', 'manager', { state: 'bounced' }));
    expect([only.includes('Mail that is bounced'), only.includes('Mail that is delivered')]).toEqual([
      true,
      false,
    ]);
    expect(await shown('/admin/mail', 'manager', { state: 'constructor' })).toContain(
      'Mail that is delivered',
    );
  });

  it('masks addresses and shows no buttons to a manager; an admin gets both', async () => {
    const id = await came('bounced');
    await world.mail.suppress(world.ctx(), ASHA, 'asked by phone');
    const manager = await shown('/admin/mail', 'manager');
    const admin = await shown('/admin/mail', 'admin');

    expect(manager).not.toContain(ASHA);
    expect(manager).not.toContain('/admin/operations/');
    for (const verb of ['mail.test', 'mail.resend', 'mail.suppress', 'mail.unsuppress'])
      expect(admin).toContain(`action="/admin/operations/${verb}"`);
    expect(admin).toContain(`name="mail" value="${id}"`);
    expect(admin).toContain(ASHA);
  });

  it('shows what the outbox has given up', async () => {
    await world.sends();
    const [log] = await world.logs();
    const row = await world.rows.get(log?.itemId ?? '');
    const scoped = world.store.facts(emailLogs).scoped('default');
    const history = { effectKey: 'back', at: world.clock.now(), by: 'system', operation: 'x' };
    if (log) await scoped.compareAndSet(log, standingOf('queued', log.stateAt), { history, items: [] });
    if (row) await world.rows.compareAndSet(row, { status: 'dead', problem: 'Resend could not be reached.' });

    expect(wordsOn(await shown('/admin/mail', 'manager'))).toContain('Given up Resend could not be reached.');
  });
});

describe('the page of one mail', () => {
  it('shows its text and its HTML as text: nothing of a mail is drawn', async () => {
    await world.sends({ props: { text: 'A mail\n<script>alert(1)</script>' } });
    const [log] = await world.logs();
    const html = await shown('/admin/mail/:mail', 'manager', { mail: log?._id ?? '' });

    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;!DOCTYPE html');
    expect(html).not.toContain(ASHA);
    expect(html).not.toMatch(/<iframe|<[a-z][^<>]* style=/);
  });

  it('of an unknown id is not found', async () => {
    await expect(shown('/admin/mail/:mail', 'manager', { mail: 'eml_x' })).rejects.toThrow(
      'record.not_found',
    );
  });
});
