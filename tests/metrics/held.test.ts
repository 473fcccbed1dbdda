// The metrics of the team's own work: counted in the records of the product, in the time that is asked for.
import { describe, expect, it } from 'vitest';
import { alerts } from '../../models/alert.ts';
import { experiments } from '../../models/experiment.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { tasks } from '../../models/task.ts';
import { createAlerting } from '../../src/features/alerts/raise.ts';
import { heldMetrics } from '../../src/features/metrics/definitions/held.ts';
import { createTaskService } from '../../src/features/tasks/service.ts';
import { createHeldCounts } from '../../src/held-counts.ts';
import { TestClock, testCtx } from '../support/context.ts';

const DAY_MS = 86_400_000;

function world() {
  const store = createMemoryStore();
  const clock = new TestClock();
  const held = createHeldCounts(store);
  const service = createTaskService({ tasks: store.facts(tasks) });
  const alerting = createAlerting({ alerts: store.records(alerts), clock, nudge: () => undefined });
  const metrics = heldMetrics(held);
  const ask = async (id: string, from: number, to: number, tenant = 'default') => {
    const value = metrics.find((metric) => metric.id === id)?.value;
    if (value?.kind !== 'read') throw new Error(`${id} is not read`);
    const now = clock.now();
    const at = (days: number): Date => new Date(now.getTime() + days * DAY_MS);
    return (await value.read({ tenant, from: at(from), to: at(to), now, zone: 'Asia/Kolkata' })).get('');
  };
  const ctx = () => testCtx({ now: clock.now() });
  return { store, clock, service, alerting, ask, ctx };
}

describe('the work of the team', () => {
  it('is counted in the time asked for, half open', async () => {
    const { service, clock, ask, ctx } = world();
    const task = await service.add(ctx(), { title: 'Fix it', category: 'x', priority: 'high' });
    await service.add(ctx(), { title: 'And that', category: 'x', priority: 'low' });
    clock.advance(DAY_MS);
    await service.finish(ctx(), task._id, 'done');
    expect(await ask('tasks-added', -1, 0)).toBe(2);
    expect(await ask('tasks-added', -2, -1)).toBe(0);
    expect(await ask('tasks-done', 0, 1)).toBe(1);
    expect(await ask('tasks-done', -1, 0)).toBe(0);
    expect(await ask('tasks-open', -1, 1)).toBe(1);
  });

  it('of another tenant is not counted', async () => {
    const { service, ask, ctx } = world();
    await service.add(ctx(), { title: 'Ours', category: 'x', priority: 'high' });
    expect(await ask('tasks-open', -1, 1, 'other')).toBe(0);
  });

  it('counts an alert once, from when it began', async () => {
    const { alerting, ask } = world();
    const facts = { fingerprint: 'a', group: 'g', title: 'A', severity: 'warning', source: 's' } as const;
    await alerting.raise('default', facts, '1');
    await alerting.raise('default', facts, '2');
    expect([await ask('alerts-raised', 0, 1), await ask('alerts-open', 0, 1)]).toEqual([1, 1]);
    await alerting.resolve('default', 'a', 'well');
    expect([await ask('alerts-raised', 0, 1), await ask('alerts-open', 0, 1)]).toEqual([1, 0]);
  });

  it('has no time to a decision while nothing was decided', async () => {
    const { ask, store } = world();
    expect(await ask('decision-time', -1, 1)).toBeNull();
    expect(await store.facts(experiments).scoped('default').count({})).toBe(0);
    expect(await ask('experiments-running', -1, 1)).toBe(0);
  });
});
