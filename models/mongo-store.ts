// The store over MongoDB: every command carries the tenant, or the reason why it looks across tenants.
import { type Connection, trusted, type UpdateQuery } from 'mongoose';
import { copyOf } from './copy.ts';
import type { CollectionDefinition } from './define.ts';
import { type FactRow, HISTORY_KEPT, type Row } from './documents.ts';
import { brokenKeys, translated, translation } from './mongo-errors.ts';
import { filterOf, only, reasonOf } from './mongo-filter.ts';
import { modelOf, type RowModel } from './mongo-schema.ts';
import { type Backend, createStore, type RowChange, type Store } from './store.ts';
import { insertRow } from './tenant-plugin.ts';
import { UniqueConflict } from './unique-conflict.ts';

/** How many documents go out in one insert command. */
const INSERT_BATCH = 2_000;

/** A store over that connection, which must be open; see `connectDatabase`. */
export function createMongoStore(connection: Connection): Store {
  return createStore((definition) => createMongoTable(definition, modelOf(connection, definition)));
}

function createMongoTable(definition: CollectionDefinition, model: RowModel): Backend {
  const { name } = definition;
  const outcome = <T>(work: () => Promise<T>): Promise<T> => translated(name, work);
  const get = (tenant: string, id: string) => model.findOne(only(tenant, id)).lean<Row>().exec();

  return {
    get: (tenant, id) => outcome(async () => (await get(tenant, id)) ?? undefined),
    find: (reach, { where, sort, limit, skip }) =>
      outcome(() => {
        const query = model.find(filterOf(reach, where)).skip(skip).limit(limit).setOptions(reasonOf(reach));
        return query
          .sort([...sort].map(([field, direction]) => [field, direction]))
          .lean<Row[]>()
          .exec();
      }),
    count: (reach, where) =>
      outcome(() => model.countDocuments(filterOf(reach, where)).setOptions(reasonOf(reach)).exec()),
    insert: async (row) => {
      try {
        await insertRow(model, row);
        return { row: copyOf(row), inserted: true };
      } catch (thrown) {
        const [broken] = brokenKeys(thrown);
        const holder = broken && (await outcome(() => get(row.tenant, row._id)));
        if (!holder) throw translation(name, thrown);
        return { row: holder, inserted: false };
      }
    },
    insertAll: (tenant, rows) => outcome(() => insertAll(model, name, tenant, rows)),
    change: (tenant, id, version, change) =>
      outcome(async () => {
        const query = model.findOneAndUpdate({ ...only(tenant, id), version }, updateOf(change));
        return (await query.setOptions({ returnDocument: 'after' }).lean<Row>().exec()) ?? undefined;
      }),
    changeEach: (tenant, changes) =>
      outcome(async () => {
        const operations = changes.map(({ id, version, set }) => ({
          updateOne: { filter: { ...only(tenant, id), version }, update: updateOf({ set }) },
        }));
        return (await model.bulkWrite(operations, { ordered: false, timestamps: false })).matchedCount;
      }),
    changeAll: (tenant, ids, set) =>
      outcome(async () => {
        if (ids.length === 0) return 0;
        const filter = { tenant, _id: trusted({ $in: [...ids] }) };
        return (await model.updateMany(filter, updateOf({ set })).exec()).matchedCount;
      }),
    due: (before, limit) =>
      outcome(() =>
        model
          .find({ 'outbox.at': trusted({ $lte: before }) }, { tenant: 1, outbox: 1 })
          .limit(limit)
          .setOptions(reasonOf({ reason: 'relay' }))
          .lean<FactRow[]>()
          .exec(),
      ),
    removeItems: (tenant, facts) =>
      outcome(async () => {
        const operations = facts.map(({ _id, outbox }) => {
          const gone = { id: { $in: outbox.map(({ id }) => id) } };
          return { filter: { _id, tenant }, update: { $pull: { outbox: gone } } };
        });
        const [one, ...others] = operations;
        // One alone is the usual case, and a bulk write of one costs half as much again.
        if (one && others.length === 0) await model.updateOne(one.filter, one.update).exec();
        else
          await model.bulkWrite(
            operations.map((updateOne) => ({ updateOne })),
            { ordered: false },
          );
      }),
  };
}

/** Only operators of ours: the fields under `$set` were judged, and their values are stored as they are. */
function updateOf({ set, entry, items = [] }: RowChange): UpdateQuery<Row> {
  const update = { $set: set, $inc: { version: 1 } };
  if (!entry) return update;
  const history = { $each: [entry], $slice: -HISTORY_KEPT };
  return { ...update, $push: { history, outbox: { $each: [...items] } } };
}

type Refused = readonly { readonly index: string; readonly at: number }[];

/** Inserts without mongoose's documents and tells which rows a unique key kept out. */
async function refusedOf(model: RowModel, rows: readonly Row[]): Promise<Refused> {
  try {
    await model.insertMany([...rows], { lean: true, ordered: false, rawResult: true });
    return [];
  } catch (thrown) {
    const broken = brokenKeys(thrown);
    if (broken.length === 0) throw thrown;
    return broken;
  }
}

/** A row that was kept out is fine when its id is the tenant's already: this insert has run before. */
async function insertAll(
  model: RowModel,
  collection: string,
  tenant: string,
  rows: readonly Row[],
): Promise<number> {
  let count = 0;
  let conflict: UniqueConflict | undefined;
  for (let start = 0; start < rows.length; start += INSERT_BATCH) {
    const batch = rows.slice(start, start + INSERT_BATCH);
    const refused = await refusedOf(model, batch);
    count += batch.length - refused.length;
    if (refused.length === 0 || conflict) continue;
    const ids = refused.flatMap(({ at }) => batch[at]?._id ?? []);
    const filter = { tenant, _id: trusted({ $in: ids }) };
    const held = new Set((await model.find(filter, { _id: 1 }).lean<Row[]>().exec()).map(({ _id }) => _id));
    const foreign = refused.find(({ at }) => !held.has(batch[at]?._id ?? ''));
    if (foreign) conflict = new UniqueConflict(collection, foreign.index);
  }
  if (conflict) throw conflict;
  return count;
}
