/** References to documents ($ref, $id, $db) in paths: the only fields with a dollar that paths may name. */
import { ObjectId } from 'bson';
import { expect, it } from 'vitest';
import { runPipeline } from '../../../src/embedded-mongo/aggregate.ts';
import { type Doc, setField } from '../../../src/embedded-mongo/value.ts';

const TARGET = new ObjectId('650000000000000000000001');

function reference(): Doc {
  const link: Doc = {};
  setField(link, '$ref', 'things');
  setField(link, '$id', TARGET);
  return { _id: 1, link };
}

function run(pipeline: Doc[]): Doc[] {
  const lookup = (): Doc[] => [{ _id: TARGET, name: 'thing' }];
  return [...runPipeline(pipeline, [reference()], { lookup, now: new Date(0) })] as Doc[];
}

it.each<[string, Doc[]]>([
  ['an expression', [{ $project: { _id: 0, r: { $eq: ['$link.$id', TARGET] } } }]],
  [
    'a variable of a lookup',
    [
      {
        $lookup: {
          from: 'things',
          let: { wanted: '$link.$id' },
          pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$wanted'] } } }],
          as: 'found',
        },
      },
      { $project: { _id: 0, r: { $eq: ['$found.name', ['thing']] } } },
    ],
  ],
  [
    'the local field of a lookup',
    [
      { $lookup: { from: 'things', localField: 'link.$id', foreignField: '_id', as: 'found' } },
      { $project: { _id: 0, r: { $eq: ['$found.name', ['thing']] } } },
    ],
  ],
  [
    'a sort and a projection',
    [
      { $sort: { 'link.$id': 1 } },
      { $project: { 'link.$id': 1 } },
      { $project: { _id: 0, r: { $eq: ['$link.$id', TARGET] } } },
    ],
  ],
])('follows a reference in %s', (_, pipeline) => {
  expect(run(pipeline)).toEqual([{ r: true }]);
});

it.each<[string, Doc[]]>([
  ['an expression', [{ $project: { r: '$link.$other' } }]],
  ['a sort', [{ $sort: { 'link.$other': 1 } }]],
  ['a projection', [{ $project: { 'link.$other': 1 } }]],
])('refuses any other dollar in %s', (_, pipeline) => {
  expect(() => run(pipeline)).toThrow(/FieldPath field names may not start with '\$'/);
});
