// The page of the outbox as a manager and an admin see it: numbers, reasons, and who gets the button.
import { describe, expect, it } from 'vitest';
import { cards } from '../../models/card.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Role } from '../../src/core/permissions.ts';
import { outboxPage } from '../../src/features/upkeep/page.tsx';
import { createUpkeep } from '../../src/features/upkeep/service.ts';
import { plainFrame } from '../support/plain-frame.ts';
import { contextAt, createOutboxWorld, message } from './support/outbox-world.ts';
import { createRecordingChannel } from './support/recording-channel.ts';

async function shown(role: Role, query: Record<string, string> = {}): Promise<string> {
  const world = createOutboxWorld(createMemoryStore());
  const chat = createRecordingChannel('chat');
  chat.before = ({ address }) => {
    if (address === 'gone') throw new AppError('remote.refused', 'The room <b>is</b> archived.');
  };
  await world.write('pst_1', message('chat:gone', 'lost <script>'), message('chat:ops', 'fine'));
  const outbox = world.process([chat]);
  await outbox.drain();
  const upkeep = createUpkeep({
    rows: world.store.records(outboxRows),
    cards: world.store.records(cards),
    outbox,
  });
  const now = world.clock.now();
  const actor = { kind: 'person', id: 'usr_1', name: 'Asha', role } as const;
  const frame = plainFrame({ person: actor, path: '/admin/outbox', query, now });
  const ctx = { ...contextAt(now, 'look'), actor, services: { upkeep } };
  expect(await outboxPage.waiting?.(ctx)).toBe(1);
  return (await outboxPage.render(ctx, query, frame)).html;
}

describe('the page of the outbox', () => {
  it('shows what was given up and why, escaped, and lets an admin send it again', async () => {
    const html = await shown('admin');

    expect(html).toContain('lost &lt;script&gt;');
    expect(html).toContain('The room &lt;b&gt;is&lt;/b&gt; archived.');
    expect(html).toContain('name="item" value="pst_1:1:1"');
    expect(html).toContain('name="item" value="all"');
    expect(html).not.toContain('fine');
  });

  it('shows a manager the same without a button', async () => {
    const html = await shown('manager');

    expect(html).toContain('pst_1:1:1');
    expect(html).not.toContain('outbox.retry');
  });

  it('shows what was sent, and takes an unknown filter for none', async () => {
    expect(await shown('manager', { status: 'sent' })).toContain('fine');
    expect(await shown('manager', { status: 'constructor' })).toContain('pst_1:1:1');
  });
});
