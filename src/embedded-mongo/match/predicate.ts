/** Predicates on one path: how a test on single values becomes a test of a document. */
import { visitPath } from '../path.ts';
import { type Doc, fieldOf, type Value } from '../value.ts';

/** Where an array matched: the index the positional operator `$` stands for. */
export interface MatchDetails {
  index?: number;
}
/** Judges a document; notes the matching array position in `details` when given. */
export type Matcher = (doc: Doc, details?: MatchDetails) => boolean;
/** Judges a single value; `undefined` is a missing one. */
export type ValueTest = (value: Value, details?: MatchDetails) => boolean;

/**
 * A predicate before it is bound to a path. A `leaf` is true when any value at the path passes; `intoLeaf`
 * says whether the elements of an array at the end of the path are values too.
 */
export type Predicate =
  | { readonly kind: 'leaf'; readonly intoLeaf: boolean; readonly test: ValueTest }
  | { readonly kind: 'not'; readonly of: Predicate }
  | { readonly kind: 'all'; readonly of: readonly Predicate[] };

/** A leaf that also looks at array elements. */
export function leaf(test: ValueTest): Predicate {
  return { kind: 'leaf', intoLeaf: true, test };
}

/** A leaf that sees an array only as a whole. */
export function wholeLeaf(test: ValueTest): Predicate {
  return { kind: 'leaf', intoLeaf: false, test };
}

/** The opposite of a predicate. */
export function not(of: Predicate): Predicate {
  return { kind: 'not', of };
}

/** Binds a predicate to a dotted path. */
export function atPath(path: string, predicate: Predicate): Matcher {
  switch (predicate.kind) {
    case 'not': {
      const inner = atPath(path, predicate.of);
      return (doc) => !inner(doc);
    }
    case 'all':
      return every(predicate.of.map((part) => atPath(path, part)));
    default:
      return path.includes('.')
        ? deepLeaf(path.split('.'), predicate.intoLeaf, predicate.test)
        : topLeaf(path, predicate.intoLeaf, predicate.test);
  }
}

/** True when all matchers are. */
export function every(matchers: readonly Matcher[]): Matcher {
  const [first, second] = matchers;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  return (doc, details) => {
    for (const matcher of matchers) if (!matcher(doc, details)) return false;
    return true;
  };
}

function topLeaf(name: string, intoLeaf: boolean, test: ValueTest): Matcher {
  return (doc, details) => {
    const value = fieldOf(doc, name);
    if (intoLeaf && Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        if (!test(value[i], details)) continue;
        if (details) details.index = i;
        return true;
      }
    }
    return test(value, details);
  };
}

function deepLeaf(parts: readonly string[], intoLeaf: boolean, test: ValueTest): Matcher {
  return (doc, details) =>
    visitPath(doc, parts, intoLeaf, (value, index) => {
      if (!test(value, details)) return false;
      if (details && index !== undefined) details.index = index;
      return true;
    });
}

/** Applies a predicate to one value itself, as `$elemMatch` does with array elements. */
export function onValue(predicate: Predicate): ValueTest {
  switch (predicate.kind) {
    case 'not': {
      const inner = onValue(predicate.of);
      return (value) => !inner(value);
    }
    case 'all': {
      const parts = predicate.of.map(onValue);
      return (value) => parts.every((part) => part(value));
    }
    default:
      return predicate.test;
  }
}
