/** The tree of a projection: fields kept, dropped or computed, through documents and arrays. */
import { mongoError } from '../errors.ts';
import { refuseDollar } from '../path.ts';
import { copyDoc, type Doc, fieldOf, isDoc, namesOf, removeField, setField, type Value } from '../value.ts';

/** Computes a field's value from the whole document; `undefined` leaves the field out. */
export type Compute = (root: Doc) => Value;
/** What a node does to fields it does not name: drop them, keep them. */
export type Mode = 'inclusion' | 'exclusion';

/** One level of a projection: names kept or dropped, deeper levels, and computed fields. */
export class ProjectionNode {
  private readonly mode: Mode;
  private readonly named = new Set<string>();
  private readonly children = new Map<string, ProjectionNode>();
  private readonly computed = new Map<string, Compute>();
  /** Children and computed fields as the projection names them: the order in which new fields come. */
  private readonly order = new Set<string>();

  constructor(mode: Mode) {
    this.mode = mode;
  }

  /** Names a field to keep (inclusion) or drop (exclusion). Throws 31249 or 31250 where paths meet. */
  addName(parts: readonly string[]): void {
    const { node, last } = this.reach(parts);
    node.named.add(last);
  }

  /** Adds a computed field. */
  addComputed(parts: readonly string[], compute: Compute): void {
    const { node, last } = this.reach(parts);
    node.computed.set(last, compute);
    node.order.add(last);
  }

  private reach(parts: readonly string[]): { node: ProjectionNode; last: string } {
    let node: ProjectionNode = this;
    const path = parts.join('.');
    for (const part of parts.slice(0, -1)) {
      if (node.named.has(part) || node.computed.has(part)) {
        throw mongoError(31249, `Path collision at ${path} remaining portion ${parts.slice(1).join('.')}`);
      }
      const child = node.children.get(part) ?? new ProjectionNode(this.mode);
      node.children.set(part, child);
      node.order.add(part);
      node = child;
    }
    const last = parts.at(-1) ?? '';
    if (node.named.has(last) || node.computed.has(last) || node.children.has(last)) {
      throw mongoError(31250, `Path collision at ${path}`);
    }
    return { node, last };
  }

  private get hasComputed(): boolean {
    return this.computed.size > 0 || [...this.children.values()].some((child) => child.hasComputed);
  }

  /**
   * The projected document: fields in the document's order, computed ones after in the projection's order.
   */
  apply(doc: Doc): Doc {
    const kept = this.keep(doc);
    return this.hasComputed ? this.compute(doc, kept) : kept;
  }

  /** Only the computed fields, set on the document (`$addFields`). */
  addTo(doc: Doc): Doc {
    return this.compute(doc, doc);
  }

  private keep(doc: Doc): Doc {
    const result: Doc = {};
    for (const name of namesOf(doc)) {
      const child = this.children.get(name);
      if (child !== undefined) {
        const value = child.keepValue(fieldOf(doc, name));
        if (value !== undefined) setField(result, name, value);
      } else if (this.named.has(name) === (this.mode === 'inclusion'))
        setField(result, name, fieldOf(doc, name));
    }
    return result;
  }

  private keepValue(value: Value): Value {
    if (Array.isArray(value)) {
      const kept = value.map((element: Value) => this.keepValue(element));
      return this.hasComputed ? kept : kept.filter((element) => element !== undefined);
    }
    if (isDoc(value)) return this.keep(value);
    return this.mode === 'inclusion' ? undefined : value;
  }

  private compute(root: Doc, target: Doc): Doc {
    const result = copyDoc(target);
    for (const name of this.order) {
      const child = this.children.get(name);
      if (child !== undefined) {
        if (child.hasComputed) setField(result, name, child.computeValue(root, fieldOf(result, name)));
        continue;
      }
      const value = this.computed.get(name)?.(root);
      if (value === undefined) removeField(result, name);
      else setField(result, name, value);
    }
    return result;
  }

  private computeValue(root: Doc, value: Value): Value {
    if (Array.isArray(value)) return value.map((element: Value) => this.computeValue(root, element));
    return this.compute(root, isDoc(value) ? value : {});
  }
}

/** Splits and checks a field path of a projection or stage. */
export function splitFieldPath(path: string): string[] {
  if (path === '') throw mongoError(40352, 'FieldPath cannot be constructed with empty string');
  if (path.includes('\0')) throw mongoError(16411, "FieldPath field names may not contain '\0'.");
  if (path.endsWith('.')) throw mongoError(40353, "FieldPath must not end with a '.'.");
  const parts = path.split('.');
  for (const part of parts) {
    if (part === '') throw mongoError(15998, 'FieldPath field names may not be empty strings.');
    refuseDollar(part);
  }
  return parts;
}
