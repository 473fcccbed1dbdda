/** The validate command: holds a collection's indexes against its documents. */
import { Int32, Long } from 'bson';
import { flagArg } from '../args.ts';
import { namedCollection, namespaceOf } from '../catalog.ts';
import type { Collection } from '../collection.ts';
import type { CommandTable, Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import type { Index } from '../index.ts';
import { docOnce } from '../stored-document.ts';
import { ruleOf } from '../validation.ts';
import { type Doc, setField } from '../value.ts';

export const validateCommands: CommandTable = {
  validate: {
    fields: ['full', 'repair', 'metadata', 'checkBSONConformance', 'background', 'scandata'],
    run: validate,
  },
};

/** https://www.mongodb.com/docs/manual/reference/command/validate/ */
async function validate(context: Context): Promise<Doc> {
  const { command, database, engine } = context;
  for (const option of ['full', 'repair']) {
    if (!flagArg(command['background'], 'background') || !flagArg(command[option], option)) continue;
    throw mongoError(
      72,
      `Running the validate command with both { background: true } and { ${option}: true } is not supported.`,
    );
  }
  if (flagArg(command['repair'], 'repair')) {
    throw mongoError(115, "validate's 'repair' is not supported by this engine");
  }
  const namespace = namespaceOf(database, namedCollection(command['validate']));
  const collection = engine.store.catalog.find(namespace);
  if (collection === undefined) {
    throw mongoError(26, `Collection '${namespace}' does not exist to validate.`);
  }
  const keysPerIndex: Doc = {};
  const indexDetails: Doc = {};
  const errors: string[] = [];
  for (const index of collection.indexes) {
    const { name } = index.spec;
    const isValid = await holds(context, collection, index);
    if (!isValid) errors.push(`index '${name}' does not fit the documents`);
    setField(keysPerIndex, name, Long.fromNumber(index.entries.size));
    setField(indexDetails, name, { valid: isValid });
  }
  const strangers = await countStrangers(context, collection);
  return {
    ns: collection.namespace,
    nInvalidDocuments: Long.ZERO,
    nNonCompliantDocuments: Long.fromNumber(strangers),
    nrecords: Long.fromNumber(collection.documents.size),
    nIndexes: new Int32(collection.indexes.length),
    keysPerIndex,
    indexDetails,
    valid: errors.length === 0,
    repaired: false,
    warnings: strangers > 0 ? [STRANGERS] : [],
    errors,
    extraIndexEntries: [],
    missingIndexEntries: [],
    corruptRecords: [],
  };
}

const STRANGERS = "Detected one or more documents not compliant with the collection's schema.";

/** The documents that came before the collection's rule, or past it. */
async function countStrangers({ pace }: Context, collection: Collection): Promise<number> {
  const fits = ruleOf(collection);
  if (fits === undefined) return 0;
  let count = 0;
  for (const stored of collection.documents.values()) {
    if (!fits(docOnce(stored))) count += 1;
    if (pace.due()) await pace.rest();
  }
  return count;
}

/** Has the index each key of each document? */
async function holds({ pace }: Context, collection: Collection, index: Index): Promise<boolean> {
  for (const stored of collection.documents.values()) {
    const wanted = index.keysOf(docOnce(stored));
    if (!wanted.every((key) => index.entries.has(key, stored))) return false;
    if (pace.due()) await pace.rest();
  }
  return true;
}
