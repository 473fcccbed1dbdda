/** Reads an index specification strictly, as createIndexes gets it. */
import { Int32 } from 'bson';
import { wrongType } from './args.ts';
import { mongoError } from './errors.ts';
import { showFull } from './show.ts';
import {
  copyDoc,
  type Doc,
  docWith,
  fieldOf,
  isDoc,
  isNumber,
  isTruthy,
  namesOf,
  toNumber,
  typeName,
  type Value,
} from './value.ts';
import { checkWildcard, isWildcardKey, isWildcardPath, readWildcardProjection } from './wildcard.ts';

export type IndexField = {
  path: string;
  descending: boolean;
  /** Kept in the order of its values all the same; but like a hash it takes no arrays. */
  hashed?: true;
};

export type IndexSpec = {
  name: string;
  /** The key pattern as it was given. */
  key: Doc;
  fields: IndexField[];
  unique: boolean;
  sparse: boolean;
  hidden: boolean;
  /** Takes no more duplicates, though it may hold some: the first step of making it unique. */
  prepareUnique?: true;
  background?: Value;
  /** 1 when it was asked for, which changes nothing. */
  version?: number;
  storageEngine?: Doc;
  partialFilterExpression?: Doc;
  expireAfterSeconds?: number;
  /** Options of text and geo indexes, which MongoDB keeps of any index. */
  others?: Doc;
  /** It is listed and takes part in nothing: queries scan instead. */
  isWildcard?: true;
  wildcardProjection?: Doc;
};

/** Taken and without effect, as in MongoDB since 4.2; `background` is still shown. */
const IGNORED = new Set(['v', 'background', 'dropDups', 'ns', 'comment']);
const OF_OTHER_KINDS = [
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'coarsestIndexedLevel',
  'finestIndexedLevel',
];
const KNOWN = new Set([
  ...OF_OTHER_KINDS,
  'name',
  'key',
  'unique',
  'sparse',
  'hidden',
  'partialFilterExpression',
  'expireAfterSeconds',
  'collation',
  'storageEngine',
  'wildcardProjection',
  'prepareUnique',
  // Of kinds that are refused as a whole.
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'bucketSize',
]);

/**
 * Checks one specification (https://www.mongodb.com/docs/manual/reference/command/createIndexes/).
 * Throws 67, 9, 197 for what MongoDB refuses and 115 for kinds this engine does not have.
 */
export function readIndexSpec(given: Doc): IndexSpec {
  const fields = isDoc(given['key']) ? readKey(given['key']) : [];
  for (const field of namesOf(given)) {
    if (IGNORED.has(field) || KNOWN.has(field)) continue;
    throw mongoError(197, `The field '${field}' is not valid for an index specification`);
  }
  for (const flag of ['unique', 'sparse']) checkFlag(given, flag);
  const key = given['key'];
  const name = given['name'];
  if (!isDoc(key)) throw mongoError(9, "The 'key' field is a required property of an index specification");
  if (typeof name !== 'string') {
    throw mongoError(9, "The 'name' field is a required property of an index specification");
  }
  if (name === '') throw mongoError(67, `Index name cannot be ''`);
  if (name === '*') throw mongoError(2, "The index name '*' is not valid.");
  refuseCollation(given['collation']);
  const spec: IndexSpec = {
    name,
    key,
    fields,
    unique: isTruthy(given['unique']),
    sparse: isTruthy(given['sparse']),
    hidden: isTruthy(given['hidden']),
  };
  const version = readVersion(given['v']);
  if (version !== 2) spec.version = version;
  const projection = readWildcardProjection(key, given['wildcardProjection']);
  if (projection !== undefined) spec.wildcardProjection = projection;
  if (isWildcardKey(key)) {
    checkWildcard(key, given);
    spec.isWildcard = true;
  }
  if (spec.unique && fields.some(({ hashed }) => hashed)) {
    throw mongoError(16764, 'Currently hashed indexes cannot guarantee uniqueness. Use a regular index.');
  }
  const storageEngine = given['storageEngine'];
  if (storageEngine !== undefined) {
    if (!isDoc(storageEngine)) {
      throw mongoError(14, `The field 'storageEngine' must be an object, but got ${typeName(storageEngine)}`);
    }
    spec.storageEngine = storageEngine;
  }
  const others = namesOf(given).filter((option) => OF_OTHER_KINDS.includes(option));
  if (others.length > 0) spec.others = docWith(others.map((option) => [option, fieldOf(given, option)]));
  if (isTruthy(given['prepareUnique'])) spec.prepareUnique = true;
  if (given['background'] !== undefined) spec.background = given['background'];
  const partial = given['partialFilterExpression'];
  if (partial !== undefined) {
    if (!isDoc(partial)) throw mongoError(67, "'partialFilterExpression' for an index has to be a document");
    if (spec.sparse) throw mongoError(67, "cannot mix 'partialFilterExpression' and 'sparse' options");
    spec.partialFilterExpression = partial;
  }
  const expiry = given['expireAfterSeconds'];
  if (expiry !== undefined) spec.expireAfterSeconds = readExpiry(expiry, spec.fields);
  return spec;
}

function checkFlag(given: Doc, flag: string): void {
  const value = given[flag];
  if (value === undefined || typeof value === 'boolean' || isNumber(value)) return;
  throw mongoError(
    14,
    `Error in specification ${showFull(given)} :: caused by :: The field '${flag} has value ${flag}: ` +
      `${showFull(value)}, which is not convertible to bool`,
  );
}

const ID_INDEX_FIELDS = new Set(['key', 'name', 'ns', 'v', 'collation', 'comment']);

/** Throws 197 for an option of the index on `_id`, which has none, and 2 for its name on another one. */
export function checkIdIndex(given: Doc): void {
  const key = given['key'];
  if (!isDoc(key)) return;
  if (namesOf(key).join() !== '_id' || !isNumber(key['_id']) || toNumber(key['_id']) !== 1) {
    if (given['name'] !== '_id_') return;
    throw mongoError(
      2,
      "The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, " +
        `found ${showFull(key)}`,
    );
  }
  const wrong = namesOf(given).find((name) => !ID_INDEX_FIELDS.has(name));
  if (wrong === undefined) return;
  const shown = copyDoc(given);
  if (shown['v'] === undefined) shown['v'] = new Int32(2);
  throw mongoError(
    197,
    `The field '${wrong}' is not valid for an _id index specification. Specification: ${showFull(shown)}`,
  );
}

function readVersion(given: Value): number {
  if (given === undefined) return 2;
  if (!isNumber(given)) {
    throw mongoError(14, `The field 'v' must be a number, but got ${typeName(given)}`);
  }
  const version = toNumber(given);
  if (version === 1 || version === 2) return version;
  throw mongoError(67, `Invalid index specification; cannot create an index with v=${version}`);
}

/** Refuses any collation but the simple one (115); an empty one is none. */
export function refuseCollation(collation: Value): void {
  if (collation === undefined || collation === null) return;
  if (!isDoc(collation)) throw wrongType('collation', collation, "type 'object'");
  const locale = collation['locale'];
  if (locale === 'simple' || namesOf(collation).length === 0) return;
  if (locale === undefined) {
    throw mongoError(40414, "BSON field 'collation.locale' is missing but a required field");
  }
  throw mongoError(115, "collations other than {locale: 'simple'} are not supported by this engine");
}

/** Checks a number of seconds for a TTL index. */
export function readExpiry(expiry: Value, fields: readonly IndexField[]): number {
  if (fields.length !== 1)
    throw mongoError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  if (fields[0]?.path === '_id')
    throw mongoError(197, "The field 'expireAfterSeconds' is not valid for an _id index specification");
  if (!isNumber(expiry)) throw mongoError(14, "TTL index 'expireAfterSeconds' option must be numeric");
  const seconds = toNumber(expiry);
  if (!(seconds >= 0 && seconds <= 2147483647)) {
    throw mongoError(
      67,
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, not ${seconds}`,
    );
  }
  return seconds;
}

/** The document listIndexes shows. */
export function describeIndex(spec: IndexSpec): Doc {
  const shown: Doc = { v: spec.version ?? 2, key: spec.key, name: spec.name };
  if (spec.unique) shown['unique'] = true;
  if (spec.prepareUnique) shown['prepareUnique'] = true;
  if (spec.wildcardProjection !== undefined) shown['wildcardProjection'] = spec.wildcardProjection;
  if (spec.background !== undefined) shown['background'] = spec.background;
  if (spec.storageEngine !== undefined) shown['storageEngine'] = spec.storageEngine;
  if (spec.sparse) shown['sparse'] = true;
  if (spec.hidden) shown['hidden'] = true;
  if (spec.partialFilterExpression !== undefined) {
    shown['partialFilterExpression'] = spec.partialFilterExpression;
  }
  if (spec.expireAfterSeconds !== undefined) shown['expireAfterSeconds'] = spec.expireAfterSeconds;
  return { ...shown, ...spec.others };
}

function readKey(key: Doc): IndexField[] {
  const paths = namesOf(key);
  if (paths.length === 0) throw mongoError(67, 'Index keys cannot be an empty document');
  if (paths.length > 32)
    throw mongoError(13103, `Index key pattern has more than 32 fields: ${paths.length}`);
  const fields = paths.map((path) => readField(path, fieldOf(key, path)));
  const hashed = fields.filter((field) => field.hashed).length;
  if (hashed > 1) {
    throw mongoError(31303, `A maximum of one index field is allowed to be hashed but found ${hashed}`);
  }
  return fields;
}

function readField(path: string, direction: Value): IndexField {
  if (path === '' || path.split('.').includes(''))
    throw mongoError(67, 'Index keys cannot contain an empty field');
  const named = isWildcardPath(path) ? path.slice(0, Math.max(0, path.length - 4)) : path;
  if (named.split('.').some((part) => part.startsWith('$') && !/^\$(id|ref|db)$/.test(part))) {
    throw mongoError(67, `Index key contains an illegal field name: field name starts with '$': '${path}'`);
  }
  if (direction === 'hashed' && named === path) return { path, descending: false, hashed: true };
  if (typeof direction === 'string') {
    const isKind = ['text', '2d', '2dsphere'].includes(direction) && (named === path || path === '$**');
    if (!isKind) throw mongoError(67, `Unknown index plugin '${direction}'`);
    throw mongoError(115, `index type '${direction}' is not supported by this engine`);
  }
  if (!isNumber(direction))
    throw mongoError(67, `Values in index key pattern must be numbers, not ${String(direction)}`);
  const number = toNumber(direction);
  if (number === 0 || Number.isNaN(number))
    throw mongoError(67, 'Values in the index key pattern cannot be 0.');
  return { path, descending: number < 0 };
}
