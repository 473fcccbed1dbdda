/** The update and delete commands. */
import { Int32, ObjectId } from 'bson';
import { checkStageName } from '../aggregate.ts';
import { checkOnly, docArg, docsArg, flagArg, hintArg, optionalDoc } from '../args.ts';
import { decodeBson, encodeBson } from '../bson-codec.ts';
import { namespaceOf } from '../catalog.ts';
import type { Collection } from '../collection.ts';
import type { CommandTable, Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import { refuseCollation } from '../index-spec.ts';
import { docOf, type StoredDocument } from '../stored-document.ts';
import { compileUpdate, replacementSeed, type Update, upsertSeed } from '../update.ts';
import { type Doc, fieldOf, hasField, isDoc, namesOf, toNumber, type Value } from '../value.ts';
import type { Reading } from './find.ts';
import { prepare, refuseSystem, withTimes } from './insert.ts';
import { scopeOf } from './scope.ts';
import { eachTarget, firstTarget, type Target } from './targets.ts';
import { type Outcome, runStatements, sumOf } from './write-results.ts';

export const updateCommands: CommandTable = {
  update: {
    fields: [
      'updates',
      'ordered',
      'bypassDocumentValidation',
      'bypassEmptyTsReplacement',
      'let',
      'stmtId',
      'stmtIds',
    ],
    retryable: true,
    writes: true,
    run: update,
  },
  delete: {
    fields: ['deletes', 'ordered', 'let', 'stmtId', 'stmtIds'],
    retryable: true,
    writes: true,
    run: remove,
  },
};

const UPDATE_FIELDS = ['q', 'u', 'c', 'upsert', 'multi', 'collation', 'arrayFilters', 'hint'];
const DELETE_FIELDS = ['q', 'limit', 'collation', 'hint'];

/** https://www.mongodb.com/docs/manual/reference/command/update/ */
async function update(context: Context): Promise<Doc> {
  const namespace = namespaceOf(context.database, context.command['update']);
  refuseSystem(namespace, context.database);
  const statements = statementsOf(context, 'updates', UPDATE_FIELDS);
  const { outcomes, writeErrors } = await runStatements(context, statements.length, (index) => {
    return updateStatement(context, namespace, statements[index] ?? {});
  });
  const upserted: Doc[] = [];
  for (const [index, outcome] of outcomes) {
    if (Object.hasOwn(outcome, 'upserted'))
      upserted.push({ index: new Int32(index), _id: outcome['upserted'] });
  }
  const reply: Doc = {
    n: new Int32(sumOf(outcomes, 'n')),
    nModified: new Int32(sumOf(outcomes, 'nModified')),
  };
  if (upserted.length > 0) reply['upserted'] = upserted;
  if (writeErrors.length > 0) reply['writeErrors'] = writeErrors;
  return reply;
}

async function updateStatement(context: Context, namespace: string, statement: Doc): Promise<Outcome> {
  const filter = docArg(statement['q'], 'update.updates.q');
  const multi = flagArg(statement['multi'], 'multi');
  const upsert = flagArg(statement['upsert'], 'upsert');
  refuseCollation(statement['collation']);
  const change = compileChange(context, statement['u'], statement['arrayFilters'], filter, statement['c']);
  if (multi && isReplacement(statement['u'])) {
    throw mongoError(9, 'multi update is not supported for replacement-style update');
  }
  if (multi && context.retry !== undefined) refuseMultiRetry();
  const target: Target = { namespace, filter, scope: scopeOf(context), hint: hintArg(statement['hint']) };
  let n = 0;
  let nModified = 0;
  const apply = (collection: Collection, stored: StoredDocument): void => {
    n += 1;
    if (applyUpdate(context, collection, stored, change)) nModified += 1;
  };
  if (multi) await eachTarget(context, target, apply);
  else await firstTarget(context, target, apply);
  if (n > 0 || !upsert) return { n: new Int32(n), nModified: new Int32(nModified) };
  const inserted = insertUpsert(context, namespace, filter, change, statement['u']);
  return { n: new Int32(1), nModified: new Int32(0), upserted: inserted['_id'] };
}

/** Compiles a statement's update; a pipeline is an array. */
export function compileChange(
  context: Context,
  given: Value,
  arrayFilters: Value,
  filter: Doc,
  constants: Value,
): Update {
  const isPipeline = Array.isArray(given);
  if (!isPipeline && constants !== undefined) {
    throw mongoError(51198, 'Constant values may only be specified for pipeline updates');
  }
  const filters = arrayFilters === undefined ? undefined : docsArg(arrayFilters, 'arrayFilters');
  const { now, vars } = scopeOf(context);
  if (!isPipeline && !isDoc(given)) {
    throw mongoError(9, 'Update argument must be either an object or an array');
  }
  const definition = isPipeline ? pipelineArg(given) : definitionOf(given, context);
  return compileUpdate(definition, {
    filter,
    now,
    ...(filters === undefined ? {} : { arrayFilters: filters }),
    vars: { ...vars, ...optionalDoc(constants, 'c') },
  });
}

/** A pipeline's stages are known before any statement is run. */
function pipelineArg(given: readonly Value[]): Doc[] {
  return given.map((stage) => {
    if (!isDoc(stage)) throw mongoError(14, "Each element of the 'pipeline' array must be an object");
    return stage;
  });
}

function definitionOf(given: Doc, context: Context): Doc {
  return isReplacement(given) ? withTimes(given, context) : given;
}

/** Applies an update to one document; false when it leaves it as it is. */
export function applyUpdate(
  context: Context,
  collection: Collection,
  stored: StoredDocument,
  change: Update,
): boolean {
  const before = docOf(stored);
  const after = change(before, false);
  if (after === before) return false;
  context.writes.replace(collection, stored, after);
  return true;
}

/** Inserts what an upsert makes of its filter and update; gives the document. */
export function insertUpsert(
  context: Context,
  namespace: string,
  filter: Doc,
  change: Update,
  given: Value,
): Doc {
  const made = change(isReplacement(given) ? replacementSeed(filter) : upsertSeed(filter), true);
  const withId: Doc = fieldOf(made, '_id') === undefined ? { _id: new ObjectId(), ...made } : made;
  const doc = prepare(withId, context) ?? withId;
  context.writes.insert(context.writes.ensure(namespace), encodeBson(doc), doc);
  return doc;
}

/** https://www.mongodb.com/docs/manual/reference/command/delete/ */
async function remove(context: Context): Promise<Doc> {
  const namespace = namespaceOf(context.database, context.command['delete']);
  refuseSystem(namespace, context.database);
  const statements = statementsOf(context, 'deletes', DELETE_FIELDS);
  const { outcomes, writeErrors } = await runStatements(context, statements.length, (index) => {
    return deleteStatement(context, namespace, statements[index] ?? {});
  });
  const reply: Doc = { n: new Int32(sumOf(outcomes, 'n')) };
  if (writeErrors.length > 0) reply['writeErrors'] = writeErrors;
  return reply;
}

async function deleteStatement(context: Context, namespace: string, statement: Doc): Promise<Outcome> {
  const filter = docArg(statement['q'], 'delete.deletes.q');
  refuseCollation(statement['collation']);
  const limit = toNumber(statement['limit'] ?? Number.NaN);
  if (limit !== 0 && limit !== 1) {
    throw mongoError(
      9,
      `The limit field in delete objects must be 0 or 1. Got ${String(statement['limit'])}`,
    );
  }
  if (limit === 0 && context.retry !== undefined) refuseMultiRetry();
  const target: Target = { namespace, filter, scope: scopeOf(context), hint: hintArg(statement['hint']) };
  let n = 0;
  const apply = (collection: Collection, stored: StoredDocument): void => {
    n += 1;
    context.writes.remove(collection, stored, docOf(stored));
  };
  if (limit === 0) await eachTarget(context, target, apply);
  else await firstTarget(context, target, apply);
  return { n: new Int32(n) };
}

/** All statements are checked for what they hold before the first one is run, as MongoDB does. */
function statementsOf({ command, sequences, name }: Context, field: string, known: readonly string[]): Doc[] {
  const sequence = sequences.get(field);
  const statements = sequence === undefined ? docsArg(command[field], field) : sequence.map(decodeBson);
  const needed = name === 'update' ? 'u' : 'limit';
  for (const statement of statements) {
    checkOnly(statement, `${name}.${field}`, known);
    docArg(statement['q'], `${name}.${field}.q`);
    if (!hasField(statement, needed)) {
      throw mongoError(40414, `BSON field '${name}.${field}.${needed}' is missing but a required field`);
    }
    if (needed === 'u') checkStageNames(statement['u']);
  }
  return statements;
}

/** An unknown stage of a pipeline update fails the command, before any of its statements is run. */
function checkStageNames(given: Value): void {
  if (!Array.isArray(given)) return;
  for (const stage of pipelineArg(given)) checkStageName(stage);
}

function isReplacement(update: Value): boolean {
  return isDoc(update) && !namesOf(update)[0]?.startsWith('$');
}

function refuseMultiRetry(): never {
  throw mongoError(72, 'Cannot use retryable writes with multi-document updates or deletes');
}

/** What explain shows of a write: the reading that finds its documents. */
export function writeReading(context: Context): Reading {
  const { command, name, database } = context;
  const statements =
    name === 'findAndModify' ? [command] : docsArg(command[name === 'update' ? 'updates' : 'deletes'], name);
  const statement = statements[0] ?? {};
  const filter = optionalDoc(statement['q'] ?? statement['query'], 'q') ?? {};
  const query = { filter, hint: hintArg(statement['hint']), sort: optionalDoc(statement['sort'], 'sort') };
  return { namespace: namespaceOf(database, command[name]), query, skip: 0, scope: scopeOf(context) };
}
