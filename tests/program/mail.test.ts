// Mail through the running program: a verb sends it by Resend, Resend's bounce moves it, and the address gets no more.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FAKE_KEY, type FakeResend, fakeResend, resendEvent, svixHeaders } from '../support/fakes/resend.ts';
import {
  type RunningProgram,
  removeFolder,
  startProgram,
  temporaryFolder,
  until,
} from '../support/program.ts';
import { type Account, roomOf } from '../support/program-room.ts';
import { ask } from '../support/web-world.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const dataDir = temporaryFolder();
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const address = 'asha@example.com';

let fake: FakeResend;
let program: RunningProgram;
let owner: Account;
const settings: Record<string, string> = { DATA_DIR: dataDir, LOG_LEVEL: 'debug' };
const { firstOwner, output, api, member } = roomOf(() => program, settings);

interface Mails {
  readonly mails: readonly { readonly id: string; readonly state: string; readonly to: string }[];
}

beforeAll(async () => {
  fake = await fakeResend();
  Object.assign(settings, {
    RESEND_API_KEY: FAKE_KEY,
    RESEND_API_URL: fake.url,
    RESEND_FROM_EMAIL: 'Wardroom <ops@example.com>',
    RESEND_WEBHOOK_SECRET: secret,
  });
  program = await startProgram(settings);
  owner = await firstOwner('Meera');
});
afterAll(async () => {
  await program.kill();
  await fake.close();
  removeFolder(dataDir);
});

it('a bounce that Resend tells of moves the mail and the list, and the log holds no address', async () => {
  await output(owner, 'mail.test', { to: address });
  const mail = await until(() => fake.mails[0]);
  expect(mail).toMatchObject({ to: [address], subject: '[SANDBOX] Mail from Wardroom arrives' });
  const now = new Date();
  const bounce = { message: `550 <${address}> unknown`, type: 'Permanent', subType: 'General' };
  const body = JSON.stringify(resendEvent('email.bounced', mail, now, { bounce }));
  const headers = svixHeaders(secret, 'msg_1', now, body);
  const posted = await ask(`${program.url}/webhooks/resend`, { method: 'POST', body, headers });
  expect(posted.status).toBe(202);
  const bounced = await until(async () => {
    const { mails } = await output<Mails>(owner, 'mail.list', { state: 'bounced' });
    return mails[0];
  });

  expect(bounced).toMatchObject({ to: address, state: 'bounced' });
  expect(await output(owner, 'mail.suppressions', {})).toMatchObject({
    suppressions: [{ address, holder: 'provider', reason: 'bounce (General)' }],
  });
  const refused = await api(owner, 'mail.test', { to: address });
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('gets no mail')]);
  expect(fake.mails).toHaveLength(1);
  expect(program.stdout() + program.stderr()).not.toContain(address);
  expect(program.stdout() + program.stderr()).not.toContain(FAKE_KEY);
});

it('somebody invited by mail comes in by the link in it, and a manager sees no address', async () => {
  await output(owner, 'team.invite', { name: 'Ravi', role: 'viewer', email: 'ravi@example.com' });
  const mail = await until(() => fake.mails.find(({ to }) => to[0] === 'ravi@example.com'));
  const link = /https?:\/\/\S+\/login\/\S+/.exec(mail.text)?.[0] ?? '';
  expect((await ask(link, { headers: { accept: 'text/html' } })).status).toBe(200);
  const manager = await member('Nila', 'manager');
  const page = await manager.browser.get('/admin/mail');

  expect(page.status).toBe(200);
  expect(page.text).toContain('r…@example.com');
  expect(page.text).not.toMatch(/(asha|ravi)@example\.com/);
});
