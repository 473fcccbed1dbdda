// Leaving marketing as mail programs and people do it: one POST without a session, and looking changes nothing.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { suppressions } from '../../models/suppression.ts';
import { type FakeResend, fakeResend } from '../support/fakes/resend.ts';
import { ask, type WebWorld, webWorld } from '../support/web-world.ts';
import { ASHA, type MailWorld, mailWorld } from './support.ts';

let fake: FakeResend;
let world: MailWorld;
let web: WebWorld;

beforeEach(async () => {
  fake = await fakeResend();
  world = mailWorld({ resend: fake });
  web = await webWorld({ unsubscribe: world.unsubscribe });
});
afterEach(async () => {
  await web.close();
  await fake.close();
});

const holds = () => world.store.facts(suppressions).scoped('default').find({ where: {}, limit: 5 });
const HTML = { accept: 'text/html' };

/** The path in the newest mail's header. */
async function way(): Promise<string> {
  await world.sends({ category: 'marketing' });
  const header = fake.mails.at(-1)?.headers['List-Unsubscribe'] ?? '';
  return /^<https:\/\/ops\.example\.com(\/unsubscribe\/[\w.-]+)>$/.exec(header)?.[1] ?? '';
}

describe('a mail of marketing', () => {
  it('carries both headers of RFC 8058 and the same link in its text; others carry none', async () => {
    const path = await way();
    await world.sends({ category: 'transactional' });
    await world.sends({ category: 'alert' });

    const [marketing, ...others] = fake.mails;
    expect(marketing?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(marketing?.text).toContain(path);
    expect(marketing?.text).not.toContain(`${path}${ASHA}`);
    for (const mail of others) {
      expect(mail.headers).toEqual({});
      expect(mail.text).not.toContain('nsubscribe');
    }
  });

  it('names its reader to nobody who sees the link', async () => {
    const path = await way();

    expect(decodeURIComponent(path)).not.toContain('asha');
    expect(Buffer.from(path.split('v1.')[1] ?? '', 'base64url').toString()).not.toContain('asha');
  });
});

describe('the link', () => {
  it('changes nothing when it is looked at, however often and by whatever', async () => {
    const path = await way();
    for (const method of ['GET', 'GET', 'HEAD', 'OPTIONS'])
      expect((await ask(web.url + path, { method, headers: HTML })).status).toBeLessThan(300);
    expect(await holds()).toEqual([]);
    const { text } = await ask(web.url + path, { headers: HTML });

    expect(text).toContain('<strong>a…@example.com</strong> gets such mails');
    expect(text).not.toContain(ASHA);
  });

  it.each([
    ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--',
    ],
  ])('takes one POST from a mail program, without session or page: %s', async (type, body) => {
    const path = await way();
    const answer = await ask(web.url + path, { method: 'POST', body, headers: { 'content-type': type } });

    expect(answer.status).toBe(200);
    expect(await holds()).toMatchObject([{ address: ASHA, holder: 'reader', active: true }]);
    await world.sends({ category: 'marketing' });
    await world.sends({ category: 'transactional' });
    expect(fake.mails.map(({ tags }) => tags['category'])).toEqual(['marketing', 'transactional']);
  });

  it('does the same when it is pressed twice, and takes its reader back by the button there', async () => {
    const path = await way();
    await ask(web.url + path, { method: 'POST', headers: HTML });
    const { text } = await ask(web.url + path, { method: 'POST', headers: HTML });
    expect(text).toContain('You are unsubscribed');
    expect((await holds())[0]?.history).toHaveLength(1);
    await ask(`${web.url}${path}/undo`, { method: 'POST', headers: HTML });

    expect(await holds()).toMatchObject([{ active: false }]);
    await world.sends({ category: 'marketing' });
    expect(fake.mails).toHaveLength(2);
  });

  it.each(['/unsubscribe/v1.x', '/unsubscribe/x', `/unsubscribe/${'x'.repeat(3000)}`])(
    'that is altered or made up is not found and does nothing: %.20s',
    async (path) => {
      const real = await way();
      const altered = `${real.slice(0, -2)}AA`;
      for (const one of [path, altered])
        for (const method of ['GET', 'POST'])
          expect((await ask(web.url + one, { method, headers: HTML })).status).toBe(404);

      expect(await holds()).toEqual([]);
    },
  );
});
