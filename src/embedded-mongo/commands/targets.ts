/** Finds the documents a write goes to, and hands each over while it certainly still matches. */
import type { Collection } from '../collection.ts';
import type { Context } from '../context.ts';
import { compileFilter, type Matcher } from '../match.ts';
import { type Plan, planQuery } from '../planner.ts';
import { findMatches, findSorted, type Scan } from '../scan.ts';
import { docOf, type StoredDocument } from '../stored-document.ts';
import type { Doc, Value } from '../value.ts';
import type { CommandScope } from './scope.ts';

export type Target = {
  namespace: string;
  filter: Doc;
  scope: CommandScope;
  hint: Value;
  sort?: Doc | undefined;
};

/** Changes one document; it runs without any await between the check and the write. */
export type Apply = (collection: Collection, stored: StoredDocument) => void;

/** A scan that others kept overtaking is begun again this often. */
const MAX_ATTEMPTS = 10;

/** Applies a change to the first match in the sort's order; false when there is none. */
export async function firstTarget(context: Context, target: Target, apply: Apply): Promise<boolean> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const prepared = prepareScan(context, target, 1);
    if (prepared === undefined) return false;
    const { collection, scan, matches } = prepared;
    let overtaken = false;
    for (const stored of findSorted(scan, target.sort, 0, 0)) {
      if (stored === undefined) {
        await context.pace.rest();
        continue;
      }
      if (isCurrent(context, collection, stored) && matches(docOf(stored))) {
        apply(collection, stored);
        return true;
      }
      overtaken = true;
    }
    if (!overtaken) return false;
  }
  return false;
}

/** Applies a change to every match; long work is done in slices, each committed by itself. */
export async function eachTarget(context: Context, target: Target, apply: Apply): Promise<void> {
  const prepared = prepareScan(context, target, undefined);
  if (prepared === undefined) return;
  const { collection, scan, matches } = prepared;
  const found: StoredDocument[] = [];
  let rested = false;
  for (const stored of findMatches(scan)) {
    if (stored !== undefined) found.push(stored);
    else {
      rested = true;
      await context.pace.rest();
    }
  }
  for (const stored of found) {
    if (context.pace.due()) {
      rested = true;
      await context.pace.rest();
    }
    if (rested && !(isCurrent(context, collection, stored) && matches(docOf(stored)))) continue;
    apply(collection, stored);
  }
}

/** Is it still the document of its collection, and is the collection still there? */
function isCurrent(context: Context, collection: Collection, stored: StoredDocument): boolean {
  return (
    context.engine.store.catalog.find(collection.namespace) === collection &&
    collection.documents.get(stored.key) === stored
  );
}

function prepareScan(
  context: Context,
  target: Target,
  limit: number | undefined,
): { collection: Collection; scan: Scan; matches: Matcher; plan: Plan } | undefined {
  const matches = compileFilter(target.filter, target.scope);
  const collection = context.engine.store.catalog.find(target.namespace);
  if (collection === undefined) return undefined;
  const plan = planQuery(collection, { filter: target.filter, sort: target.sort, hint: target.hint, limit });
  return { collection, matches, plan, scan: { collection, plan, matches, pace: context.pace } };
}
