/** The findAndModify command: one document, changed and returned in one step. */
import { Int32 } from 'bson';
import { docArg, flagArg, hintArg, optionalDoc } from '../args.ts';
import { namespaceOf } from '../catalog.ts';
import type { CommandTable, Context } from '../context.ts';
import { mongoError, telling } from '../errors.ts';
import { HangUp } from '../fail-point.ts';
import { refuseCollation } from '../index-spec.ts';
import { compileProjection } from '../project.ts';
import { outcomeOf } from '../sessions.ts';
import { docOf } from '../stored-document.ts';
import { type Doc, isDoc, namesOf, type Value } from '../value.ts';
import { refuseSystem } from './insert.ts';
import { scopeOf } from './scope.ts';
import { firstTarget, type Target } from './targets.ts';
import { applyUpdate, compileChange, insertUpsert } from './update.ts';
import { statementId } from './write-results.ts';

const FIELDS = [
  'query',
  'sort',
  'remove',
  'update',
  'new',
  'fields',
  'upsert',
  'bypassDocumentValidation',
  'bypassEmptyTsReplacement',
  'collation',
  'arrayFilters',
  'hint',
  'let',
  'stmtId',
];

/** How MongoDB tells of errors met at a document, other than those of the command itself. */
const EXECUTION = 'Plan executor error during findAndModify';

const findAndModifyCommand = { fields: FIELDS, retryable: true, writes: true, run: findAndModify };

export const findAndModifyCommands: CommandTable = {
  findAndModify: findAndModifyCommand,
  findandmodify: findAndModifyCommand,
};

/** https://www.mongodb.com/docs/manual/reference/command/findAndModify/ */
async function findAndModify(context: Context): Promise<Doc> {
  const { command, engine, retry, writes, now, name } = context;
  const namespace = namespaceOf(context.database, command[name]);
  refuseSystem(namespace, context.database);
  const statement = statementId(command, 0);
  const known = retry === undefined ? undefined : outcomeOf(retry, statement);
  if (known !== undefined) return known;
  refuseCollation(command['collation']);
  const isRemove = flagArg(command['remove'], 'remove');
  checkOptions(command, isRemove);
  const target: Target = {
    namespace,
    filter: optionalDoc(command['query'], 'query') ?? {},
    scope: scopeOf(context),
    hint: hintArg(command['hint']),
    sort: optionalDoc(command['sort'], 'sort'),
  };
  const hangsUp = retry !== undefined && engine.failPoint.strikeWrite();
  const reply = isRemove ? await removeOne(context, target) : await updateOne(context, target);
  writes.remember(retry, { first: statement, count: 1, outcome: reply }, now.getTime());
  if (hangsUp) throw new HangUp('after the write');
  return reply;
}

function checkOptions(command: Doc, isRemove: boolean): void {
  const wantsNew = flagArg(command['new'], 'new');
  const upsert = flagArg(command['upsert'], 'upsert');
  if (isRemove && command['update'] !== undefined) {
    throw mongoError(9, 'Cannot specify both an update and remove=true');
  }
  if (!isRemove && command['update'] === undefined) {
    throw mongoError(9, 'Either an update or remove=true must be specified');
  }
  if (isRemove && upsert) {
    throw mongoError(9, 'Cannot specify both upsert=true and remove=true');
  }
  if (isRemove && wantsNew) {
    throw mongoError(
      9,
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  }
  if (command['arrayFilters'] === undefined) return;
  if (isRemove) throw mongoError(9, 'Cannot specify arrayFilters and remove=true');
  if (Array.isArray(command['update'])) {
    throw mongoError(9, 'Cannot specify arrayFilters and a pipeline update');
  }
}

async function removeOne(context: Context, target: Target): Promise<Doc> {
  const project = projectionOf(context.command, target);
  let removed: Doc | undefined;
  await firstTarget(context, target, (collection, stored) => {
    const doc = docOf(stored);
    removed = project(doc);
    context.writes.remove(collection, stored, doc);
  });
  return { lastErrorObject: { n: new Int32(removed === undefined ? 0 : 1) }, value: removed ?? null };
}

async function updateOne(context: Context, target: Target): Promise<Doc> {
  const { command } = context;
  const change = compileChange(context, command['update'], command['arrayFilters'], target.filter, undefined);
  const project = projectionOf(command, target);
  const wantsNew = flagArg(command['new'], 'new');
  if (wantsNew) refusePositional(command['fields']);
  let value: Doc | undefined;
  const found = await firstTarget(context, target, (collection, stored) => {
    const before = docOf(stored);
    telling(EXECUTION, () => applyUpdate(context, collection, stored, change));
    value = project(wantsNew ? docOf(stored) : before);
  });
  if (found) return { lastErrorObject: { n: new Int32(1), updatedExisting: true }, value: value ?? null };
  if (!flagArg(command['upsert'], 'upsert')) {
    return { lastErrorObject: { n: new Int32(0), updatedExisting: false }, value: null };
  }
  const inserted = telling(EXECUTION, () =>
    insertUpsert(context, target.namespace, target.filter, change, command['update']),
  );
  return {
    lastErrorObject: { n: new Int32(1), updatedExisting: false, upserted: inserted['_id'] },
    value: wantsNew ? project(inserted) : null,
  };
}

function projectionOf(command: Doc, { filter, scope }: Target): (doc: Doc) => Doc {
  const fields = command['fields'];
  if (fields === undefined || fields === null) return (doc) => doc;
  return compileProjection(docArg(fields, 'fields'), filter, scope);
}

/** The filter says nothing about the positions in a document that was changed since. */
function refusePositional(fields: Value): void {
  if (isDoc(fields) && namesOf(fields).some((path) => path.endsWith('.$'))) {
    throw mongoError(2, 'cannot use a positional projection and return the new document');
  }
}
