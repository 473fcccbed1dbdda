// The page of endpoints as a manager and an admin see it, in each of its states.
import { afterEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/core/permissions.ts';
import { endpointPage } from '../../src/features/sending/page.tsx';
import type { Sending } from '../../src/features/sending/service.ts';
import { silent } from '../outbox/support/outbox-world.ts';
import { formsTo, wordsOn } from '../support/page-world.ts';
import { plainFrame } from '../support/plain-frame.ts';
import { answering, type Listener, listen, sendingWorld, switched } from './support.ts';

type World = ReturnType<typeof sendingWorld>;
let target: Listener;
afterEach(() => target?.close());

async function shown(
  world: World,
  role: Role,
  query: Record<string, string> = {},
  sending: Sending = world.sending,
) {
  const actor = { kind: 'person', id: 'usr_1', name: 'Asha', role } as const;
  const now = world.clock.now();
  const frame = plainFrame({ person: actor, path: '/admin/endpoints', query, now });
  const ctx = { ...world.ctx(), actor, services: { sending, logger: silent } };
  return (await endpointPage.render(ctx, query, frame)).html;
}

async function withEndpoint(description = '<b>Flow</b>') {
  target = await listen();
  const world = sendingWorld();
  const { endpoint, secret } = await world.add(target.url, { description });
  return { world, endpoint, secret: secret ?? '' };
}

describe('the page of endpoints', () => {
  it('without any says so, and how to begin', async () => {
    target = await listen();
    const html = await shown(sendingWorld(), 'admin');
    expect(wordsOn(html)).toContain('Events are sent nowhere yet');
    expect(html).toContain('/admin/operations/endpoint.add');
  });

  it('shows state, breaker and last deliveries, escaped and without anything secret', async () => {
    const { world, endpoint, secret } = await withEndpoint();
    target.answer = answering(500, {}, 'the <script> flow failed');
    await world.write('a', switched());
    await world.outbox.drain();
    const html = await shown(world, 'admin', { endpoint: endpoint.id });

    expect(wordsOn(html)).toContain('Failing');
    expect(html).toContain('&lt;b&gt;Flow&lt;/b&gt;');
    expect(html).toContain('answered 500: the &lt;script&gt; flow failed');
    expect(html).toContain('experiment.switched');
    for (const hidden of [secret, 'a-token-in-the-path']) expect(html).not.toContain(hidden);
    for (const name of ['test', 'rotate', 'disable', 'remove', 'replay'])
      expect(formsTo(html, `endpoint.${name}`)[0]).toMatchObject({ endpoint: endpoint.id });
  });

  it('counts a disabled endpoint as waiting for somebody, and offers to enable it', async () => {
    const { world, endpoint } = await withEndpoint();
    await world.sending.disable(world.ctx(), endpoint.id);
    const html = await shown(world, 'admin');

    expect(wordsOn(html)).toContain('Disabled');
    expect(formsTo(html, 'endpoint.enable')).toHaveLength(1);
    const ctx = { ...world.ctx(), services: { sending: world.sending, logger: silent } };
    expect(await endpointPage.waiting?.(ctx)).toBe(1);
  });

  it('says that deliveries are stale when the sender does not come to them', async () => {
    const { world } = await withEndpoint();
    await world.write('a', switched());
    await world.process({ channels: [] }).drain();
    expect(wordsOn(await shown(world, 'admin'))).not.toContain('the sender is not at work');
    world.clock.advance(5 * 60_000);
    expect(wordsOn(await shown(world, 'admin'))).toContain('the sender is not at work');
  });

  it('shows a failure of one part in its place, with a reference, and the other parts all the same', async () => {
    const { world } = await withEndpoint();
    const broken: Sending = {
      ...world.sending,
      deliveries: async () => {
        throw new Error('the database said: secret detail');
      },
    };
    const html = await shown(world, 'admin', {}, broken);
    expect(wordsOn(html)).toContain('Failed');
    expect(html).not.toContain('secret detail');
    expect(html).toContain('&lt;b&gt;Flow&lt;/b&gt;');
  });

  it('shows a manager everything and no form', async () => {
    const { world, endpoint } = await withEndpoint();
    const html = await shown(world, 'manager', { endpoint: endpoint.id });
    expect(wordsOn(html)).toContain('Well');
    expect(html).not.toContain('/admin/operations/');
  });
});
