/** A plan as a tree of stages under MongoDB's names for them. */
import { Int32, Long } from 'bson';
import type { Context } from '../context.ts';
import type { IndexPlan, Plan } from '../planner.ts';
import { type Doc, docWith, fieldOf, isDoc, isNumber, isTruthy, namesOf, type Value } from '../value.ts';
import type { Reading } from './find.ts';

const MAX_SORT_BYTES = 104_857_600;

/** The stages of a command, the last one outermost; no plan is that of a collection there is not. */
export function describePlan(context: Context, plan: Plan | undefined, reading: Reading): Doc {
  const found = plan === undefined ? { stage: 'EOF' } : describeSource(plan, reading);
  switch (context.name) {
    case 'find':
      return plan === undefined ? found : describeFind(context, plan, reading, found);
    case 'count': {
      const isWhole = namesOf(reading.query.filter).length === 0;
      return isWhole ? { stage: 'RECORD_STORE_FAST_COUNT' } : { stage: 'COUNT', inputStage: found };
    }
    case 'update':
      return { stage: 'UPDATE', inputStage: found };
    case 'delete':
      return { stage: 'DELETE', inputStage: found };
    case 'findAndModify':
    case 'findandmodify': {
      const stage = isTruthy(context.command['remove']) ? 'DELETE' : 'UPDATE';
      return { stage, inputStage: sorted(plan, reading, found) };
    }
    default:
      return limited(reading, sorted(plan, reading, found));
  }
}

function describeFind({ command }: Context, plan: Plan, reading: Reading, found: Doc): Doc {
  const projection = command['projection'];
  const inOrder = sorted(plan, reading, found);
  const skipped =
    reading.skip === 0
      ? inOrder
      : { stage: 'SKIP', skipAmount: Long.fromNumber(reading.skip), inputStage: inOrder };
  const isProjected = isDoc(projection) && namesOf(projection).length > 0;
  const projected = isProjected
    ? { stage: projectionStage(projection), transformBy: projection, inputStage: skipped }
    : skipped;
  return inOrder['stage'] === 'SORT' ? projected : limited(reading, projected);
}

function projectionStage(projection: Doc): string {
  const isSimple = namesOf(projection).every((name) => {
    const value = fieldOf(projection, name);
    return !name.includes('.') && (isNumber(value) || typeof value === 'boolean');
  });
  return isSimple ? 'PROJECTION_SIMPLE' : 'PROJECTION_DEFAULT';
}

function sorted(plan: Plan | undefined, { query, skip }: Reading, inputStage: Doc): Doc {
  if (plan === undefined || plan.sorted || query.sort === undefined) return inputStage;
  return {
    stage: 'SORT',
    sortPattern: query.sort,
    memLimit: new Int32(MAX_SORT_BYTES),
    ...(query.limit ? { limitAmount: Long.fromNumber(query.limit + skip) } : {}),
    type: 'simple',
    inputStage,
  };
}

function limited({ query }: Reading, inputStage: Doc): Doc {
  if (!query.limit || inputStage['stage'] === 'SORT') return inputStage;
  return { stage: 'LIMIT', limitAmount: Long.fromNumber(query.limit), inputStage };
}

function describeSource(plan: Plan, { query }: Reading): Doc {
  const direction = plan.backwards ? 'backward' : 'forward';
  if (plan.kind === 'collection') {
    const isWhole = namesOf(query.filter).length === 0;
    return { stage: 'COLLSCAN', ...(isWhole ? {} : { filter: parsedFilter(query.filter) }), direction };
  }
  if (plan.kind === 'union') return describeUnion(plan.parts, query.filter);
  if (isById(query.filter) && plan.index.spec.name === '_id_') return { stage: 'IDHACK' };
  const paths = plan.index.spec.fields.map(({ path }) => path);
  const residual = conditionsOf(query.filter).filter((one) => !paths.includes(namesOf(one)[0] ?? ''));
  return {
    stage: 'FETCH',
    ...(residual.length === 0 ? {} : { filter: joined(residual) }),
    inputStage: describeIndexScan(plan),
  };
}

/** The branches of an `$or`, each by its index; an `$or` alone is planned branch by branch. */
function describeUnion(parts: readonly IndexPlan[], filter: Doc): Doc {
  const [name, second] = namesOf(filter);
  const isAlone = name === '$or' && second === undefined;
  const or = { stage: 'OR', inputStages: parts.map(describeIndexScan) };
  const found = { stage: 'FETCH', ...(isAlone ? {} : { filter: parsedFilter(filter) }), inputStage: or };
  return isAlone ? { stage: 'SUBPLAN', inputStage: found } : found;
}

function describeIndexScan({ index, ranges, backwards }: IndexPlan): Doc {
  const { spec, multikey, isMultikey } = index;
  return {
    stage: 'IXSCAN',
    keyPattern: spec.key,
    indexName: spec.name,
    isMultiKey: isMultikey,
    multiKeyPaths: docWith(
      spec.fields.map(({ path }, at) => [path, multikey[at] === true ? [path] : []] as const),
    ),
    isUnique: spec.unique,
    isSparse: spec.sparse,
    isPartial: spec.partialFilterExpression !== undefined,
    indexVersion: new Int32(2),
    direction: backwards ? 'backward' : 'forward',
    ranges: new Int32(ranges.length),
  };
}

function isById(filter: Doc): boolean {
  return namesOf(filter).length === 1 && !isDoc(filter['_id']) && filter['_id'] !== undefined;
}

/** A filter as MongoDB shows it: every condition with its operator, several in one `$and`. */
export function parsedFilter(filter: Doc): Doc {
  return joined(conditionsOf(filter));
}

function joined(conditions: Doc[]): Doc {
  const [first] = conditions;
  return conditions.length > 1 ? { $and: conditions } : (first ?? {});
}

function conditionsOf(filter: Doc): Doc[] {
  return namesOf(filter).flatMap((name) => {
    const value = fieldOf(filter, name);
    if (name.startsWith('$')) return [docWith([[name, value]])];
    if (!isOperators(value)) return [docWith([[name, { $eq: value }]])];
    return namesOf(value).map((operator) =>
      docWith([[name, docWith([[operator, fieldOf(value, operator)]])]]),
    );
  });
}

function isOperators(value: Value): value is Doc {
  if (!isDoc(value)) return false;
  const [first] = namesOf(value);
  return first?.startsWith('$') === true && !/^\$(id|ref|db)$/.test(first);
}
