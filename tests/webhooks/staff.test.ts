// What staff see and do: sources with their own secrets, rotation, tests, replay, and nothing private in view.
import { execFile } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { webhookEndpoints } from '../../models/webhook-endpoint.ts';
import type { Actor } from '../../src/core/actor.ts';
import { createDispatcher } from '../../src/core/dispatcher.ts';
import type { Outcome } from '../../src/core/operation.ts';
import { type WebhookScheme, webhookSchemes } from '../../src/core/webhook-source.ts';
import { webhookOperations } from '../../src/features/webhooks/operations.ts';
import { webhookPage } from '../../src/features/webhooks/page.tsx';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import { plainText } from '../../src/outbox/plain-text.ts';
import { asha, testCtx } from '../support/context.ts';
import { plainFrame } from '../support/plain-frame.ts';
import { incident, secrets, type WebhookWorld, webhookWorld } from './webhook-world.ts';

const admin: Actor = { ...asha, id: 'usr_meera', name: 'Meera', role: 'admin' };

let world: WebhookWorld;
beforeEach(async () => {
  world = await webhookWorld({ unset: ['GITHUB_WEBHOOK_SECRET'] });
});
afterEach(() => world.close());

function run(operation: string, raw: unknown, key?: string, actor = admin): Promise<Outcome> {
  const dispatcher = createDispatcher({
    operations: webhookOperations,
    services: { webhooks: world.webhooks },
    auditDirectly: async () => undefined,
  });
  const ctx = testCtx({ actor, now: world.clock.now(), ...(key === undefined ? {} : { effectKey: key }) });
  return dispatcher.run({ operation, raw, ctx });
}

const outputOf = async (...call: Parameters<typeof run>): Promise<Record<string, unknown>> =>
  (await run(...call)).output as Record<string, unknown>;

function deliver(name: string, scheme: WebhookScheme, secret: unknown, payload: unknown, id = 'm1') {
  const body = Buffer.from(JSON.stringify(payload));
  const signed = { id, at: world.clock.now(), body, url: '', secret: String(secret) };
  return world.post(`/webhooks/${name}`, body, schemes[scheme].sign(signed));
}

describe('a source that staff add', () => {
  it('takes what its secret signs, shows the secret once, and keeps it encrypted', async () => {
    const made = await outputOf('webhook.add', { name: 'status-page' }, 'k1');
    expect(made['secret']).toMatch(/^whsec_/);
    expect(await outputOf('webhook.add', { name: 'status-page' }, 'k1')).toEqual(made);
    await expect(run('webhook.add', { name: 'status-page' }, 'k2')).rejects.toMatchObject({
      code: 'record.conflict',
    });

    expect((await deliver('status-page', 'standard', made['secret'], incident('x'))).status).toBe(202);
    expect((await deliver('status-page', 'standard', secrets.events, incident('y'), 'm2')).status).toBe(401);
    await world.settle();
    const stored = JSON.stringify(
      await world.store.facts(webhookEndpoints).scoped('default').find({ where: {}, limit: 5 }),
    );
    const key = String(made['secret']).slice('whsec_'.length);
    const shown = JSON.stringify([
      (await run('webhook.list', {})).output,
      (await run('webhook.show', { what: 'status-page' })).output,
    ]);
    for (const text of [stored, shown, world.logs.join('')]) expect(text).not.toContain(key);
  });

  it('takes two secrets while one is rotated, and one afterwards', async () => {
    const old = (await outputOf('webhook.add', { name: 'status-page', scheme: 'hmac-body' }))['secret'];
    const fresh = (await outputOf('webhook.rotate', { name: 'status-page', hours: 2 }))['secret'];
    const statuses = async (n: number) => [
      (await deliver('status-page', 'hmac-body', old, incident(`old${n}`))).status,
      (await deliver('status-page', 'hmac-body', fresh, incident(`new${n}`))).status,
    ];

    expect(await statuses(1)).toEqual([202, 202]);
    world.clock.advance(2 * 3_600_000);
    expect(await statuses(2)).toEqual([401, 202]);
    const now = (await outputOf('webhook.rotate', { name: 'status-page', hours: 0 }))['secret'];
    expect((await deliver('status-page', 'hmac-body', fresh, incident('z'))).status).toBe(401);
    expect((await deliver('status-page', 'hmac-body', now, incident('z'))).status).toBe(202);
  });

  it('gives a known source its own secret, which wins over the environment', async () => {
    const own = 'the-secret-that-github-was-given';
    const made = await outputOf('webhook.add', { name: 'github', scheme: 'github', secret: own });
    expect(made['secret']).toBeNull();

    const ping = { zen: 'x', hook_id: 1 };
    expect((await deliver('github', 'github', own, ping)).status).toBe(202);
    expect((await deliver('github', 'github', secrets.github, { ...ping, hook_id: 2 })).status).toBe(401);
    await expect(run('webhook.add', { name: 'sentry', scheme: 'bearer' })).rejects.toMatchObject({
      code: 'input.invalid',
    });
    await expect(run('webhook.add', { name: 'weak', scheme: 'bearer', secret: 'short' })).rejects.toThrow(
      'shorter than 16 bytes',
    );
    await expect(run('webhook.rotate', { name: 'sentry' })).rejects.toThrow('SENTRY_CLIENT_SECRET');
  });

  it('of another tenant answers at its own address alone', async () => {
    const ctx = testCtx({ actor: admin, tenant: 'other', now: world.clock.now() });
    const { endpoint, secret } = await world.webhooks.add(ctx, { name: 'status-page', scheme: 'standard' });
    const path = `status-page/${endpoint._id}`;

    expect((await deliver('status-page', 'standard', secret, incident('a'))).status).toBe(401);
    expect((await deliver(`events/${endpoint._id}`, 'standard', secret, incident('a'))).status).toBe(401);
    expect((await deliver(path, 'standard', secret, incident('a'))).status).toBe(202);
    await world.settle();
    expect(await world.operational.list(testCtx(), 10)).toEqual([]);
    expect(await world.operational.list(ctx, 10)).toMatchObject([{ externalId: 'a', tenant: 'other' }]);
  });
});

describe('the verbs', () => {
  it('list what came and what was refused, and why', async () => {
    await world.deliver('events', incident('a'));
    await world.post('/webhooks/events', '{}');
    world.clock.advance(1_500);
    await world.settle();
    const { output, reply } = await run('webhook.list', {});

    const { sources } = output as { sources: Record<string, unknown>[] };
    expect(sources.find(({ name }) => name === 'events')).toMatchObject({
      counts: { accepted: 1, signature: 1 },
      lag: { medianMs: 1_500, worstMs: 1_500 },
      secrets: 1,
      waiting: 0,
      dead: 0,
    });
    expect(plainText(reply)).toContain('none: all is refused');
  });

  it('test a source through signature, inbox and worker without acting on it', async () => {
    for (const name of ['events', 'sentry', 'n8n']) {
      const { event } = await outputOf('webhook.test', { name }, `test-${name}`);
      expect((await outputOf('webhook.test', { name }, `test-${name}`))['event']).toBe(event);
      await world.settle();
      const shown = await outputOf('webhook.show', { what: event });
      expect(shown['events']).toMatchObject([{ status: 'done', test: true }]);
    }
    expect(await world.operational.list(testCtx(), 10)).toEqual([]);
    await expect(run('webhook.test', { name: 'github' })).rejects.toThrow('no secret');
  });

  it('show an event with secrets and personal data masked', async () => {
    const user = { email: 'asha@example.com', phone: '+919800000000', ip_address: '10.1.2.3' };
    const title = 'Mail to ravi@example.com failed';
    const issue = { id: '1', title, lastSeen: '2026-11-02T09:00:00Z' };
    const answer = await world.deliver('sentry', { action: 'created', data: { issue }, user });
    await world.settle();
    const text = JSON.stringify(await run('webhook.show', { what: String(answer.json()['id']) }));

    for (const hidden of ['asha@', '98000', '10.1.2.3', 'ravi@']) expect(text).not.toContain(hidden);
    expect(text).toContain('«masked»');
  });

  it('let a manager see and only an admin change', async () => {
    await expect(run('webhook.list', {}, undefined, asha)).resolves.toBeDefined();
    for (const [verb, raw] of [
      ['webhook.add', { name: 'xx' }],
      ['webhook.replay', { event: 'dead' }],
    ] as const)
      await expect(run(verb, raw, undefined, asha)).rejects.toMatchObject({ code: 'permission.denied' });
  });
});

describe('the page', () => {
  async function shown(actor: Actor, query: Record<string, string> = {}): Promise<string> {
    const frame = plainFrame({ person: actor, path: '/admin/webhooks', query, now: world.clock.now() });
    const ctx = { ...testCtx({ actor, now: world.clock.now() }), services: { webhooks: world.webhooks } };
    return (await webhookPage.render(ctx, query, frame)).html;
  }

  it('shows sources, counts by reason, dead letters with their buttons, and how a sender signs', async () => {
    await world.deliver('n8n', { type: '<b>odd</b>' });
    await world.post('/webhooks/n8n', '{}');
    await world.settle();

    const html = await shown(admin, { source: 'n8n', status: 'dead' });
    expect(html).toContain('1 signature');
    expect(html).toContain('name="event" value="dead"');
    expect(html).toContain('webhook-signature: $SIGNATURE');
    expect(html).not.toContain('<b>odd');
    expect(await shown(admin)).toContain('webhook.test');
    const seen = await shown(asha, { source: 'n8n', status: 'dead' });
    expect(seen).not.toContain('/admin/operations/');
  });
});

describe('the command that a sender copies', () => {
  const usable = webhookSchemes;

  it.each(usable)('delivers by %s as it stands', async (scheme) => {
    const name = `copied-${scheme}`;
    const { secret, curl } = await outputOf('webhook.add', { name, scheme });
    const here = String(curl)
      .replaceAll('http://127.0.0.1/', `${world.url}/`)
      .replaceAll('$(date +%s)', String(world.clock.now().getTime() / 1000));
    const env = { PATH: process.env['PATH'] ?? '', SECRET: String(secret) };
    const said = await new Promise<string>((resolve, reject) => {
      execFile('sh', ['-c', here], { env }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    });

    expect(JSON.parse(said)).toEqual({ id: expect.stringMatching(/^whk_/) });
  });
});
