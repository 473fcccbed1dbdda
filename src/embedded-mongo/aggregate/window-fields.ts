/** The stage `$setWindowFields`: computes over windows of documents in the order of their partition. */
import { mongoError } from '../errors.ts';
import { compileExpression, type Variables } from '../expression.ts';
import { encodeKey } from '../key.ts';
import { ProjectionNode, splitFieldPath } from '../project/tree.ts';
import { compileSortKey, parseSort } from '../sort.ts';
import { type Doc, fieldOf, isDoc, namesOf, typeName, type Value } from '../value.ts';
import { sortByKey } from './sort.ts';
import { type Item, PAUSE, type Stage, type StageCompiler } from './stage.ts';
import type { WindowFunction } from './window/partition.ts';
import { readStatement } from './window/statement.ts';

interface Output {
  readonly path: string;
  readonly compute: WindowFunction;
}
interface Order {
  /** A document's key within its partition; undefined leaves the order as it is. */
  readonly keyOf: ((doc: Doc) => string) | undefined;
  readonly partitionOf: ((doc: Doc) => string) | undefined;
}
const DOCS_BETWEEN_PAUSES = 256;

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/setWindowFields/ */
export const setWindowFieldsStage: StageCompiler = (spec, { variables }) => {
  if (!isDoc(spec)) {
    throw mongoError(
      9,
      `the $setWindowFields stage specification must be an object, found ${typeName(spec)}`,
    );
  }
  for (const name of namesOf(spec)) {
    if (!['partitionBy', 'sortBy', 'output'].includes(name))
      throw mongoError(40415, `BSON field '$setWindowFields.${name}' is an unknown field.`);
  }
  const { partitionBy, sortBy, output } = {
    partitionBy: spec['partitionBy'],
    sortBy: spec['sortBy'],
    output: spec['output'],
  };
  if (sortBy !== undefined && !isDoc(sortBy)) throw wrongType('sortBy', sortBy);
  if (output === undefined)
    throw mongoError(40414, "BSON field '$setWindowFields.output' is missing but a required field");
  if (!isDoc(output)) throw wrongType('output', output);
  return setWindowFields(partitionBy, sortBy, output, variables);
};

function wrongType(name: string, value: Value): Error {
  return mongoError(
    14,
    `BSON field '$setWindowFields.${name}' is the wrong type '${typeName(value)}', expected type 'object'`,
  );
}

/** The stage from its parts; `$fill` is made of it, too. */
export function setWindowFields(
  partitionBy: Value,
  sortBy: Doc | undefined,
  output: Doc,
  variables: Variables | undefined,
): Stage {
  const partitionOf = partitionBy === undefined ? undefined : readPartition(partitionBy, variables);
  const scope = { sortBy: sortBy === undefined ? undefined : parseSort(sortBy), variables };
  const paths = namesOf(output);
  refuseConflicts(paths);
  const outputs = paths.map((path) => ({ path, compute: readStatement(fieldOf(output, path), scope) }));
  const order: Order = {
    keyOf: sortBy === undefined ? undefined : compileSortKey(sortBy),
    partitionOf,
  };
  return (source) => overPartitions(source, order, outputs);
}

function readPartition(partitionBy: Value, variables: Variables | undefined): (doc: Doc) => string {
  if (Array.isArray(partitionBy))
    throw mongoError(14, 'An expression used to partition cannot evaluate to value of type array');
  const evaluate = compileExpression(partitionBy, variables);
  return (doc) => {
    const value = evaluate(doc) ?? null;
    if (Array.isArray(value)) throw mongoError(14, "Cannot 'partitionBy' an expression of type array");
    return encodeKey(value);
  };
}

function refuseConflicts(paths: readonly string[]): void {
  paths.forEach((path, i) => {
    const meets = (other: string) => `${path}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${path}.`);
    if (!paths.slice(i + 1).some(meets)) return;
    throw mongoError(6307900, "$setWindowFields 'output' specification contains two conflicting paths");
  });
}

function* overPartitions(source: Iterable<Item>, order: Order, outputs: readonly Output[]): Iterable<Item> {
  const { keyOf, partitionOf } = order;
  const sorted =
    keyOf === undefined && partitionOf === undefined
      ? source
      : sortByKey(source, (doc) => (partitionOf?.(doc) ?? '') + (keyOf?.(doc) ?? ''));
  let docs: Doc[] = [];
  let current: string | undefined;
  for (const item of sorted) {
    if (item === PAUSE) {
      yield PAUSE;
      continue;
    }
    const partition = partitionOf?.(item);
    if (partition !== current) {
      yield* filled(docs, outputs);
      docs = [];
      current = partition;
    }
    docs.push(item);
  }
  yield* filled(docs, outputs);
}

/** The documents of one partition with their outputs. */
function* filled(docs: readonly Doc[], outputs: readonly Output[]): Iterable<Item> {
  const running = outputs.map(({ compute }) => compute(docs));
  const values: Value[] = [];
  const node = new ProjectionNode('exclusion');
  outputs.forEach(({ path }, i) => {
    node.addComputed(splitFieldPath(path), () => values[i]);
  });
  for (let position = 0; position < docs.length; position++) {
    for (const [i, each] of running.entries()) {
      while (!each.advance(position)) yield PAUSE;
      values[i] = each.value(position);
    }
    yield node.addTo(docs[position] ?? {});
    if (position % DOCS_BETWEEN_PAUSES === DOCS_BETWEEN_PAUSES - 1) yield PAUSE;
  }
}
