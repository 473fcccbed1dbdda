/** mongoose, unchanged, on the engine: what the product's models rest on. */
import mongoose, { type Connection, Schema, Types } from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../support/engine.ts';

describe('mongoose on the engine', () => {
  let database: TestDatabase;
  let connection: Connection;

  beforeAll(async () => {
    database = await testDatabase(inject('mongodbUri'));
    connection = await mongoose.createConnection(database.uri).asPromise();
  });
  afterAll(async () => {
    await connection.close();
    await database.drop();
  });

  it('populates a reference by one query', async () => {
    const Author = connection.model('Author', new Schema({ name: String }));
    const Book = connection.model(
      'Book',
      new Schema({ title: String, author: { type: Types.ObjectId, ref: 'Author' } }),
    );
    const author = await Author.create({ name: 'Ismat' });
    await Book.create({ title: 'Lihaaf', author: author._id });
    const book = await Book.findOne({ title: 'Lihaaf' })
      .populate<{ author: { name: string } }>('author')
      .lean();
    expect(book?.author.name).toBe('Ismat');
  });

  it('reports a duplicate as 11000 with the key and keeps the first', async () => {
    const User = connection.model('User', new Schema({ email: { type: String, unique: true }, n: Number }));
    await User.init();
    await User.create({ email: 'a@example.org', n: 1 });
    await expect(User.create({ email: 'a@example.org', n: 2 })).rejects.toMatchObject({
      code: 11000,
      keyValue: { email: 'a@example.org' },
    });
    const change = User.updateOne(
      { email: 'b@example.org' },
      { $set: { email: 'a@example.org' } },
      { upsert: true },
    );
    await expect(change).rejects.toMatchObject({ code: 11000 });
    expect(await User.find().lean()).toMatchObject([{ n: 1 }]);
  });

  it('changes only the array elements that the filters name', async () => {
    const Order = connection.model(
      'Order',
      new Schema({ items: [{ _id: false, sku: String, sent: Boolean, n: Number }] }),
    );
    const { _id } = await Order.create({
      items: [
        { sku: 'a', n: 1 },
        { sku: 'b', n: 2 },
        { sku: 'a', n: 3 },
      ],
    });
    await Order.updateOne(
      { _id },
      { $set: { 'items.$[x].sent': true } },
      { arrayFilters: [{ 'x.sku': 'a', 'x.n': { $gt: 1 } }] },
    );
    await Order.updateOne({ _id, 'items.sku': 'b' }, { $inc: { 'items.$.n': 40 } });
    const order = await Order.findById(_id).lean();
    expect(order?.items).toEqual([
      { sku: 'a', n: 1 },
      { sku: 'b', n: 42 },
      { sku: 'a', n: 3, sent: true },
    ]);
  });

  it('writes all of an unordered bulk but the duplicates, and says which failed', async () => {
    const Row = connection.model('Row', new Schema({ _id: Number, v: Number }));
    await Row.create({ _id: 1, v: 0 });
    const error = await Row.bulkWrite(
      [
        { insertOne: { document: { _id: 1, v: 9 } } },
        { insertOne: { document: { _id: 2, v: 2 } } },
        { updateOne: { filter: { _id: 1 }, update: { $inc: { v: 1 } } } },
        { insertOne: { document: { _id: 2, v: 9 } } },
        { deleteOne: { filter: { _id: 99 } } },
      ],
      { ordered: false },
    ).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 11000, insertedCount: 1, modifiedCount: 1, deletedCount: 0 });
    expect(await Row.find().sort({ _id: 1 }).lean()).toMatchObject([
      { _id: 1, v: 1 },
      { _id: 2, v: 2 },
    ]);
  });

  it('hands out a large result by a cursor without losing or repeating a document', async () => {
    const Point = connection.model('Point', new Schema({ n: Number }));
    await Point.insertMany(Array.from({ length: 500 }, (_, n) => ({ n })));
    const seen: unknown[] = [];
    for await (const point of Point.find({ n: { $gte: 100 } })
      .sort({ n: -1 })
      .batchSize(33)
      .lean()
      .cursor())
      seen.push(point.n);
    expect(seen).toEqual(Array.from({ length: 400 }, (_, n) => 499 - n));
  });

  it('finds due outbox items by the partial index, and only documents that have any', async () => {
    const schema = new Schema({ outbox: [{ _id: false, n: Number, at: Date }] });
    schema.index({ 'outbox.at': 1 }, { partialFilterExpression: { 'outbox.at': { $exists: true } } });
    const Thing = connection.model('Thing', schema, 'things');
    await Thing.init();
    await Thing.insertMany([
      {
        outbox: [
          { n: 1, at: new Date(1000) },
          { n: 2, at: new Date(9000) },
        ],
      },
      { outbox: [] },
      { outbox: [{ n: 3, at: new Date(5000) }] },
    ]);
    const filter = { 'outbox.at': { $lte: new Date(2000) } };
    const due = await Thing.find(filter).lean();
    expect(due.map((thing) => thing.outbox[0]?.n)).toEqual([1]);
    const plan = await database.db.command({
      explain: { find: 'things', filter },
      verbosity: 'executionStats',
    });
    expect(plan['queryPlanner'].winningPlan.inputStage).toMatchObject({
      stage: 'IXSCAN',
      indexName: 'outbox.at_1',
    });
    expect(plan['executionStats']).toMatchObject({
      totalDocsExamined: 1,
      nReturned: 1,
    });
    await Thing.updateMany({}, { $pull: { outbox: { n: { $in: [1, 2] } } } });
    expect(await Thing.countDocuments(filter)).toBe(0);
  });
});
