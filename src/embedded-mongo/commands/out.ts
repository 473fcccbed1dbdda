/** The stage $out: the result of a pipeline takes the place of a collection, all at once. */
import { type Item, PAUSE } from '../aggregate.ts';
import { checkOnly, stringArg } from '../args.ts';
import { toRaw } from '../bson-codec.ts';
import { namespaceOf } from '../catalog.ts';
import { Collection } from '../collection.ts';
import type { Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import { isDoc, typeName, type Value } from '../value.ts';
import { storedBytes } from '../writes.ts';
import { prepare, refuseSystem } from './insert.ts';

/**
 * Replaces a collection, keeping its options and indexes
 * (https://www.mongodb.com/docs/manual/reference/operator/aggregation/out/).
 * Throws 11000 for documents that its unique indexes refuse, and changes nothing then.
 */
export function prepareOut(context: Context, spec: Value): (items: Iterable<Item>) => Promise<void> {
  const namespace = targetOf(context.database, spec);
  refuseSystem(namespace, namespace.slice(0, namespace.indexOf('.')));
  return (items) => writeOut(context, namespace, items);
}

async function writeOut(context: Context, namespace: string, items: Iterable<Item>): Promise<void> {
  const { engine, pace, writes } = context;
  const existing = engine.store.catalog.find(namespace);
  const made = new Collection(namespace, existing?.options ?? {});
  for (const { spec: indexed } of existing?.indexes.slice(1) ?? []) made.addIndex({ ...indexed });
  for (const item of items) {
    if (item === PAUSE) {
      if (pace.isOver()) await pace.rest();
      continue;
    }
    const doc = prepare(item, context) ?? item;
    writes.check(made, doc);
    made.insert(toRaw(storedBytes(doc)), doc);
  }
  engine.cursors.closeWhere((cursor) => cursor.namespace === namespace);
  writes.replaceCollection(made);
}

function targetOf(database: string, spec: Value): string {
  if (typeof spec === 'string') return namespaceOf(database, spec);
  if (!isDoc(spec)) {
    throw mongoError(16990, `$out only supports a string or object argument, but found ${typeName(spec)}`);
  }
  const given = spec;
  checkOnly(given, '$out', ['db', 'coll']);
  return namespaceOf(stringArg(given['db'], '$out.db'), stringArg(given['coll'], '$out.coll'));
}
