/** The stage `$graphLookup`: follows references from document to document, breadth first. */
import { Long } from 'bson';
import { mongoError } from '../errors.ts';
import { compileExpression } from '../expression.ts';
import { encodeKey } from '../key.ts';
import { compileFilter } from '../match.ts';
import { setAt, visitPath } from '../path.ts';
import { splitFieldPath } from '../project/tree.ts';
import {
  type Doc,
  fieldOf,
  hasField,
  isDoc,
  isNumber,
  namesOf,
  typeName,
  type Value,
  wholeNumber,
} from '../value.ts';
import { type Item, PAUSE, type StageCompiler, type StageContext, withPauses } from './stage.ts';

const NAMES = ['from', 'as', 'connectFromField', 'connectToField', 'depthField'];
const REQUIRED = ['from', 'as', 'startWith', 'connectFromField', 'connectToField'];
const OTHERS = ['startWith', 'maxDepth', 'restrictSearchWithMatch'];

/** How many documents are found between two pauses. */
const PAUSE_EVERY = 256;

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/graphLookup/ */
export const graphLookupStage: StageCompiler = (spec, context) => {
  if (!isDoc(spec))
    throw mongoError(
      9,
      `the $graphLookup stage specification must be an object, but found ${typeName(spec)}`,
    );
  checkArguments(spec);
  const text = (name: string): string => String(fieldOf(spec, name));
  const startWith = compileExpression(spec['startWith'], context.variables);
  const as = splitFieldPath(text('as'));
  const graph = {
    connectFrom: splitFieldPath(text('connectFromField')),
    depthField: spec['depthField'] === undefined ? undefined : splitFieldPath(text('depthField')),
    maxDepth: readMaxDepth(fieldOf(spec, 'maxDepth')),
  };
  const restriction = fieldOf(spec, 'restrictSearchWithMatch') ?? {};
  if (!isDoc(restriction)) throw mongoError(40185, 'restrictSearchWithMatch must be an object');
  const matches = compileFilter(restriction, { variables: context.variables });
  return function* (source) {
    const nodes = new Nodes(splitFieldPath(text('connectToField')));
    for (const item of withPauses(readAll(context, text('from')))) {
      if (item === PAUSE) yield PAUSE;
      else if (matches(item)) nodes.add(item);
    }
    for (const item of source) {
      if (item === PAUSE) yield PAUSE;
      else {
        const found: Doc[] = [];
        yield* walk(nodes, startWith(item), graph, found);
        yield setAt(item, as, found);
      }
    }
  };
};

type Graph = {
  connectFrom: readonly string[];
  depthField: readonly string[] | undefined;
  maxDepth: number;
};

function* walk(nodes: Nodes, start: Value, graph: Graph, found: Doc[]): Iterable<Item> {
  const seen = new Set<Doc>();
  let frontier = new Set((Array.isArray(start) ? start : [start]).map((value) => encodeKey(value ?? null)));
  for (let depth = 0; depth <= graph.maxDepth && frontier.size > 0; depth += 1) {
    const next = new Set<string>();
    for (const key of frontier) {
      for (const node of nodes.at(key)) {
        if (seen.has(node)) continue;
        seen.add(node);
        found.push(withDepth(node, graph.depthField, depth));
        visitPath(node, graph.connectFrom, true, (value) => {
          if (value !== undefined && !Array.isArray(value)) next.add(encodeKey(value));
          return false;
        });
        if (found.length % PAUSE_EVERY === 0) yield PAUSE;
      }
    }
    frontier = next;
  }
}

function withDepth(node: Doc, field: readonly string[] | undefined, depth: number): Doc {
  return field === undefined ? node : setAt(node, field, Long.fromNumber(depth));
}

/** The documents of a collection by the values they are reached through. */
class Nodes {
  readonly #byKey = new Map<string, Doc[]>();

  readonly #connectTo: readonly string[];

  constructor(connectTo: readonly string[]) {
    this.#connectTo = connectTo;
  }

  add(doc: Doc): void {
    const keys = new Set<string>();
    visitPath(doc, this.#connectTo, true, (value) => {
      keys.add(encodeKey(value ?? null));
      return false;
    });
    for (const key of keys) {
      const there = this.#byKey.get(key);
      if (there === undefined) this.#byKey.set(key, [doc]);
      else there.push(doc);
    }
  }

  at(key: string): readonly Doc[] {
    return this.#byKey.get(key) ?? [];
  }
}

function readAll(context: StageContext, name: string): Iterable<Doc> {
  if (context.lookup === undefined) throw mongoError(115, 'other collections cannot be read here');
  return context.lookup(name);
}

function checkArguments(spec: Doc): void {
  for (const name of namesOf(spec)) {
    if (OTHERS.includes(name)) continue;
    if (!NAMES.includes(name)) throw mongoError(40104, `Unknown argument to $graphLookup: ${name}`);
    if (name === 'from') checkFrom(fieldOf(spec, name));
    else if (typeof fieldOf(spec, name) !== 'string') {
      throw mongoError(
        40103,
        `expected string as argument for ${name}, found: ${typeName(fieldOf(spec, name))}`,
      );
    }
  }
  if (!hasField(spec, 'from'))
    throw mongoError(9, "missing 'from' option to $graphLookup stage specification");
  if (REQUIRED.some((name) => !hasField(spec, name))) {
    throw mongoError(
      40105,
      "$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be specified.",
    );
  }
}

function checkFrom(from: Value): void {
  if (typeof from !== 'string') {
    throw mongoError(9, `$graphLookup 'from' field must be a string, but found ${typeName(from)}`);
  }
  if (from === '') throw mongoError(73, 'Invalid namespace specified: a collection without a name');
}

function readMaxDepth(given: Value): number {
  if (given === undefined) return Number.POSITIVE_INFINITY;
  if (!isNumber(given)) throw mongoError(40100, `maxDepth must be numeric, found type: ${typeName(given)}`);
  const depth = wholeNumber(given);
  if (depth === undefined)
    throw mongoError(40102, `maxDepth could not be represented as a long long: ${String(given)}`);
  if (depth < 0) throw mongoError(40101, `maxDepth requires a nonnegative argument, found: ${depth}`);
  return depth;
}
