// The verbs of endpoints through every door of the running program: done, refused, and done once when said twice.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type RunningProgram,
  removeFolder,
  startProgram,
  temporaryFolder,
  until,
} from '../support/program.ts';
import { type Account, roomOf } from '../support/program-room.ts';
import { ask } from '../support/web-world.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const dataDir = temporaryFolder();
const settings: Record<string, string> = { DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
const { cli, cliJson, firstOwner, member, api, output, say } = roomOf(() => program, settings);

interface Shown {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly description: string;
}

let program: RunningProgram;
let receiver: WebhookReceiver;
let owner: Account;
let manager: Account;
let viewer: Account;

beforeAll(async () => {
  receiver = await startReceiver();
  settings['SLACK_WEBHOOK_URL'] = receiver.url;
  program = await startProgram(settings);
  owner = await firstOwner('Meera');
  manager = await member('Asha', 'manager');
  viewer = await member('Ravi', 'viewer');
});
afterAll(async () => {
  await program?.kill();
  await receiver?.close();
  removeFolder(dataDir);
});

const endpoints = async (): Promise<readonly Shown[]> =>
  (await output<{ endpoints: Shown[] }>(owner, 'endpoint.list', {})).endpoints;
const called = async (description: string) =>
  (await endpoints()).filter((endpoint) => endpoint.description === description);
const one = async (description: string): Promise<Shown> => {
  const [found] = await called(description);
  if (!found) throw new Error(`no endpoint “${description}”`);
  return found;
};

describe('an endpoint', () => {
  it('is added by HTTP at its own path, once for one key, and its secret is shown to that key alone', async () => {
    const wish = { url: receiver.url, description: 'by http' };
    const asked = { token: owner.token, json: wish, headers: { 'idempotency-key': 'add-1' } };
    const first = await ask(`${program.url}/api/webhooks/endpoints`, asked);
    const again = await ask(`${program.url}/api/webhooks/endpoints`, asked);

    expect([first.status, again.status]).toEqual([200, 200]);
    expect(first.json()).toMatchObject({ kind: 'standard', status: 'active', secret: expect.any(String) });
    expect(again.json()).toEqual(first.json());
    expect(await called('by http')).toHaveLength(1);
  });

  it('is added by chat and by the command line, once for one key', async () => {
    const line = `/endpoint add ${receiver.url} --description "by chat" --kind teams`;
    const answers = [await say(owner, line, 'chat-1'), await say(owner, line, 'chat-1')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await cliJson('endpoint', 'add', receiver.url, '--description', 'by cli');

    expect(await called('by chat')).toMatchObject([{ kind: 'teams' }]);
    expect(await called('by cli')).toMatchObject([{ kind: 'standard' }]);
  });

  it.each([
    ['an address that is none', { url: 'not an address' }, 'url'],
    ['a private address', { url: 'https://10.0.0.1/x' }, 'url'],
    ['an unknown kind', { url: 'https://hooks.example.com/x', kind: 'fax' }, 'kind'],
    ['an unknown event', { url: 'https://hooks.example.com/x', events: ['moon.rose'] }, 'events'],
  ])('with %s is refused by every door, naming the field', async (_, wish, field) => {
    const before = (await endpoints()).length;
    const byHttp = await api(owner, 'endpoint.add', wish);
    expect(byHttp.status).toBe(400);
    expect((byHttp.json()['errors'] as { field: string }[]).map((error) => error.field)).toContain(field);
    const words = Object.entries(wish)
      .filter(([name]) => name !== 'url')
      .flatMap(([name, value]) => [`--${name}`, String(value)]);
    expect((await cli('endpoint', 'add', wish.url, ...words)).code).not.toBe(0);
    const byChat = await say(owner, `/endpoint add "${wish.url}" ${words.join(' ')}`);
    expect(byChat.text).not.toContain('Events are sent to');
    expect(await endpoints()).toHaveLength(before);
  });

  it('is seen by managers, changed by admins alone, and nobody’s without a token', async () => {
    const { id } = await one('by http');
    expect((await api(manager, 'endpoint.show', { endpoint: id })).status).toBe(200);
    expect((await api(viewer, 'endpoint.list', {})).status).toBe(403);
    for (const verb of ['test', 'rotate', 'enable', 'disable', 'remove', 'replay'])
      expect((await api(manager, `endpoint.${verb}`, { endpoint: id })).status).toBe(403);
    expect((await say(manager, `/endpoint test ${id}`)).text).toContain('Your role is manager');
    expect((await ask(`${program.url}/api/webhooks/endpoints`)).status).toBe(401);
    expect(await one('by http')).toMatchObject({ status: 'active' });
  });

  it('gets its test event once for one key, from each door', async () => {
    const { id } = await one('by http');
    const before = receiver.calls.length;
    for (const key of ['test-1', 'test-1'])
      expect((await api(owner, 'endpoint.test', { endpoint: id }, key)).status).toBe(200);
    for (const key of ['test-2', 'test-2']) await say(owner, `/endpoint test ${id}`, key);
    await cliJson('endpoint', 'test', id);
    await until(async () => (receiver.calls.length >= before + 3 ? true : undefined));
    const shown = await output<{ deliveries: { status: string }[] }>(owner, 'endpoint.show', {
      endpoint: id,
    });

    expect(shown.deliveries.map(({ status }) => status)).toEqual(['sent', 'sent', 'sent']);
    expect(receiver.calls).toHaveLength(before + 3);
  });

  it('named by the operator is tested by its name, over its page as well', async () => {
    const before = receiver.calls.length;
    const { browser } = owner;
    const page = await browser.get('/admin/endpoints');
    expect(page.text).toContain('SLACK_WEBHOOK_URL');
    const own = {
      _csrf: await browser.csrf('/admin/endpoints'),
      _back: '/admin/endpoints',
      _effect: 'page-1',
    };
    for (const _ of [1, 2]) {
      const answer = await browser.post('/admin/operations/endpoint.test', { ...own, endpoint: 'slack' });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/endpoints']);
    }
    await until(async () => (receiver.calls.length > before ? true : undefined));
    expect(JSON.parse(receiver.calls.at(-1)?.body ?? '')).toHaveProperty('blocks');
    expect((await api(owner, 'endpoint.remove', { endpoint: 'slack' })).status).toBe(409);
  });

  it('is rotated, disabled, enabled and removed, each once for one key', async () => {
    const { id } = await one('by cli');
    const run = (verb: string, key: string, more: object = {}) =>
      api(owner, `endpoint.${verb}`, { endpoint: id, ...more }, key);
    const rotated = [await run('rotate', 'rot', { hours: 1 }), await run('rotate', 'rot', { hours: 1 })];
    expect(rotated[1]?.json()).toEqual(rotated[0]?.json());
    await run('disable', 'off');
    expect(await one('by cli')).toMatchObject({ status: 'disabled' });
    expect((await run('test', 'no')).status).toBe(409);
    await run('enable', 'on');
    await run('disable', 'off');
    expect(await one('by cli')).toMatchObject({ status: 'active' });
    expect((await run('remove', 'gone')).status).toBe(200);
    expect((await run('remove', 'gone')).status).toBe(200);
    expect(await called('by cli')).toEqual([]);
    expect((await run('enable', 'late')).status).toBe(404);
    expect((await api(owner, 'endpoint.show', { endpoint: 'whs_nothing' })).status).toBe(404);
  });
});
