/** Projections of `find`: which fields of a document a client is sent. */
import { mongoError } from './errors.ts';
import { elemMatchStep, parseSlice, positionalStep, type Step, sliceStep } from './project/find.ts';
import { type Compute, type Mode, ProjectionNode, splitFieldPath } from './project/tree.ts';
import { type Doc, isDoc, isNumber, isTruthy, type Value } from './value.ts';

/** Turns an expression into a function of the document. */
export type CompileExpression = (expression: Value) => Compute;

type Entry =
  | { readonly kind: 'name'; readonly parts: string[]; readonly keep: boolean }
  | { readonly kind: 'computed'; readonly parts: string[]; readonly compute: Compute }
  | { readonly kind: 'slice' | 'elemMatch' | 'positional'; readonly parts: string[]; readonly step: Step };

/**
 * Compiles a projection (https://www.mongodb.com/docs/manual/reference/method/db.collection.find/#projection).
 * `filter` is needed by the positional operator. Throws 31253 and 31254 where inclusion and exclusion are mixed,
 * 31249 and 31250 where paths meet.
 */
export function compileProjection(spec: Doc, filter: Doc = {}): (doc: Doc) => Doc {
  if (Object.keys(spec).length === 0) return (doc) => doc;
  const entries = readEntries(spec, [], filter);
  if (entries.filter((entry) => entry.kind === 'positional').length > 1) {
    throw mongoError(31276, 'Cannot specify more than one positional projection per query.');
  }
  const mode = modeOf(entries);
  const node = buildNode(entries, mode);
  const steps = entries.flatMap((entry) => ('step' in entry ? [entry.step] : []));
  return (doc) => steps.reduce((result, step) => step(result, doc), node.apply(doc));
}

function readEntries(spec: Doc, above: readonly string[], filter: Doc): Entry[] {
  return Object.keys(spec).flatMap((path) => readEntry(path, spec[path], above, filter));
}

function readEntry(path: string, value: Value, above: readonly string[], filter: Doc): Entry[] {
  if (path.endsWith('.$') && above.length === 0) {
    const parts = splitFieldPath(path.slice(0, -2));
    return [{ kind: 'positional', parts, step: positionalStep(parts, filter) }];
  }
  const parts = [...above, ...splitFieldPath(path)];
  if (isNumber(value) || typeof value === 'boolean') return [{ kind: 'name', parts, keep: isTruthy(value) }];
  if (!isDoc(value)) return [computed(parts, value)];
  const [first, second] = Object.keys(value);
  if (first === undefined) {
    throw mongoError(
      51270,
      `An empty sub-projection is not a valid value. Found empty object at path ${parts.join('.')}`,
    );
  }
  if (!first.startsWith('$')) return readEntries(value, parts, filter);
  if (second === undefined && first === '$elemMatch') return [elemMatch(parts, value['$elemMatch'])];
  const cut = first === '$slice' && second === undefined ? parseSlice(value['$slice']) : undefined;
  if (cut !== undefined) return [{ kind: 'slice', parts, step: sliceStep(parts, cut) }];
  return [computed(parts, value)];
}

function computed(parts: string[], expression: Value): Entry {
  return { kind: 'computed', parts, compute: compileComputed(expression) };
}

function compileComputed(_expression: Value): Compute {
  throw mongoError(115, 'expressions in projections are not supported by the embedded engine');
}

function elemMatch(parts: string[], condition: Value): Entry {
  const [name, ...deeper] = parts;
  if (name === undefined || deeper.length > 0) {
    throw mongoError(31275, `Cannot use $elemMatch projection on a nested field: ${parts.join('.')}`);
  }
  return { kind: 'elemMatch', parts, step: elemMatchStep(name, condition) };
}

function isIdEntry(entry: Entry): boolean {
  return entry.parts.length === 1 && entry.parts[0] === '_id';
}

/** Inclusion as soon as a field is asked for; `_id` and `$slice` alone decide nothing against others. */
function modeOf(entries: readonly Entry[]): Mode {
  const deciding = entries.find(
    (entry) => entry.kind !== 'slice' && !(isIdEntry(entry) && entry.kind === 'name'),
  );
  if (deciding !== undefined) return deciding.kind === 'name' && !deciding.keep ? 'exclusion' : 'inclusion';
  const id = entries.find((entry) => entry.kind === 'name');
  return id?.kind === 'name' && id.keep ? 'inclusion' : 'exclusion';
}

function buildNode(entries: readonly Entry[], mode: Mode): ProjectionNode {
  const node = new ProjectionNode(mode);
  let hasId = false;
  for (const entry of entries) {
    if (isIdEntry(entry)) hasId = true;
    if (entry.kind === 'name') addName(node, entry.parts, entry.keep, mode, isIdEntry(entry));
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
  const path = entry.parts.join('.');
  if (entry.kind === 'positional') {
    return mongoError(31395, `positional projection cannot be used with exclusion`);
  }
  if (entry.kind === 'elemMatch')
    return mongoError(31255, `Cannot use $elemMatch with exclusion on field ${path}`);
  return mongoError(31252, `Cannot use an expression ${path} in an exclusion projection`);
}
