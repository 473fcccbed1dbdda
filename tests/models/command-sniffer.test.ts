// The third wall itself: a command without a tenant is named, and what the repositories send is not.
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { auditLog } from '../../models/audit-log.ts';
import { connectDatabase, type Database } from '../../models/connection.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { type Sniffer, sniffCommands } from '../support/command-sniffer.ts';
import { sampleBody } from '../support/sample-body.ts';

let database: Database;
let connection: Connection;
let sniffer: Sniffer;
beforeAll(async () => {
  database = await connectDatabase({ uri: inject('mongodbUri'), monitorCommands: true });
  connection = database.connection.useDb('test_sniffer');
});
beforeEach(() => {
  sniffer?.stop();
  sniffer = sniffCommands(connection);
});
afterAll(async () => {
  await connection.dropDatabase();
  await database.close();
});

const raw = () => connection.collection('audit_log');
const set = { $set: { reason: 'x' } };
const id = 'r1' as never;

const breaches: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
  ['find', () => raw().find({}).toArray(), /find on audit_log reads without/],
  ['find by id', () => raw().findOne({ _id: id }), /reads without/],
  ['find by an operator', () => raw().findOne({ tenant: { $ne: 'a' } }), /reads without/],
  ['find for a made-up reason', () => raw().findOne({}, { comment: 'across tenants: fun' }), /reads without/],
  ['count', () => raw().countDocuments({ open: true }), /aggregate on audit_log reads without/],
  ['estimated count', () => raw().estimatedDocumentCount(), /count on audit_log reads without/],
  ['distinct', () => raw().distinct('actorId'), /distinct on audit_log reads without/],
  [
    'aggregate',
    () =>
      raw()
        .aggregate([{ $limit: 1 }])
        .toArray(),
    /reads without/,
  ],
  ['insert', () => raw().insertOne({ _id: id }), /inserts without/],
  ['insert of one among many', () => raw().insertMany([{ tenant: 'a' }, { open: true }]), /inserts without/],
  ['update', () => raw().updateOne({ _id: id }, set), /update on audit_log writes without/],
  [
    'update for a reason',
    () => raw().updateMany({}, set, { comment: 'across tenants: seal' }),
    /writes without/,
  ],
  [
    'find and update',
    () => raw().findOneAndUpdate({ _id: id }, set),
    /findAndModify on audit_log writes without/,
  ],
  ['a change of the tenant', () => raw().updateOne({ tenant: 'a' }, { $set: { tenant: 'b' } }), /may change/],
  ['delete', () => raw().deleteMany({ tenant: 'a' }), /deletes/],
  [
    'a collection nobody knows',
    () => connection.collection('loot').findOne({ tenant: 'a' }),
    /no definition/,
  ],
];

describe('the command sniffer', () => {
  it.each(breaches)('names %s without a tenant', async (_, command, breach) => {
    await command();
    expect(sniffer.breaches).toHaveLength(1);
    expect(sniffer.breaches[0]).toMatch(breach);
    expect(() => sniffer.check()).toThrow(breach);
  });

  it('names nothing that a repository sends, and nothing of the exempt collections', async () => {
    const rows = createMongoStore(connection).records(auditLog);
    const a = rows.scoped('a');
    const body = sampleBody(auditLog, 1) as unknown as Parameters<typeof a.insertOnce>[1];
    const { record } = await a.insertOnce('s1', body);
    await a.insertMany([{ id: 's2', body }]);
    await a.compareAndSet(record, { open: false });
    await a.updateMany(['s1', 's2'], { open: false });
    await a.find({ where: { open: false }, limit: 5 });
    await a.count({ open: false });
    await rows.acrossTenants('seal').find({ where: { open: true }, limit: 5 });
    await rows.acrossTenants('seal').count({ open: true });
    await connection.collection('sessions').findOne({});
    expect(sniffer.seen).toBeGreaterThanOrEqual(8);
    expect(sniffer.breaches).toEqual([]);
  });
});
