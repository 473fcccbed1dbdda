/** What updates refuse, seed and match by position, command by command, as MongoDB 7.0 answers. */
import type { Document } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../support/engine.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject('mongodbUri'));
});
afterEach(() => database.db.dropCollection('c'));
afterAll(() => database.drop());

type Stored = { _id: number; [field: string]: unknown };
const collection = () => database.db.collection<Stored>('c');
const S = { $set: { 'a.$[i]': 5 } };

describe('an update by the position that the filter matched', () => {
  it.each<[string, Document, Document, Document, Document]>([
    [
      'goes by the implicit position below an explicit one',
      { a: [{ b: [0, 1] }] },
      { 'a.0.b': 1 },
      { 'a.0.b.$': 2 },
      { a: [{ b: [0, 2] }] },
    ],
    [
      'goes by the element, not by the explicit position below it',
      { a: [{ b: [0, 1] }] },
      { 'a.b.1': 1 },
      { 'a.$.b.1': 2 },
      { a: [{ b: [0, 2] }] },
    ],
    [
      'does not take an explicit position of another array',
      { a: [0, 1], b: [{ c: [0] }] },
      { a: 1, 'b.0.c.0': 0 },
      { 'a.$': 2 },
      { a: [0, 2], b: [{ c: [0] }] },
    ],
    [
      'takes a set of values on one field',
      { a: [1, 2, 3] },
      { $or: [{ a: 3 }, { a: 2 }] },
      { 'a.$': 9 },
      { a: [1, 9, 3] },
    ],
  ])('%s', async (_name, before, filter, set, after) => {
    await collection().insertOne({ _id: 1, ...before });
    await collection().updateOne(filter, { $set: set });
    expect(await collection().findOne()).toEqual({ _id: 1, ...after });
  });

  it.each<[string, Document, Document, Document]>([
    ['only an explicit position matched', { a: [{ b: 0 }] }, { 'a.0.b': 0 }, { 'a.$.b': 1 }],
    ['branches on different fields matched', { a: [1], b: [2] }, { $or: [{ a: 1 }, { b: 2 }] }, { 'a.$': 1 }],
  ])('is refused when %s', async (_name, before, filter, set) => {
    await collection().insertOne({ _id: 1, ...before });
    await expect(collection().updateOne(filter, { $set: set })).rejects.toMatchObject({ code: 2 });
  });
});

describe('an upsert', () => {
  it.each<[string, Document, Document, number]>([
    ['two values for _id', { _id: { $all: [1, 2] } }, { a: 1 }, 54],
    ['two values for a field', { x: { $all: [1, 2] } }, { $set: { a: 1 } }, 54],
    ['a replacement with parts of an _id', { '_id.x': 1, '_id.y': 2 }, { a: 1 }, 83],
  ])('refuses %s', async (_name, filter, update, code) => {
    const command = { update: 'c', updates: [{ q: filter, u: update, upsert: true }] };
    const reply = await database.db.command(command);
    expect(reply['writeErrors']).toMatchObject([{ code }]);
  });

  it('by a replacement takes over nothing but the _id, however often the filter names other fields', async () => {
    const filter = { _id: 1, $and: [{ x: 1 }, { x: 2 }], 'x.x': 1 };
    await collection().replaceOne(filter, { y: 1 }, { upsert: true });
    expect(await collection().findOne()).toEqual({ _id: 1, y: 1 });
  });
});

describe('an update', () => {
  it.each<[string, Document, Document, number]>([
    ['array filters with $expr', S, { arrayFilters: [{ $expr: { $eq: ['$a', 1] } }] }, 224],
    ['array filters with $where', S, { arrayFilters: [{ $where: 'true' }] }, 2],
    ['$pop below a scalar', { $pop: { 'a.b.c': 1 } }, {}, 28],
    ['$pull below an array by name', { $pull: { 'list.x': 1 } }, {}, 28],
  ])('refuses %s', async (_name, u, more, code) => {
    await collection().insertOne({ _id: 1, a: { b: 1 }, list: [1] });
    const reply = await database.db.command({ update: 'c', updates: [{ q: {}, u, ...more }] });
    expect(reply['writeErrors']).toMatchObject([{ code }]);
  });

  it('refuses a field named like a position that an index goes through', async () => {
    await collection().insertOne({ _id: 1, a: [{}] });
    await collection().createIndex({ 'a.0.c': 1 });
    const change = { $set: { 'a.0.0': 1 } };
    await expect(collection().updateOne({}, change)).rejects.toMatchObject({ code: 16746 });
    expect(await collection().findOne()).toEqual({ _id: 1, a: [{}] });
  });
});

describe('findAndModify', () => {
  it.each<[string, Document, number]>([
    ['array filters for a removal', { remove: true, arrayFilters: [{ i: 1 }] }, 9],
    ['array filters for a pipeline', { update: [], arrayFilters: [{ i: 1 }] }, 9],
    ['a hint that is a number', { update: { a: 1 }, hint: 1 }, 9],
    ['an unknown expression as a projection', { update: { a: 1 }, fields: { b: { $pop: ['x'] } } }, 31325],
    [
      'the matched position of a changed document',
      { query: { a: 1 }, update: { $set: { b: 1 } }, fields: { 'a.$': 1 }, new: true },
      2,
    ],
  ])('refuses %s', async (_name, more, code) => {
    await collection().insertOne({ _id: 1, a: [1] });
    await expect(database.db.command({ findAndModify: 'c', ...more })).rejects.toMatchObject({ code });
  });

  it('takes null for a query, a sort and a projection that are not given', async () => {
    await collection().insertOne({ _id: 1, a: 1 });
    const nothing = { query: null, sort: null, fields: null };
    const reply = await database.db.command({ findAndModify: 'c', ...nothing, update: { b: 2 }, new: true });
    expect(reply['value']).toEqual({ _id: 1, b: 2 });
  });
});

describe('the matched position in a projection', () => {
  it.each<[string, Document, Document, Document, Document]>([
    [
      'cuts the first array of a path',
      { x: 1 },
      { 'a.b.c.$': 1 },
      { x: [0, 1], a: [{ b: { c: [1, 2] } }, { b: { c: [3, 4] } }] },
      { a: [{ b: { c: [3, 4] } }] },
    ],
    ['leaves what is no array', { x: { $gt: 0 } }, { 'a.b.$': 1 }, { x: [1], a: { b: 5 } }, { a: { b: 5 } }],
  ])('%s', async (_name, filter, projection, before, after) => {
    await collection().insertOne({ _id: 1, ...before });
    expect(await collection().findOne(filter, { projection })).toEqual({ _id: 1, ...after });
  });

  it.each<[string, Document, Document, number]>([
    ['in a shorter array', { a: 6 }, { 'b.$': 1 }, 51247],
    ['of branches on different fields', { $or: [{ a: 4 }, { b: 2 }] }, { 'a.$': 1 }, 51246],
    ['with an expression', { a: 6 }, { 'a.$': { $slice: 1 } }, 31271],
    ['besides $elemMatch', { a: 6 }, { 'a.$': 1, b: { $elemMatch: { x: 1 } } }, 31255],
    ['of no field', {}, { '.$': 1 }, 5392900],
  ])('is refused %s', async (_name, filter, projection, code) => {
    await collection().insertOne({ _id: 1, a: [4, 5, 6], b: [1, 2] });
    await expect(collection().findOne(filter, { projection })).rejects.toMatchObject({ code });
  });
});
