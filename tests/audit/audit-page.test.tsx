// The audit page: rows, filters and the state of the chain, escaped, for those who may see it.
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import { auditPages } from '../../src/features/audit/page.tsx';
import { sampleFrame } from '../ui/samples.tsx';
import { auditWorld, ctxOf, noon } from './audit-world.ts';

describe('the audit page', () => {
  function room() {
    const world = auditWorld(createMemoryStore());
    const draw = async (query: Record<string, string> = {}) => {
      const frame = sampleFrame({ path: '/admin/audit', query, now: noon });
      const [page] = auditPages;
      const drawn = await page?.render(
        { ...ctxOf('a', noon), services: { audit: world.audit } },
        query,
        frame,
      );
      return drawn?.html ?? '';
    };
    return { ...world, draw };
  }

  it('shows who did what, what changed, and the head of the chain', async () => {
    const { audit, relay, draw } = room();
    await relay('r', 1, 'a', { before: { status: 'open' }, after: { status: 'taken' }, reason: 'mine' });
    await audit.seal('a');
    const html = await draw();
    expect(html).toContain('task.add');
    expect(html).toContain('status: open → taken, “mine”');
    expect(html).toContain(`1:${(await audit.head('a'))?.hash}`);
    expect(html).toContain('action="/admin/operations/audit.verify"');
    expect(html).not.toContain(' style="');
  });

  it('escapes whatever a row holds', async () => {
    const { relay, draw } = room();
    const hostile = '<script>alert(1)</script>';
    const actor = { kind: 'person', id: hostile, name: hostile } as const;
    await relay('r', 1, 'a', { actor, target: hostile, after: { title: hostile }, reason: hostile });
    const html = await draw({ what: hostile });
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain(hostile);
  });

  it('filters, says when a time is none, and leaves a row for the look', async () => {
    const { audit, relay, draw } = room();
    await relay('r', 1);
    expect(await draw({ who: 'nobody' })).toContain('No audit row fits these filters.');
    expect(await draw({ since: 'whenever' })).toContain('“whenever” is no time');
    const looks = await audit.list(ctxOf('a', noon), { what: 'audit.list', limit: 10 });
    expect(looks.rows.map(({ outcome }) => outcome)).toEqual(['read', 'read']);
  });

  it('shows nothing of another tenant', async () => {
    const { relay, draw } = room();
    await relay('r', 1, 'b');
    expect(await draw()).toContain('No audit row fits');
  });
});
