// The page of data as each role sees it: states, refused rows without personal data, and a command that works.
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import { streamPulls } from '../../models/stream-pull.ts';
import type { Role } from '../../src/core/permissions.ts';
import { createJudge, isRefusal } from '../../src/features/ingestion/judge-row.ts';
import { dataPage } from '../../src/features/ingestion/page.tsx';
import type { Pulls } from '../../src/features/ingestion/pulls.ts';
import { streams } from '../../src/features/ingestion/streams.ts';
import { testCtx } from '../support/context.ts';
import { ingestionWorld } from '../support/ingestion-world.ts';
import { formsTo, wordsOn } from '../support/page-world.ts';
import { plainFrame } from '../support/plain-frame.ts';

const NOW = new Date('2026-11-02T09:30:00Z');
const store = createMemoryStore();
const pulls: Pick<Pulls, 'list'> = {
  list: ({ tenant }) => store.facts(streamPulls).scoped(tenant).find({ where: {}, limit: 9 }),
};

async function shown(
  world: ReturnType<typeof ingestionWorld>,
  role: Role,
  query: Record<string, string> = {},
) {
  const actor = { kind: 'person', id: 'usr_1', name: 'Asha', role } as const;
  const frame = plainFrame({ person: actor, path: '/admin/data', query, now: NOW });
  const services = { ingestion: world.ingestion, pulls: pulls as Pulls };
  return (await dataPage.render({ ...testCtx({ actor, now: NOW }), services }, query, frame)).html;
}

describe('the page of data', () => {
  it('says of every stream how fresh it is, also of those without facts', async () => {
    const world = ingestionWorld(createMemoryStore());
    await world.ingestion.ingest(testCtx(), 'transactions', [streams.transactions.example], {
      source: 'own',
    });
    const waiting = wordsOn(await shown(world, 'viewer'));
    await world.folding.drain();
    const counted = wordsOn(await shown(world, 'viewer'));

    expect(waiting).toContain('Counting');
    expect(counted).toContain('Fresh');
    for (const name of Object.keys(streams)) expect(counted).toContain(name);
    expect(counted.match(/No facts yet/g)).toHaveLength(Object.keys(streams).length - 1);
  });

  it('shows refused rows to those who may see facts alone, without what is personal', async () => {
    const world = ingestionWorld(createMemoryStore());
    const bad = { ...streams.customers.example, name: 'Asha Rao', email: 'asha@example.com', status: 'odd' };
    await world.ingestion.ingest(testCtx(), 'customers', [bad], { source: 'own' });

    expect(wordsOn(await shown(world, 'viewer'))).not.toContain('odd');
    const html = await shown(world, 'manager');
    expect(wordsOn(html)).toContain('status');
    expect(html).not.toContain('Asha Rao');
    expect(html).not.toContain('asha@example.com');
    expect(formsTo(html, 'ingest.replay')).toHaveLength(1);
    expect(formsTo(await shown(world, 'viewer'), 'ingest.import')).toHaveLength(0);
  });

  it('gives a command for each stream whose row is taken as it stands', async () => {
    const world = ingestionWorld(createMemoryStore());
    for (const stream of Object.values(streams)) {
      const words = wordsOn(await shown(world, 'viewer', { stream: stream.name }));
      expect(words).toContain(`/api/ingest/${stream.name}`);
      const row = /--data-binary '([^']+)'/.exec(words)?.[1] ?? '';
      expect(isRefusal(createJudge(stream)(JSON.parse(row), NOW))).toBe(false);
    }
  });
});
