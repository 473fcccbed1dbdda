/** Projections of `find` and `$project`: which fields of a document go on. */
import { mongoError, telling } from './errors.ts';
import { OPERATORS, REFUSED_OPERATORS } from './expression/operators.ts';
import { compileExpression, type Variables, variablesOf } from './expression.ts';
import { elemMatchOf, parseSlice, positionalStep, type Step, sliceStep } from './project/find.ts';
import { type Compute, type Mode, ProjectionNode, splitFieldPath } from './project/tree.ts';
import { showFull } from './show.ts';
import { type Doc, fieldOf, isDoc, isNumber, isTruthy, namesOf, typeName, type Value } from './value.ts';

/** What a projection's expressions may read besides the document. */
export interface ProjectionOptions {
  readonly vars?: Doc;
  readonly now?: Date;
}

interface Dialect {
  /** The filter of a `find`; a stage has none, and knows no `$slice: n`, `$elemMatch` and positional `$`. */
  readonly filter: Doc | undefined;
  readonly variables: Variables | undefined;
}

type Entry =
  | { readonly kind: 'name'; readonly parts: string[]; readonly keep: boolean }
  | { readonly kind: 'computed' | 'elemMatch'; readonly parts: string[]; readonly compute: Compute }
  | { readonly kind: 'slice' | 'positional'; readonly parts: string[]; readonly step: Step };

/**
 * Compiles a projection
 * (https://www.mongodb.com/docs/manual/reference/method/db.collection.find/#projection).
 * `filter` is needed by the positional operator. Throws 31253 and 31254 where inclusion and exclusion are
 * mixed,
 * 31249 and 31250 where paths meet.
 */
export function compileProjection(
  spec: Doc,
  filter: Doc = {},
  options: ProjectionOptions = {},
): (doc: Doc) => Doc {
  if (namesOf(spec).length === 0) return (doc) => doc;
  return compileEntries(spec, { filter, variables: variablesOf(options.now, options.vars) });
}

/**
 * Compiles the stage `$project`
 * (https://www.mongodb.com/docs/manual/reference/operator/aggregation/project/).
 */
export function compileProjectStage(spec: Doc, variables: Variables | undefined): (doc: Doc) => Doc {
  return compileEntries(spec, { filter: undefined, variables });
}

/** Compiles `$addFields` (https://www.mongodb.com/docs/manual/reference/operator/aggregation/addFields/). */
export function compileAddFields(spec: Doc, variables: Variables | undefined): (doc: Doc) => Doc {
  const node = new ProjectionNode('exclusion');
  addComputedFields(node, spec, [], variables);
  return (doc) => node.addTo(doc);
}

function addComputedFields(
  node: ProjectionNode,
  spec: Doc,
  above: readonly string[],
  variables: Variables | undefined,
): void {
  for (const path of namesOf(spec)) {
    const value = fieldOf(spec, path);
    const parts = [...above, ...splitFieldPath(path)];
    const first = isDoc(value) ? namesOf(value)[0] : undefined;
    if (isDoc(value) && first !== undefined && !first.startsWith('$'))
      addComputedFields(node, value, parts, variables);
    else node.addComputed(parts, compileExpression(value, variables));
  }
}

function compileEntries(spec: Doc, dialect: Dialect): (doc: Doc) => Doc {
  const entries = readEntries(spec, [], dialect);
  if (entries.filter((entry) => entry.kind === 'positional').length > 1) {
    throw mongoError(31276, 'Cannot specify more than one positional projection per query.');
  }
  refusePositionalWithElemMatch(entries);
  const node = buildNode(entries, modeOf(entries));
  const steps = entries.flatMap((entry) => ('step' in entry ? [entry.step] : []));
  if (steps.length === 0) return (doc) => node.apply(doc);
  return (doc) => steps.reduce((result, step) => step(result, doc), node.apply(doc));
}

function refusePositionalWithElemMatch(entries: readonly Entry[]): void {
  const positional = entries.findIndex((entry) => entry.kind === 'positional');
  const elemMatch = entries.findIndex((entry) => entry.kind === 'elemMatch');
  if (positional === -1 || elemMatch === -1) return;
  throw mongoError(
    positional < elemMatch ? 31255 : 31256,
    'Cannot specify positional operator and $elemMatch.',
  );
}

function readEntries(spec: Doc, above: readonly string[], dialect: Dialect): Entry[] {
  return namesOf(spec).flatMap((path) => readEntry(path, fieldOf(spec, path), above, dialect));
}

function readEntry(path: string, value: Value, above: readonly string[], dialect: Dialect): Entry[] {
  const { filter, variables } = dialect;
  if (filter !== undefined && path.endsWith('.$') && above.length === 0) {
    if (path === '.$') throw mongoError(5392900, "Path '.$' of a positional projection has no field");
    if (!isNumber(value) && typeof value !== 'boolean') {
      throw mongoError(31271, 'positional projection cannot be used with an expression or sub object');
    }
    if (!isTruthy(value)) throw mongoError(31395, 'positional projection cannot be used with exclusion');
    const parts = splitFieldPath(path.slice(0, -2));
    return [{ kind: 'positional', parts, step: positionalStep(parts, filter) }];
  }
  if (filter === undefined) refuseStagePositional(path);
  const parts = [...above, ...splitFieldPath(path)];
  if (isNumber(value) || typeof value === 'boolean') return [{ kind: 'name', parts, keep: isTruthy(value) }];
  if (isDoc(value)) {
    const [first, second] = namesOf(value);
    if (first === undefined) {
      throw mongoError(51270, 'An empty sub-projection is not a valid value. Found empty object at path');
    }
    if (!first.startsWith('$') || second !== undefined) return readEntries(value, parts, dialect);
    const findOnly = filter !== undefined ? readFindOnly(first, fieldOf(value, first), parts) : undefined;
    if (findOnly !== undefined) return [findOnly];
  }
  refuseUnknown(value);
  const compile = () => compileExpression(value, variables);
  const isSlice = filter !== undefined && isDoc(value) && namesOf(value)[0] === '$slice';
  const compute = isSlice ? telling(notASlice(value), compile) : compile();
  return [{ kind: 'computed', parts, compute }];
}

/** `$slice` of find is tried first, then that of expressions. */
function notASlice(given: Doc): string {
  const reason = Array.isArray(fieldOf(given, '$slice'))
    ? 'Location31272: $slice array argument should be of form [skip, limit]'
    : 'Location31273: $slice only supports numbers and [skip, limit] arrays';
  return (
    `Invalid $slice syntax. The given syntax ${showFull(given)} did not match the find() syntax because :: ` +
    `${reason} :: The given syntax did not match the expression $slice syntax.`
  );
}

/** A stage has no matched element to pick. */
function refuseStagePositional(path: string): void {
  if (path.endsWith('.$')) {
    throw mongoError(31324, 'Cannot use positional projection in aggregation projection');
  }
  if (!path.includes('.$.')) return;
  throw mongoError(
    31394,
    "As of 4.4, it's illegal to specify positional operator in the middle of a path." +
      'Positional projection may only be used at the end, for example: a.b.$. If the query previously ' +
      "used a form like a.b.$.d, remove the parts following the '$' and the results will be equivalent.",
  );
}

/** A projection's own operator has its own error; those within expressions have the expressions' one. */
function refuseUnknown(value: Value): void {
  const name = isDoc(value) ? namesOf(value)[0] : undefined;
  if (name === undefined || OPERATORS.has(name) || REFUSED_OPERATORS.has(name)) return;
  throw mongoError(31325, `Unknown expression ${name}`);
}

function readFindOnly(operator: string, operand: Value, parts: string[]): Entry | undefined {
  if (operator === '$elemMatch') return elemMatch(parts, operand);
  const cut = operator === '$slice' ? parseSlice(operand) : undefined;
  return cut === undefined ? undefined : { kind: 'slice', parts, step: sliceStep(parts, cut) };
}

function elemMatch(parts: string[], condition: Value): Entry {
  if (!isDoc(condition)) {
    throw mongoError(31274, `elemMatch: Invalid argument, object required, but got ${typeName(condition)}`);
  }
  const [name, ...deeper] = parts;
  if (name === undefined || deeper.length > 0) {
    throw mongoError(31275, `Cannot use $elemMatch projection on a nested field: ${parts.join('.')}`);
  }
  return { kind: 'elemMatch', parts, compute: elemMatchOf(name, condition) };
}

function isIdEntry(entry: Entry): boolean {
  return entry.parts.length === 1 && entry.parts[0] === '_id';
}

/**
 * Inclusion as soon as a field is asked for; `_id`, `$slice` and `$elemMatch` decide only where nothing else
 * does.
 */
function modeOf(entries: readonly Entry[]): Mode {
  const deciding = entries.find(
    (entry) =>
      entry.kind !== 'slice' && entry.kind !== 'elemMatch' && !(isIdEntry(entry) && entry.kind === 'name'),
  );
  if (deciding !== undefined) return deciding.kind === 'name' && !deciding.keep ? 'exclusion' : 'inclusion';
  const kinds = new Set(entries.map((entry) => entry.kind));
  if (kinds.has('elemMatch') && !kinds.has('slice')) return 'inclusion';
  return entries.some((entry) => entry.kind === 'name' && entry.keep) ? 'inclusion' : 'exclusion';
}

function buildNode(entries: readonly Entry[], mode: Mode): ProjectionNode {
  const node = new ProjectionNode(mode);
  let hasId = false;
  for (const entry of entries) {
    if (isIdEntry(entry)) hasId = true;
    if (entry.kind === 'name') addName(node, entry.parts, entry.keep, mode, isIdEntry(entry));
    else if (entry.kind === 'elemMatch') node.addComputed(entry.parts, entry.compute);
    else if (mode === 'exclusion') {
      if (entry.kind !== 'slice') throw mixed(entry);
    } else if (entry.kind === 'computed') node.addComputed(entry.parts, entry.compute);
    else node.addName(entry.parts);
  }
  if (!hasId && mode === 'inclusion') node.addName(['_id']);
  return node;
}

function addName(node: ProjectionNode, parts: string[], keep: boolean, mode: Mode, isId: boolean): void {
  if (keep === (mode === 'inclusion')) {
    node.addName(parts);
    return;
  }
  if (isId) return;
  const path = parts.join('.');
  if (keep) throw mongoError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
  throw mongoError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
}

function mixed(entry: Entry): Error {
  if (entry.kind === 'positional') {
    const path = `${entry.parts.join('.')}.$`;
    return mongoError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
  }
  return mongoError(31252, 'Cannot use expression other than $meta in exclusion projection');
}
