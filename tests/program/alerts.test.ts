// Alerts through the running program: raised over HTTP, shown in the room, told to Slack's hook and by mail, acted on by page.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { press } from '../support/page-world.ts';
import {
  type RunningProgram,
  removeFolder,
  startProgram,
  temporaryFolder,
  until,
} from '../support/program.ts';
import { type Account, roomOf } from '../support/program-room.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const dataDir = temporaryFolder();
let hook: WebhookReceiver;
let program: RunningProgram;
let owner: Account;
const settings: Record<string, string> = { DATA_DIR: dataDir, ALERT_EMAIL: 'ops@example.com' };
const { firstOwner, output, api, member } = roomOf(() => program, settings);

interface Listed {
  readonly groups: readonly {
    readonly id: string;
    readonly headline: string;
    readonly acknowledgedBy: string | null;
  }[];
}

beforeAll(async () => {
  hook = await startReceiver();
  settings['SLACK_WEBHOOK_URL'] = hook.url;
  program = await startProgram(settings);
  owner = await firstOwner('Meera');
});
afterAll(async () => {
  await program.kill();
  await hook.close();
  removeFolder(dataDir);
});

it('is raised by whoever may act, counted once for one key, and seen on its page', async () => {
  const viewer = await member('Vani', 'viewer');
  const input = { title: 'Vouchers run out', severity: 'critical', group: 'vouchers' };
  expect((await api(viewer, 'alert.raise', input)).status).toBe(403);
  await output(owner, 'alert.raise', input);
  const { groups } = await until(async () => {
    const listed = await output<Listed>(owner, 'alert.list', {});
    return listed.groups.length > 0 ? listed : undefined;
  });
  expect(groups).toMatchObject([{ headline: 'Vouchers run out', acknowledgedBy: null }]);
  const page = await viewer.browser.get('/admin/alerts');
  expect(page.text).toContain('Vouchers run out');
  expect(page.text).not.toContain('/admin/operations/alert.');
});

it('is told after its gathering in the room, to the hook and by mail, once each', async () => {
  const told = await until(() => hook.calls.find(({ body }) => body.includes('Vouchers run out')));
  expect(told.body).toContain('Vouchers run out');
  const mails = await until(async () => {
    const listed = await output<{ mails: readonly { to: string; subject: string }[] }>(
      owner,
      'mail.list',
      {},
    );
    return listed.mails.length > 0 ? listed.mails : undefined;
  });
  expect(mails).toHaveLength(1);
  expect(mails[0]?.subject).toContain('Vouchers run out');
  expect(hook.calls).toHaveLength(1);
});

it('is acknowledged by the button on its page, and over for everybody when it is resolved', async () => {
  expect((await press(owner.browser, '/admin/alerts', 'alert.acknowledge')).status).toBe(303);
  expect((await output<Listed>(owner, 'alert.list', {})).groups).toMatchObject([{ acknowledgedBy: 'Meera' }]);
  await output(owner, 'alert.resolve', { alert: 'vouchers', reason: 'New stock' });
  expect((await output<Listed>(owner, 'alert.list', {})).groups).toEqual([]);
  const over = await until(() => hook.calls.find(({ body }) => body.includes('over after')));
  expect(over.body).toContain('New stock');
});
