/** The stage `$densify`: makes documents where a sequence of numbers or dates has gaps. */
import { mongoError } from '../errors.ts';
import { compileExpression } from '../expression.ts';
import { compareValues, encodeKey } from '../key.ts';
import { setAt } from '../path.ts';
import { splitFieldPath } from '../project/tree.ts';
import { compileSortKey } from '../sort.ts';
import { type Doc, fieldOf, isDoc, namesOf, setField, typeName, type Value } from '../value.ts';
import { type DensifyRange, readRange } from './densify-range.ts';
import { sortByKey } from './sort.ts';
import { type Item, PAUSE, type StageCompiler } from './stage.ts';

interface Densify {
  readonly path: readonly string[];
  readonly partitionBy: readonly string[];
  readonly range: DensifyRange;
}

/** MongoDB's `internalQueryMaxAllowedDensifyDocs`. */
const MOST_GENERATED = 500_000;

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/densify/ */
export const densifyStage: StageCompiler = (spec) => {
  const densify = readSpec(spec);
  const order: Doc = {};
  if (densify.range.bounds !== 'full') for (const path of densify.partitionBy) setField(order, path, 1);
  setField(order, densify.path.join('.'), 1);
  const keyOf = compileSortKey(order);
  return (source) => new Densifier(densify).run(sortByKey(source, keyOf));
};

/** The next step that a partition has no document for yet, and the partition's fields. */
interface Track {
  readonly fields: Doc;
  next: Value;
}

class Densifier {
  private readonly densify: Densify;
  private readonly valueOf: (doc: Doc) => Value;
  private readonly partitionOf: (doc: Doc) => Doc;
  private readonly tracks = new Map<string, Track>();
  private generated = 0;
  private least: Value;
  private greatest: Value;

  constructor(densify: Densify) {
    this.densify = densify;
    this.valueOf = compileExpression(`$${densify.path.join('.')}`);
    this.partitionOf = partitionReader(densify.partitionBy);
  }

  /** The documents in order, with those made between them. */
  *run(source: Iterable<Item>): Iterable<Item> {
    for (const item of source) {
      if (item === PAUSE) yield PAUSE;
      else yield* this.upTo(item);
    }
    yield* this.tails();
  }

  private *upTo(doc: Doc): Iterable<Item> {
    const { bounds, check, next } = this.densify.range;
    const value = this.valueOf(doc);
    if (value === null || value === undefined) {
      yield doc;
      return;
    }
    check(value);
    this.least ??= value;
    this.greatest = value;
    const track = this.trackOf(doc, value);
    const isExplicit = typeof bounds !== 'string';
    const limit = isExplicit && compareValues(bounds[1], value) < 0 ? bounds[1] : value;
    yield* this.generate(track, (step) => compareValues(step, limit) < 0);
    if (compareValues(track.next, value) === 0) track.next = next(track.next);
    yield doc;
  }

  private trackOf(doc: Doc, value: Value): Track {
    const fields = this.partitionOf(doc);
    const key = encodeKey(fields);
    const known = this.tracks.get(key);
    if (known !== undefined) return known;
    const { bounds } = this.densify.range;
    const first = bounds === 'full' ? this.least : bounds === 'partition' ? value : bounds[0];
    const track = { fields, next: first };
    this.tracks.set(key, track);
    return track;
  }

  /** Up to a bound given, every partition goes on; up to the greatest of all, those that end before it. */
  private *tails(): Iterable<Item> {
    const { partitionBy, range } = this.densify;
    const { bounds } = range;
    if (bounds === 'partition') return;
    if (bounds === 'full') {
      if (partitionBy.length === 0) return;
      for (const track of this.tracks.values())
        yield* this.generate(track, (step) => compareValues(step, this.greatest) <= 0);
      return;
    }
    if (this.tracks.size === 0 && partitionBy.length === 0)
      this.tracks.set('', { fields: {}, next: bounds[0] });
    for (const track of this.tracks.values())
      yield* this.generate(track, (step) => compareValues(step, bounds[1]) < 0);
  }

  private *generate(track: Track, isWanted: (step: Value) => boolean): Iterable<Item> {
    const { path, range } = this.densify;
    for (; isWanted(track.next); track.next = range.next(track.next)) {
      this.generated += 1;
      if (this.generated > MOST_GENERATED) throw tooMany(this.generated);
      if (this.generated % 1024 === 0) yield PAUSE;
      checkPath(track.fields, path);
      yield setAt(track.fields, path, track.next);
    }
  }
}

function tooMany(generated: number): Error {
  return mongoError(
    5897900,
    `Generated ${generated} documents in $densify, which is over the limit of ${MOST_GENERATED}. Increase ` +
      "the 'internalQueryMaxAllowedDensifyDocs' parameter to allow more generated documents",
  );
}

/** A document with the partition's fields alone. */
function partitionReader(paths: readonly string[]): (doc: Doc) => Doc {
  const readers = paths.map((path) => ({
    parts: splitFieldPath(path),
    read: compileExpression(`$${path}`),
  }));
  return (doc) => {
    let fields: Doc = {};
    for (const { parts, read } of readers) {
      const value = read(doc);
      if (value !== undefined) fields = setAt(fields, parts, value);
    }
    return fields;
  };
}

/** Throws 5733307 and 5733308 where the partition's fields leave no room for the value. */
function checkPath(fields: Doc, path: readonly string[]): void {
  let value: Value = fields;
  path.forEach((part, i) => {
    if (!isDoc(value)) return;
    value = fieldOf(value, part);
    if (Array.isArray(value))
      throw mongoError(5733307, '$densify cannot generate fields nested inside arrays');
    if (i < path.length - 1 && value !== undefined && !isDoc(value))
      throw mongoError(5733308, '$densify cannot overwrite non-object values with objects');
  });
}

function readSpec(spec: Value): Densify {
  if (!isDoc(spec))
    throw mongoError(9, `The $densify stage specification must be an object, found ${typeName(spec)}`);
  for (const name of namesOf(spec)) {
    if (!['field', 'partitionByFields', 'range'].includes(name))
      throw mongoError(40415, `BSON field '$densify.${name}' is an unknown field.`);
  }
  const { field, partitionByFields: fields } = {
    field: spec['field'],
    partitionByFields: spec['partitionByFields'],
  };
  if (field !== undefined && typeof field !== 'string') throw wrongType('field', field, 'string');
  if (fields !== undefined && !Array.isArray(fields)) throw wrongType('partitionByFields', fields, 'array');
  for (const name of ['field', 'range']) {
    if (fieldOf(spec, name) === undefined)
      throw mongoError(40414, `BSON field '$densify.${name}' is missing but a required field`);
  }
  const range = readRange(spec['range']);
  const partitionBy = (fields ?? []).map((path: Value, i: number) => {
    if (typeof path !== 'string') throw wrongType(`partitionByFields.${i}`, path, 'string');
    splitFieldPath(path);
    return path;
  });
  const path = splitFieldPath(field ?? '');
  refuseOwnField(field ?? '', partitionBy);
  if (range.bounds === 'partition' && partitionBy.length === 0) {
    throw mongoError(
      5733408,
      "One cannot specify the bounds as 'partition' without specifying a non-empty array of " +
        "partitionByFields. You may have meant to specify 'full' bounds.",
    );
  }
  return { path, partitionBy, range };
}

/** A partition that holds the field, or lies in it, has no gaps to close. */
function refuseOwnField(field: string, partitionBy: readonly string[]): void {
  for (const path of partitionBy) {
    if (`${path}.`.startsWith(`${field}.`)) {
      throw mongoError(
        8993000,
        "BSON field '$densify.partitionByFields' contains the field that is being densified",
      );
    }
    if (field.startsWith(`${path}.`)) {
      throw mongoError(
        9554500,
        "The field that is being densified contains the BSON field '$densify.partitionByFields'",
      );
    }
  }
}

function wrongType(name: string, value: Value, wanted: string): Error {
  return mongoError(
    14,
    `BSON field '$densify.${name}' is the wrong type '${typeName(value)}', expected type '${wanted}'`,
  );
}
