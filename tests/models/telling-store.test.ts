// A store that tells: of what was left to be delivered, and of nothing that was not written.
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import { tellingStore } from '../../models/telling-store.ts';
import { notes, traceFor } from './samples.ts';

const body = { title: 'x', rank: 1, done: false, dueAt: null };

function heard() {
  const told: string[] = [];
  const facts = tellingStore(createMemoryStore(), (name) => told.push(name)).facts(notes);
  return { told, scoped: facts.scoped('a') };
}

describe('a store that tells', () => {
  it('names the collection where an insert or a change left something', async () => {
    const { told, scoped } = heard();
    const { record } = await scoped.insertOnce('n1', body, traceFor('one', ['note.added']));
    expect(told).toEqual([notes.name]);
    await scoped.compareAndSet(record, { rank: 2 }, traceFor('two', ['note.changed']));
    expect(told).toEqual([notes.name, notes.name]);
  });

  it('is silent about writes that leave nothing', async () => {
    const { told, scoped } = heard();
    const { record } = await scoped.insertOnce('n1', body, traceFor('one'));
    await scoped.compareAndSet(record, { rank: 2 }, traceFor('two'));
    expect(told).toEqual([]);
  });

  it('is silent about what was not written: a repeat, and a change of a version that has passed', async () => {
    const { told, scoped } = heard();
    const { record } = await scoped.insertOnce('n1', body, traceFor('one'));
    await scoped.compareAndSet(record, { rank: 2 }, traceFor('two'));
    await scoped.insertOnce('n1', body, traceFor('one', ['note.added']));
    await scoped.compareAndSet(record, { rank: 3 }, traceFor('three', ['note.changed']));
    expect(told).toEqual([]);
  });
});
