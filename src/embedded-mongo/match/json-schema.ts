/** `$jsonSchema`: draft 4 as MongoDB understands it, with `bsonType`. */
import { mongoError } from '../errors.ts';
import { fieldOf, isDoc, namesOf, type Value } from '../value.ts';
import { arrayKeywords } from './schema-arrays.ts';
import { objectKeywords } from './schema-objects.ts';
import type { Keyword, Rule } from './schema-operands.ts';
import { valueKeywords } from './schema-values.ts';

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  Object.entries({ ...valueKeywords, ...objectKeywords, ...arrayKeywords }),
);
/** They say something about their neighbours, or nothing. */
const SILENT = new Set(['title', 'description', 'exclusiveMinimum', 'exclusiveMaximum', 'additionalItems']);
const UNSUPPORTED = new Set(['$ref', '$schema', 'default', 'definitions', 'format', 'id']);
const ENCRYPTION = new Set(['encrypt', 'encryptMetadata', 'keyId']);

/**
 * Compiles a schema (https://www.mongodb.com/docs/manual/reference/operator/query/jsonSchema/); a keyword
 * judges only values of its own type. Throws 9 for a keyword MongoDB does not take, 14, 9 and 2 for wrong
 * operands, and 115 for encryption.
 */
export function compileSchema(schema: Value): Rule {
  if (!isDoc(schema)) throw mongoError(14, '$jsonSchema must be an object');
  const rules: Rule[] = [];
  for (const keyword of namesOf(schema)) {
    if (SILENT.has(keyword)) continue;
    const compile = KEYWORDS.get(keyword);
    if (compile === undefined) throw unknownKeyword(keyword);
    rules.push(compile(fieldOf(schema, keyword), { keyword, schema, compile: compileSchema }));
  }
  return (value) => rules.every((rule) => rule(value));
}

function unknownKeyword(keyword: string): Error {
  if (ENCRYPTION.has(keyword)) {
    return mongoError(115, `$jsonSchema keyword '${keyword}' is not supported by the embedded engine`);
  }
  if (UNSUPPORTED.has(keyword)) {
    return mongoError(9, `$jsonSchema keyword '${keyword}' is not currently supported`);
  }
  return mongoError(9, `Unknown $jsonSchema keyword: ${keyword}`);
}
