/** Pipelines that start without a collection: `{aggregate: 1}` with a stage that makes its documents. */
import { Binary } from 'bson';
import { documentsOf } from '../aggregate/documents.ts';
import { checkOnly, docArg } from '../args.ts';
import type { Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import { variablesOf } from '../expression.ts';
import { type Doc, namesOf, type Value } from '../value.ts';
import { currentOperations } from './operations.ts';
import { scopeOf } from './scope.ts';

/**
 * The documents of the first stage
 * (https://www.mongodb.com/docs/manual/reference/method/db.aggregate/). Throws 73 for a stage that needs a
 * collection, 115 where the engine leaves it to MongoDB.
 */
export function documentsOfSource(context: Context, first: Doc | undefined): Doc[] {
  const [name = ''] = namesOf(first ?? {});
  const spec = first?.[name];
  switch (name) {
    case '$documents':
      return documentsOf(spec, variablesOf(scopeOf(context).now, scopeOf(context).vars));
    case '$listLocalSessions':
      return localSessions(context, spec);
    case '$currentOp':
      return currentOperations(context, spec);
    case '$changeStream':
      throw mongoError(115, `The stage ${name} is not supported by the embedded engine`);
    default:
      throw mongoError(73, `{aggregate: 1} is not valid for '${name}'; a collection is required.`);
  }
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/listLocalSessions/ */
function localSessions({ engine, session, now }: Context, spec: Value): Doc[] {
  checkOnly(docArg(spec, '$listLocalSessions'), '$listLocalSessions', ['allUsers', 'users']);
  const ids = new Set(engine.store.retries.sessions());
  if (session !== undefined) ids.add(session);
  return [...ids].map((id) => ({
    _id: { id: new Binary(Buffer.from(id, 'hex'), Binary.SUBTYPE_UUID) },
    lastUse: now,
  }));
}
