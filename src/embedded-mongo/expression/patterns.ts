/** Regular expressions in expressions: `$regexMatch`, `$regexFind`, `$regexFindAll`. */
import { Int32 } from 'bson';
import { MongoError, mongoError } from '../errors.ts';
import { regexParts } from '../key.ts';
import { isRegex } from '../match/operators.ts';
import { regularExpression } from '../match/regex.ts';
import { type Doc, typeName, type Value } from '../value.ts';
import { isNullish, named, type Operator, type Operators } from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/regexMatch/ and its siblings. */
export const PATTERNS: Operators = [
  ['$regexMatch', search((text, regex) => regex.test(text), false)],
  ['$regexFind', search((text, regex) => describeMatch(text, regex.exec(text)), null)],
  [
    '$regexFindAll',
    search((text, regex) => allMatches(text, regex).map((match) => describeMatch(text, match)), []),
  ],
];

function search(find: (text: string, regex: RegExp) => Value, without: Value): Operator {
  return named(['input', 'regex'], ['options'], (args, name) => {
    const [input, regex, options] = [args['input'], args['regex'], args['options']];
    if (!isNullish(input) && typeof input !== 'string') {
      throw mongoError(51104, `${name} needs 'input' to be of type string, found: ${typeName(input)}`);
    }
    if (!isNullish(options) && typeof options !== 'string') {
      throw mongoError(51106, `${name} needs 'options' to be of type string, found: ${typeName(options)}`);
    }
    if (!isNullish(regex) && typeof regex !== 'string' && !isRegex(regex)) {
      throw mongoError(
        51105,
        `${name} needs 'regex' to be of type string or regex, found: ${typeName(regex)}`,
      );
    }
    if (isNullish(input) || isNullish(regex)) return without;
    const parts = isRegex(regex) ? regexParts(regex) : { pattern: regex, options: '' };
    if (parts.options !== '' && !isNullish(options)) {
      throw mongoError(51107, `${name} found regex option(s) specified in both 'regex' and 'option' fields`);
    }
    const flags = options ?? parts.options;
    if (flags.includes('u')) throw mongoError(51108, `${name}: invalid flag in regex options: ${flags}`);
    return find(input, patternOf(name, parts.pattern, flags));
  });
}

function patternOf(name: string, pattern: string, flags: string): RegExp {
  if (pattern.includes('\0'))
    throw mongoError(51109, `${name}: regular expression cannot contain an embedded null byte`);
  if (flags.includes('\0'))
    throw mongoError(51110, `${name}: regular expression options cannot contain an embedded null byte`);
  try {
    return regularExpression(pattern, flags);
  } catch (error) {
    if (!(error instanceof MongoError) || error.code !== 51091) throw error;
    throw mongoError(
      51111,
      error.message.replace('Regular expression is invalid', `Invalid Regex in ${name}`),
    );
  }
}

/** The search goes on while there is text: an empty match at the very end is only found in an empty text. */
function allMatches(text: string, regex: RegExp): RegExpMatchArray[] {
  return [...text.matchAll(everyMatch(regex))].filter(
    (match) => (match.index ?? 0) < text.length || text === '',
  );
}

function everyMatch(regex: RegExp): RegExp {
  return new RegExp(regex.source, `${regex.flags}g`);
}

/** The match, its position in code points, and its groups. */
function describeMatch(text: string, match: RegExpMatchArray | null): Doc | null {
  if (match === null) return null;
  return {
    match: match[0],
    idx: new Int32([...text.slice(0, match.index)].length),
    captures: match.slice(1).map((group: string | undefined) => group ?? null),
  };
}
