/** Regular expressions of queries: MongoDB's PCRE turned into JavaScript's, or refused. */
import { mongoError } from '../errors.ts';

/** A compiled pattern: does it occur in the text? */
export type TextTest = (text: string) => boolean;

interface Flags {
  i: boolean;
  m: boolean;
  s: boolean;
  x: boolean;
}

const POSIX: ReadonlyMap<string, string> = new Map([
  ['alpha', 'A-Za-z'],
  ['digit', '0-9'],
  ['alnum', 'A-Za-z0-9'],
  ['upper', 'A-Z'],
  ['lower', 'a-z'],
  ['space', '\\t-\\r '],
  ['blank', '\\t '],
  ['punct', '!-\\/:-@\\[-`{-~'],
  ['xdigit', '0-9A-Fa-f'],
  ['word', '\\w'],
  ['cntrl', '\\x00-\\x1f\\x7f'],
  ['graph', '!-~'],
  ['print', ' -~'],
]);
const INLINE = /^\(\?([imsx]+)\)/;
/** Constructs of PCRE that JavaScript has no equal for. */
const REFUSED = /^(?:\(\?[>|R&P\d(+-]|\(\*|\\[GKCXRhHvVNQE]|[*+?}]\+)/;

/**
 * Compiles a pattern with MongoDB's options i, m, s, x, u
 * (https://www.mongodb.com/docs/manual/reference/operator/query/regex/). Throws 51108 for another option
 * and 51091 for a pattern that is wrong or cannot be answered exactly.
 */
export function regularExpression(pattern: string, options: string): RegExp {
  for (const option of options) {
    if (!'imsxu'.includes(option)) throw mongoError(51108, `invalid flag in regex options: ${option}`);
  }
  const flags = {
    i: options.includes('i'),
    m: options.includes('m'),
    s: options.includes('s'),
    x: options.includes('x'),
  };
  let source = pattern;
  for (let inline = INLINE.exec(source); inline !== null; inline = INLINE.exec(source)) {
    for (const flag of inline[1] ?? '') flags[flag as keyof Flags] = true;
    source = source.slice(inline[0].length);
  }
  return build(translate(source, flags, pattern), flags.i ? 'i' : '', pattern);
}

/** The same as a test of whether the pattern occurs. */
export function compileRegex(pattern: string, options: string): TextTest {
  const expression = regularExpression(pattern, options);
  return (text) => expression.test(text);
}

function build(source: string, flags: string, pattern: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    try {
      return new RegExp(source, flags);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw invalid(pattern, reason);
    }
  }
}

function invalid(pattern: string, reason: string): Error {
  return mongoError(51091, `Regular expression is invalid: ${reason} (in the pattern "${pattern}")`);
}

/** Walks the pattern once, token by token. */
function translate(source: string, flags: Flags, pattern: string): string {
  let out = '';
  for (let i = 0; i < source.length; ) {
    const rest = source.slice(i);
    if (REFUSED.test(rest) || INLINE.test(rest)) {
      throw invalid(pattern, `the construct at "${rest.slice(0, 6)}" is not supported here`);
    }
    const char = source[i] ?? '';
    if (char === '\\') {
      const [text, length] = outerEscape(rest);
      out += text;
      i += length;
    } else if (char === '[') {
      const [text, length] = charClass(rest, pattern);
      out += text;
      i += length;
    } else if (flags.x && /\s/.test(char)) i += 1;
    else if (flags.x && char === '#') i += lineLength(rest);
    else {
      out += plain(char, flags);
      i += 1;
    }
  }
  return out;
}

function lineLength(text: string): number {
  const end = text.indexOf('\n');
  return end === -1 ? text.length : end + 1;
}

function plain(char: string, flags: Flags): string {
  if (char === '.') return flags.s ? '[\\s\\S]' : '[^\\n]';
  if (char === '^' && flags.m) return '(?<![^\\n])';
  if (char === '$') return flags.m ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))';
  return char;
}

/** An escape outside a class: PCRE's text anchors, ASCII spaces, and harmless escapes of plain characters. */
function outerEscape(rest: string): [string, number] {
  const char = rest[1] ?? '';
  if (char === 'A') return ['(?<![\\s\\S])', 2];
  if (char === 'z') return ['(?![\\s\\S])', 2];
  if (char === 'Z') return ['(?=\\n?(?![\\s\\S]))', 2];
  if (char === 's') return ['[\\t-\\r ]', 2];
  if (char === 'S') return ['[^\\t-\\r ]', 2];
  if (char === 'a') return ['\\x07', 2];
  if (char === 'e') return ['\\x1b', 2];
  return [escapedCharacter(rest), 2];
}

function escapedCharacter(rest: string): string {
  const char = rest[1] ?? '';
  if (/[A-Za-z0-9]/.test(char) || char === '') return `\\${char}`;
  return /[\^$\\.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}

function charClass(rest: string, pattern: string): [string, number] {
  let out = rest[1] === '^' ? '[^' : '[';
  let i = out.length;
  const start = i;
  for (; i < rest.length; ) {
    const char = rest[i] ?? '';
    if (char === ']' && i > start) return [`${out}]`, i + 1];
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(rest.slice(i));
    if (posix) {
      const members = POSIX.get(posix[2] ?? '');
      if (members === undefined || posix[1] === '^') throw invalid(pattern, 'unknown POSIX class name');
      out += members;
      i += posix[0].length;
    } else if (char === '\\') {
      out += classEscape(rest.slice(i));
      i += 2;
    } else {
      out += char === '[' || char === ']' ? `\\${char}` : char;
      i += 1;
    }
  }
  throw invalid(pattern, 'missing terminating ] for character class');
}

function classEscape(rest: string): string {
  const char = rest[1] ?? '';
  if (char === 's') return '\\t-\\r ';
  if (char === '-') return '\\-';
  return escapedCharacter(rest);
}
