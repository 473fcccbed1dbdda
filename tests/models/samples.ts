// Two small collections that the store tests work on.
import { defineFacts, defineRecords, mixed } from '../../models/define.ts';
import type { Fact, Stored } from '../../src/core/store.ts';
import type { Trace } from '../../src/core/trace.ts';

export interface Note extends Fact {
  readonly title: string;
  readonly rank: number;
  readonly done: boolean;
  readonly dueAt: Date | null;
  readonly tags?: readonly string[];
  readonly payload?: unknown;
}

export const notes = defineFacts<Note>({
  name: 'test_notes',
  fields: {
    title: { type: String, required: true, maxlength: 100 },
    rank: { type: Number, required: true },
    done: { type: Boolean, required: true },
    dueAt: Date,
    tags: [String],
    payload: mixed,
  },
  indexes: [{ keys: { title: 1 }, unique: true }, { keys: { rank: -1 } }],
  about: { holds: 'A note of the tests.', writer: 'tests', retention: 'none' },
});

export interface Mark extends Stored {
  readonly slot?: string;
  readonly color: 'red' | 'blue';
  readonly count: number;
  readonly payload?: unknown;
}

export const marks = defineRecords<Mark>({
  name: 'test_marks',
  fields: {
    slot: String,
    color: { type: String, required: true, enum: ['red', 'blue'] },
    count: { type: Number, required: true, min: 0 },
    payload: mixed,
  },
  indexes: [{ keys: { slot: 1 }, unique: true, partial: { slot: { exists: true } } }],
  about: { holds: 'A mark of the tests.', writer: 'tests', retention: 'none' },
});

export const t0 = new Date('2026-01-05T10:00:00.000Z');

/** A trace of one effect with one event per type given. */
export function traceFor(effectKey: string, events: readonly string[] = [], at = t0): Trace {
  return {
    history: { effectKey, at, by: 'usr_1', operation: 'note.write' },
    items: events.map((type) => ({
      kind: 'send',
      destination: 'webhook:test',
      body: { kind: 'event', event: { type, version: 1, payload: {} } },
    })),
  };
}

export const note = (
  title: string,
  rest: Partial<{ rank: number; dueAt: Date | null; payload: unknown }> = {},
) => ({
  title,
  rank: 1,
  done: false,
  dueAt: null,
  ...rest,
});

/** Values that would be operators, code or prototypes if a store believed them. */
export const hostileValues: readonly unknown[] = [
  { $gt: '' },
  { $ne: null },
  { $where: 'return true' },
  { in: ['a'] },
  { 'a.b': 1, $set: { tenant: 'b' } },
  JSON.parse('{"__proto__": {"tenant": "b"}, "constructor": {"prototype": 1}, "toString": 1, "toBSON": 2}'),
  [{ $gt: 1 }, ['$where']],
  '$where',
  '__proto__',
  '',
];
