/** The pipeline stages that need no expressions. */
import { Int32 } from 'bson';
import { mongoError } from '../errors.ts';
import { compileFilter } from '../match.ts';
import { compileProjection } from '../project.ts';
import { compileSort } from '../sort.ts';
import { type Doc, isDoc, setField, toNumber } from '../value.ts';

type Flow = Iterable<Doc | undefined>;

/** Runs a pipeline lazily; throws 40324 for a stage that is not here. */
export function runPipeline(pipeline: readonly Doc[], source: Flow, _context: unknown): Flow {
  let flow = source;
  for (const stage of pipeline) flow = runStage(stage, flow);
  return flow;
}

/** Takes a leading `$match` for the planner. */
export function splitPushdown(pipeline: Doc[]): {
  filter: Doc;
  sort?: Doc;
  skip?: number;
  limit?: number;
  rest: Doc[];
} {
  const [first, ...rest] = pipeline;
  const match = first?.['$match'];
  return isDoc(match) ? { filter: match, rest } : { filter: {}, rest: pipeline };
}

function runStage(stage: Doc, flow: Flow): Flow {
  const name = Object.keys(stage)[0] ?? '';
  const argument = stage[name];
  if (name === '$match' && isDoc(argument)) return filtered(flow, compileFilter(argument));
  if (name === '$sort' && isDoc(argument)) return sorted(flow, compileSort(argument));
  if (name === '$limit') return cut(flow, 0, toNumber(argument));
  if (name === '$skip') return cut(flow, toNumber(argument), Number.POSITIVE_INFINITY);
  if (name === '$project' && isDoc(argument)) return mapped(flow, compileProjection(argument));
  if (name === '$count') return counted(flow, String(argument), {});
  if (name === '$group' && isDoc(argument) && isCount(argument))
    return counted(flow, 'n', { _id: argument['_id'] });
  throw mongoError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

function isCount(group: Doc): boolean {
  const n = group['n'];
  return Object.keys(group).length === 2 && isDoc(n) && toNumber(n['$sum']) === 1;
}

function* filtered(flow: Flow, matches: (doc: Doc) => boolean): Flow {
  for (const doc of flow) if (doc === undefined || matches(doc)) yield doc;
}

function* mapped(flow: Flow, change: (doc: Doc) => Doc): Flow {
  for (const doc of flow) yield doc === undefined ? undefined : change(doc);
}

function* sorted(flow: Flow, compare: (a: Doc, b: Doc) => number): Flow {
  const all: Doc[] = [];
  for (const doc of flow) {
    if (doc === undefined) yield undefined;
    else all.push(doc);
  }
  yield* all.sort(compare);
}

function* cut(flow: Flow, skip: number, limit: number): Flow {
  let seen = 0;
  for (const doc of flow) {
    if (doc === undefined) yield undefined;
    else {
      seen += 1;
      if (seen > skip) yield doc;
      if (seen >= skip + limit) return;
    }
  }
}

function* counted(flow: Flow, field: string, base: Doc): Flow {
  let count = 0;
  for (const doc of flow) {
    if (doc === undefined) yield undefined;
    else count += 1;
  }
  const result: Doc = { ...base };
  setField(result, field, new Int32(count));
  if (count > 0) yield result;
}
