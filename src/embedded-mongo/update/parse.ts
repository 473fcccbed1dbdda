/** Parses an update document of operators into changes, one per path, in the order MongoDB applies them. */
import { mongoError } from '../errors.ts';
import { isIndex } from '../path.ts';
import { show } from '../show.ts';
import { type Doc, fieldOf, isDoc, namesOf, typeName, type Value } from '../value.ts';
import { ARRAY_OPERATORS } from './arrays.ts';
import type { Change } from './change.ts';
import { FIELD_OPERATORS } from './fields.ts';
import { identifierOf, isPositional } from './positional.ts';

/**
 * Reads `{$set: {…}, $inc: {…}, …}` (https://www.mongodb.com/docs/manual/reference/operator/update/).
 * Throws 9 for an unknown operator, 40 for paths in conflict, 56 for empty names, 52 for `$` names.
 */
export function parseOperatorUpdate(update: Doc, now: Date): Change[] {
  const changes: Change[] = [];
  const seen = new PathTree();
  for (const operator of namesOf(update)) {
    const build = FIELD_OPERATORS.get(operator) ?? ARRAY_OPERATORS.get(operator);
    if (build === undefined && operator !== '$rename') throw unknownModifier(operator);
    const fields = fieldOf(update, operator);
    if (!isDoc(fields)) {
      throw mongoError(
        9,
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. ` +
          `For example: {$mod: {<field>: ...}} not {${operator}: ${show(fields)}}`,
      );
    }
    for (const path of namesOf(fields)) {
      const change =
        build === undefined
          ? parseRename(path, fieldOf(fields, path))
          : fieldChange(
              operator,
              path,
              parsePath(path, operator === '$unset'),
              build(fieldOf(fields, path), path, now),
            );
      if (change.from !== undefined) seen.add(change.from.join('.'));
      seen.add(change.path);
      changes.push(change);
    }
  }
  return changes.sort((a, b) => compareParts(a.parts, b.parts));
}

function unknownModifier(name: string): Error {
  return mongoError(
    9,
    `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update ` +
      'specified as an array',
  );
}

function fieldChange(operator: string, path: string, parts: string[], modify: Change['modify']): Change {
  const change: Change = {
    path,
    parts,
    onInsertOnly: operator === '$setOnInsert',
    modify,
  };
  return NEED_ROOM.has(operator) ? { ...change, needsRoom: true } : change;
}

/** They leave a missing field missing, but refuse a path that could not exist. */
const NEED_ROOM = new Set(['$pop', '$pull', '$pullAll']);

/** Splits and checks an update path; names that could not be written may still be taken away. */
function parsePath(path: string, isRemoved = false): string[] {
  if (path === '') throw mongoError(56, 'An empty update path is not valid.');
  const parts = path.split('.');
  parts.forEach((part, i) => {
    if (part === '') {
      throw mongoError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
    }
    if (!part.startsWith('$')) return;
    if (!isPositional(part)) {
      if (isRemoved) return;
      throw mongoError(
        52,
        `The dollar ($) prefixed field '${part}' in '${path}' is not allowed in the context of an update's ` +
          'replacement document. Consider using an aggregation pipeline with $replaceWith.',
      );
    }
    if (i === 0) {
      const what = part === '$' ? "positional (i.e. '$')" : "array filter identifier (i.e. '$[<id>]')";
      throw mongoError(2, `Cannot have ${what} element in the first position in path '${path}'`);
    }
  });
  if (parts.filter((part) => part === '$').length > 1) {
    throw mongoError(2, `Too many positional (i.e. '$') elements found in path '${path}'`);
  }
  return parts;
}

/** https://www.mongodb.com/docs/manual/reference/operator/update/rename/ */
function parseRename(source: string, target: Value): Change {
  if (typeof target !== 'string') {
    throw mongoError(2, `The 'to' field for $rename must be a string: ${source}: ${show(target)}`);
  }
  if (target.includes('\0')) {
    throw mongoError(2, "The 'to' field for $rename cannot contain an embedded null byte");
  }
  const from = parsePath(source);
  const parts = parsePath(target);
  if (source === target) {
    throw mongoError(2, `The source and target field for $rename must differ: ${source}: "${target}"`);
  }
  if (from.some(isPositional)) {
    throw mongoError(2, `The source field for $rename may not be dynamic: ${source}`);
  }
  if (parts.some(isPositional)) {
    throw mongoError(2, `The destination field for $rename may not be dynamic: ${target}`);
  }
  if (target.startsWith(`${source}.`) || source.startsWith(`${target}.`)) {
    throw mongoError(
      2,
      `The source and target field for $rename must not be on the same path: ${source}: "${target}"`,
    );
  }
  return { path: target, parts, from, onInsertOnly: false, modify: (current) => current };
}

/** The identifiers that paths use, with the path of first use. */
export function identifiersIn(changes: readonly Change[]): Map<string, string> {
  const used = new Map<string, string>();
  for (const { parts, path } of changes) {
    for (const part of parts) {
      const identifier = identifierOf(part);
      if (identifier !== undefined && identifier !== '' && !used.has(identifier)) used.set(identifier, path);
    }
  }
  return used;
}

/** Names sort as text, array indexes as numbers: the order in which new fields are added. */
function compareParts(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const left = a[i] ?? '';
    const right = b[i] ?? '';
    if (left === right) continue;
    if (isIndex(left) && isIndex(right)) return Number(left) - Number(right);
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  return a.length - b.length;
}

/** Paths that were written, to find two that meet. */
export class PathTree {
  private readonly written = new Set<string>();
  private readonly above = new Set<string>();

  /** Adds a path; throws 40 when it, a parent or a child of it was already written. */
  add(path: string): void {
    if (this.written.has(path) || this.above.has(path)) throw conflict(path, path);
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
      const parent = path.slice(0, dot);
      if (this.written.has(parent)) throw conflict(path, parent);
      this.above.add(parent);
    }
    this.written.add(path);
  }
}

function conflict(path: string, at: string): Error {
  return mongoError(40, `Updating the path '${path}' would create a conflict at '${at}'`);
}
