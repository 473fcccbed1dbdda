/** What commands say of arguments that are missing, of a wrong type or out of range: MongoDB 7.0's own words. */
import { type Document, Long, Timestamp } from 'bson';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { WireClient } from '../../support/wire-client.ts';

const $db = 'arguments';
const NUMBERS = "types '[long, int, decimal, double']";
const FLAGS = "types '[bool, long, int, decimal, double']";
const aggregate = (pipeline: unknown, rest: Document = {}): Document => ({
  aggregate: 'c',
  pipeline,
  cursor: {},
  ...rest,
});
let engine: TestEngine;
let wire: WireClient;

beforeAll(async () => {
  engine = await startTestEngine();
  wire = await WireClient.connect(Number(new URL(engine.uri).port));
  await wire.command({ insert: 'c', documents: [{ _id: 1, v: [1, 2, 3, 4] }], $db });
});
afterAll(async () => {
  wire.close();
  await engine.remove();
});

const wrong = (field: string, type: string, wanted: string): string =>
  `BSON field '${field}' is the wrong type '${type}', expected ${wanted}`;
const missing = (field: string): string => `BSON field '${field}' is missing but a required field`;
const POSITIONAL = 'Cannot use positional projection in aggregation projection';

it.each<[Document, number, string]>([
  [{ find: 'c', limit: {} }, 14, wrong('FindCommandRequest.limit', 'object', NUMBERS)],
  [{ find: 'c', batchSize: true }, 14, wrong('FindCommandRequest.batchSize', 'bool', NUMBERS)],
  [{ find: 'c', sorted: 1 }, 40415, "BSON field 'FindCommandRequest.sorted' is an unknown field."],
  [{ find: 42 }, 2, 'collection name has invalid type int'],
  [{ find: {} }, 2, 'collection name has invalid type object'],
  [{ find: 'c', maxTimeMS: 4.5 }, 2, 'maxTimeMS has non-integral value'],
  [{ find: 'c', maxTimeMS: Long.MAX_VALUE }, 2, '9223372036854775807 value for maxTimeMS is out of range'],
  [{ find: 'c', maxTimeMS: -2.5 }, 51024, "BSON field 'maxTimeMS' value must be >= 0, actual value '-2'"],
  [aggregate([], { maxTimeMS: 's' }), 14, wrong('aggregate.maxTimeMS', 'string', NUMBERS)],
  [aggregate([], { cursor: 'x' }), 14, 'cursor field must be missing or an object'],
  [aggregate([], { cursor: { batchSize: true } }), 14, wrong('cursor.batchSize', 'bool', NUMBERS)],
  [
    aggregate([], { cursor: { batchSize: -1.1 } }),
    51024,
    "BSON field 'batchSize' value must be >= 0, actual value '-1'",
  ],
  [aggregate([1]), 14, "Each element of the 'pipeline' array must be an object"],
  [{ findAndModify: 'c', update: {}, sort: '1' }, 14, wrong('findAndModify.sort', 'string', "type 'object'")],
  [{ findAndModify: 'c', new: '1' }, 14, wrong('findAndModify.new', 'string', FLAGS)],
  [{ findAndModify: 'c', update: '1' }, 9, 'Update argument must be either an object or an array'],
  [{ delete: 'c', deletes: [{}] }, 40414, missing('delete.deletes.q')],
  [{ delete: 'c', deletes: [{ q: {} }] }, 40414, missing('delete.deletes.limit')],
  [{ update: 'c', updates: [{ q: {} }] }, 40414, missing('update.updates.u')],
  [
    { update: 'c', updates: [{ q: {}, u: [{ $invalid: true }] }] },
    40324,
    "Unrecognized pipeline stage name: '$invalid'",
  ],
  [{ dropIndexes: 'c', index: true }, 14, wrong('dropIndexes.index', 'bool', "types '[string, object']")],
  [{ dropIndexes: 'c', index: [1] }, 14, wrong('dropIndexes.index', 'array', "types '[string']")],
  [{ dropIndexes: 'c' }, 40414, missing('dropIndexes.index')],
  [{ dropIndexes: 'c', index: { n: 1 } }, 27, "can't find index with key: { n: 1 }"],
  [{ dropIndexes: 'none', index: 'a' }, 26, 'ns not found arguments.none'],
  [{ createIndexes: 'c' }, 40414, missing('createIndexes.indexes')],
  [{ createIndexes: 'c', indexes: null }, 10065, 'invalid parameter: expected an object (indexes)'],
  [{ createIndexes: 'c', indexes: {} }, 14, wrong('createIndexes.indexes', 'object', "type 'array'")],
  [{ create: 'a-$' }, 73, 'Invalid collection name: a-$'],
  [{ create: '.a' }, 73, "Collection names cannot start with '.': .a"],
  [{ create: 'a\0b' }, 73, 'namespaces cannot have embedded null characters'],
  [{ dataSize: 'invalid' }, 73, "Invalid namespace specified 'invalid'"],
  [{ getMore: Long.ONE, collection: '' }, 73, 'Collection names cannot be empty'],
  [{ distinct: {}, key: 'a' }, 73, 'collection name has invalid type object'],
  [
    { createIndexes: 'c', indexes: [{ key: { _id: 1 }, name: '_id_', unique: true }] },
    197,
    "The field 'unique' is not valid for an _id index specification. " +
      'Specification: { key: { _id: 1 }, name: "_id_", unique: true, v: 2 }',
  ],
  [
    { createIndexes: 'c', indexes: [{ key: { v: 1 }, name: 'u', unique: {} }] },
    14,
    'Error in specification { key: { v: 1 }, name: "u", unique: {} } :: caused by :: The field ' +
      "'unique has value unique: {}, which is not convertible to bool",
  ],
  [{ create: 'x', capped: true }, 72, "the 'size' field is required when 'capped' is true"],
  [{ create: 'x', capped: true, size: -5 }, 51024, "BSON field 'size' value must be >= 1, actual value '-5'"],
  [
    { find: 'c', filter: { v: { $mod: [Number.NaN, 1] } } },
    2,
    'malformed mod, divisor value is invalid :: caused by :: Unable to coerce NaN/Inf to integral type',
  ],
  [
    { find: 'c', filter: { v: { $mod: [1, 1e19] } } },
    2,
    'malformed mod, remainder value is invalid :: caused by :: Out of bounds coercing to integral value',
  ],
])('%o is refused with %i: %s', async (command, code, errmsg) => {
  expect(await wire.command({ ...command, $db })).toMatchObject({ ok: 0, code, errmsg });
});

it.each<[Document, number, string]>([
  [{ $set: 'x' }, 40272, '$set specification stage must be an object, got string'],
  [
    { $project: {} },
    51272,
    'Invalid $project :: caused by :: projection specification must have at least one field',
  ],
  [{ $unset: ['v', 'v'] }, 31250, 'Invalid $unset :: caused by :: Path collision at v'],
  [{ $unset: [] }, 31119, '$unset specification must be a string or an array with at least one field'],
  [
    { $project: { a: 1, b: 0 } },
    31254,
    'Invalid $project :: caused by :: Cannot do exclusion on field b in inclusion projection',
  ],
  [{ $project: { 'v.$': 0 } }, 31324, `Invalid $project :: caused by :: ${POSITIONAL}`],
  [{ $project: { '$.v.$': 1 } }, 31324, `Invalid $project :: caused by :: ${POSITIONAL}`],
  [{ $project: { v: { $no: 1 } } }, 31325, 'Invalid $project :: caused by :: Unknown expression $no'],
  [{ $group: { n: { $sum: [] } } }, 40237, 'The $sum accumulator is a unary operator'],
])('the stage %o is refused with %i: %s', async (stage, code, errmsg) => {
  expect(await wire.command({ ...aggregate([stage]), $db })).toMatchObject({ ok: 0, code, errmsg });
});

it('numbers lose their fraction, and null is as good as nothing', async () => {
  const answer = await wire.command({ find: 'c', limit: 1.9, batchSize: null, sort: null, $db });
  expect(answer['cursor'].firstBatch).toHaveLength(1);
});

it.each<[unknown, number[]]>([
  [1.4, [1]],
  [
    [-2.5, 2],
    [3, 4],
  ],
  [
    [1, 2.8],
    [2, 3],
  ],
  [Number.POSITIVE_INFINITY, [1, 2, 3, 4]],
])('a projection cuts by %o without its fraction', async ($slice, expected) => {
  const answer = await wire.command({ find: 'c', projection: { v: { $slice } }, $db });
  expect(answer['cursor'].firstBatch[0].v).toEqual(expected);
});

it.each<[unknown, number, string]>([
  [[3, -2], 28724, 'First argument to $slice must be an array, but is of type: int'],
  [
    'x',
    28667,
    'Invalid $slice syntax. The given syntax { $slice: "x" } did not match the find() syntax because :: ' +
      'Location31273: $slice only supports numbers and [skip, limit] arrays :: The given syntax did not match ' +
      'the expression $slice syntax. :: caused by :: Expression $slice takes at least 2 arguments, and at most ' +
      '3, but 1 were passed in.',
  ],
])('a projection cannot cut by %o', async ($slice, code, errmsg) => {
  const command = { find: 'c', projection: { v: { $slice } }, $db };
  expect(await wire.command(command)).toMatchObject({ ok: 0, code, errmsg });
});

it('distinct tells the first of equal values', async () => {
  await wire.command({ insert: 'd', documents: [{ n: new Timestamp(0n) }, { n: Long.ONE }, { n: 1 }], $db });
  const raw = await wire.command({ distinct: 'd', key: 'n', query: { n: { $type: 'number' } }, $db });
  expect(raw['values']).toHaveLength(1);
});

it('getParameter shows what may be set, and when, to who asks for details', async () => {
  const get = (given: unknown, rest: Document = {}) =>
    wire.command({ getParameter: given, ...rest, $db: 'admin' });
  const details = { value: false, settableAtRuntime: true, settableAtStartup: true };
  expect(await get({ showDetails: true }, { quiet: 1 })).toMatchObject({ quiet: details });
  expect(await get({ showDetails: 0 }, { quiet: 1 })).toMatchObject({ quiet: false });
  expect(await get({ showDetails: true, allParameters: true })).toMatchObject({ quiet: details });
  expect(await get({ showDetails: true })).toMatchObject({
    ok: 0,
    code: 72,
    errmsg: 'no option found to get',
  });
  const errmsg = wrong('getParameter.showDetails', 'string', FLAGS);
  expect(await get({ showDetails: '1' }, { quiet: 1 })).toMatchObject({ ok: 0, code: 14, errmsg });
});
