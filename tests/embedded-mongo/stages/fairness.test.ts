/** No stage holds the event loop while it reads another collection: a pause comes after every thousand documents. */
import { Int32 } from 'bson';
import { describe, expect, it } from 'vitest';
import { PAUSE, runPipeline } from '../../../src/embedded-mongo/aggregate.ts';
import type { Doc } from '../../../src/embedded-mongo/value.ts';

const MANY = 5000;
const foreign: Doc[] = Array.from({ length: MANY }, (_, i) => ({ _id: new Int32(i), up: new Int32(i - 1) }));

/** How many documents are read from the other collection before each pause, and what comes out. */
function run(stage: Doc): { longest: number; docs: Doc[] } {
  let [sincePause, longest] = [0, 0];
  const lookup = function* (): Generator<Doc> {
    for (const doc of foreign) {
      sincePause += 1;
      longest = Math.max(longest, sincePause);
      yield doc;
    }
  };
  const docs: Doc[] = [];
  for (const item of runPipeline([stage], [{ _id: new Int32(7) }], { now: new Date(0), lookup })) {
    if (item === PAUSE) sincePause = 0;
    else docs.push(item);
  }
  return { longest, docs };
}

describe('a pause comes often while another collection is read', () => {
  it.each<[string, Doc, number]>([
    ['$lookup by fields', { from: 'f', localField: '_id', foreignField: '_id', as: 'x' }, 1],
    ['$lookup by a pipeline', { from: 'f', pipeline: [{ $match: { _id: -1 } }], as: 'x' }, 0],
    [
      '$graphLookup',
      { from: 'f', startWith: '$_id', connectFromField: 'up', connectToField: '_id', as: 'x' },
      8,
    ],
  ])('by %s', (name, spec, found) => {
    const { longest, docs } = run({ [name.split(' ')[0] ?? '']: spec });
    expect(docs.map((doc) => [doc['_id'], (doc['x'] as Doc[]).length])).toEqual([[new Int32(7), found]]);
    expect(longest).toBeLessThanOrEqual(1100);
  });

  it('by $unionWith', () => {
    const { longest, docs } = run({ $unionWith: { coll: 'f', pipeline: [{ $match: { _id: 3 } }] } });
    expect(docs.map((doc) => doc['_id'])).toEqual([new Int32(7), new Int32(3)]);
    expect(longest).toBeLessThanOrEqual(1100);
  });
});
