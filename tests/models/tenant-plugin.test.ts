// The second wall: every mongoose call of one tenant's work that could touch another's throws before it leaves.
import { Mongoose, trusted } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { modelOf, type RowModel } from '../../models/mongo-schema.ts';
import { insertRow } from '../../models/tenant-plugin.ts';
import { acrossTenants, withTenant } from '../../src/core/tenant.ts';
import { notes } from './samples.ts';

const mongoose = new Mongoose({ bufferCommands: false, sanitizeFilter: true });
/** A model without a connection: what passes the wall fails there, with another error. */
const model: RowModel = modelOf(mongoose.createConnection(), notes);
const doc = (tenant: string) => ({ _id: 'n1', tenant, version: 1, title: 'x' });
const set = { $set: { title: 'y' } };

type Call = readonly [string, () => unknown];

/** Awaits inside, as a thenable query would otherwise run in the scope of whoever awaits it. */
const run = async (call: () => unknown): Promise<unknown> => await call();
const inA = (call: () => unknown): Promise<unknown> => withTenant('a', () => run(call));

const ofAnother: readonly Call[] = [
  ['find', () => model.find({ tenant: 'b' })],
  ['find by operator', () => model.find({ tenant: trusted({ $ne: 'a' }) })],
  ['find by an operator of our own', () => model.find({ tenant: trusted({ $in: ['a', 'b'] }) })],
  ['findOne', () => model.findOne({ tenant: 'b', _id: 'n1' })],
  ['exists', () => model.exists({ tenant: 'b' })],
  ['countDocuments', () => model.countDocuments({ tenant: 'b' })],
  ['findOneAndUpdate', () => model.findOneAndUpdate({ tenant: 'b' }, set)],
  ['updateOne', () => model.updateOne({ tenant: 'b' }, set)],
  ['updateMany', () => model.updateMany({ tenant: 'b' }, set)],
  ['an update that moves to another', () => model.updateOne({ _id: 'n1' }, { $set: { tenant: 'b' } })],
  ['an update without operators', () => model.updateOne({ _id: 'n1' }, { tenant: 'b' })],
  ['an update that takes the tenant away', () => model.updateOne({}, { $unset: { tenant: 1 } })],
  ['an update that renames into it', () => model.updateOne({}, { $rename: { title: 'tenant' } })],
  ['an update by pipeline', () => model.updateOne({}, [{ $set: { tenant: 'b' } }], { updatePipeline: true })],
  ['insertMany', () => model.insertMany([doc('a'), doc('b')])],
  ['insertMany, lean', () => model.insertMany([doc('b')], { lean: true })],
  [
    'insertMany of none',
    () => model.insertMany([{ _id: 'n1', title: 'x' } as unknown as ReturnType<typeof doc>]),
  ],
  ['insertRow', () => insertRow(model, doc('b'))],
  ['bulkWrite', () => model.bulkWrite([{ updateOne: { filter: { tenant: 'b' }, update: set } }])],
  ['bulkWrite of all', () => model.bulkWrite([{ updateOne: { filter: {}, update: set } }])],
];

const closed: readonly Call[] = [
  ['save', () => new model(doc('a')).save()],
  ['create', () => model.create(doc('a'))],
  ['insertOne', () => model.insertOne(doc('a'))],
  ['aggregate', () => model.aggregate([{ $match: { tenant: 'a' } }])],
  ['distinct', () => model.distinct('title', { tenant: 'a' })],
  ['estimatedDocumentCount', () => model.estimatedDocumentCount()],
  ['deleteOne', () => model.deleteOne({ tenant: 'a' })],
  ['deleteMany', () => model.deleteMany({ tenant: 'a' })],
  ['findOneAndDelete', () => model.findOneAndDelete({ tenant: 'a' })],
  ['findOneAndReplace', () => model.findOneAndReplace({ tenant: 'a' }, doc('a'))],
  ['replaceOne', () => model.replaceOne({ tenant: 'a' }, doc('a'))],
  ['bulkWrite that inserts', () => model.bulkWrite([{ insertOne: { document: doc('a') } }])],
  ['bulkWrite that deletes', () => model.bulkWrite([{ deleteOne: { filter: { tenant: 'a' } } }])],
  ['bulkSave', () => model.bulkSave([new model(doc('a'))])],
  ['watch', () => model.watch()],
  ['hydrate', () => model.hydrate(doc('a'))],
];

const open: readonly Call[] = [
  ['find', () => model.find({ tenant: 'a' })],
  ['find without a tenant: it gets its own', () => model.find({})],
  ['countDocuments', () => model.countDocuments({ title: 'x' })],
  ['findOneAndUpdate', () => model.findOneAndUpdate({ _id: 'n1' }, set)],
  ['insertMany', () => model.insertMany([doc('a')], { lean: true })],
  ['insertRow', () => insertRow(model, doc('a'))],
];

const messageOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'passed',
    (thrown: unknown) => (thrown as Error).message,
  );

const refusal = /internal\.bug: (work for tenant|a query ran|a write ran|an update|a bulk write|this way)/;

describe('the tenant plugin', () => {
  it.each(ofAnother)('refuses work of one tenant on another: %s', async (_, call) => {
    expect(await messageOf(inA(call))).toMatch(refusal);
  });

  it.each(closed)('keeps closed what no repository uses: %s', async (_, call) => {
    expect(await messageOf(inA(call))).toMatch(
      /this way to the database is not open|a bulk write may only update/,
    );
  });

  it.each([...open, ...ofAnother])('refuses all of it outside every tenant: %s', async (_, call) => {
    expect(await messageOf(run(call))).toMatch(refusal);
  });

  it.each(open)('lets pass what stays within the tenant: %s', async (_, call) => {
    expect(await messageOf(inA(call))).not.toMatch(refusal);
  });

  it('puts the tenant into every filter', async () => {
    const query = model.find({ title: 'x' });
    await messageOf(inA(() => query));
    expect(query.getFilter()).toEqual({ title: 'x', tenant: 'a' });
  });

  it('lets a system reason read over all tenants, and write for none', async () => {
    const inSystem = (call: () => unknown) => acrossTenants('relay', () => run(call));
    expect(await messageOf(inSystem(() => model.find({})))).not.toMatch(refusal);
    for (const call of [
      () => model.updateMany({}, set),
      () => model.insertMany([doc('a')]),
      () => insertRow(model, doc('a')),
      () => model.bulkWrite([{ updateOne: { filter: { tenant: 'a' }, update: set } }]),
    ])
      expect(await messageOf(inSystem(call))).toMatch(/a write ran outside a tenant/);
  });

  it('judges by the scope that awaits, so that a query built for one tenant cannot run in another’s work', async () => {
    const query = await withTenant('b', async () => ({ made: model.find({ tenant: 'b' }) }));
    expect(await messageOf(inA(() => query.made))).toMatch(refusal);
  });

  it('refuses paths that no definition names', async () => {
    const filter = { nothing: 1 };
    expect(await messageOf(inA(() => model.find(filter)))).toMatch(/nothing/);
    expect(await messageOf(inA(() => model.updateOne({}, { $set: { nothing: 1 } })))).toMatch(/nothing/);
  });
});
