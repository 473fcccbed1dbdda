// Splits what a person typed into words: straight and curly quotes, phone dashes, and the spacing between.

/** One word of a line. */
export interface Word {
  /** What it says, with the quotes taken away. */
  readonly text: string;
  /** As it was typed. */
  readonly typed: string;
  /** The white space before it. */
  readonly gap: string;
  /** Quoted from its first character: never read as a flag or as `key:value`. */
  readonly literal: boolean;
}

const DOUBLE = '"“”„';
const SINGLE = "'‘’‚";
const SPACE = /\s/;

interface Cursor {
  readonly line: string;
  at: number;
  /** No single quote that could close one stands behind this point: keeps hostile lines linear. */
  singlesOpenAt: number;
}

/**
 * The words of a line. Total: any text gives words, an unclosed quote is an ordinary character. Inside quotes a
 * backslash makes the next quote or backslash ordinary; an apostrophe within a word (`don’t`) is no quote.
 */
export function splitWords(line: string): Word[] {
  const cursor: Cursor = { line, at: 0, singlesOpenAt: Number.POSITIVE_INFINITY };
  const words: Word[] = [];
  while (cursor.at < line.length) {
    const gap = takeGap(cursor);
    if (cursor.at < line.length) words.push(takeWord(cursor, gap));
  }
  return words;
}

/** Words that a shell has split already. */
export function wordsOfArguments(argv: readonly string[]): Word[] {
  return argv.map((text) => ({ text, typed: text, gap: ' ', literal: false }));
}

/** The word in quotes, so that splitting gives it back unchanged. */
export function quoteWord(text: string): string {
  return `"${text.replace(/["“”„\\]/g, '\\$&')}"`;
}

function takeGap(cursor: Cursor): string {
  const from = cursor.at;
  while (cursor.at < cursor.line.length && SPACE.test(cursor.line.charAt(cursor.at))) cursor.at += 1;
  return cursor.line.slice(from, cursor.at);
}

function takeWord(cursor: Cursor, gap: string): Word {
  const from = cursor.at;
  let text = '';
  let mayQuote = true;
  let literal = false;
  while (cursor.at < cursor.line.length) {
    const character = cursor.line.charAt(cursor.at);
    if (SPACE.test(character)) break;
    const quoted = mayQuote ? takeQuoted(cursor, character) : null;
    if (quoted === null) {
      text += character;
      cursor.at += 1;
      mayQuote = (character === '=' || character === ':') && opensValue(text);
    } else {
      if (text === '') literal = true;
      text += quoted;
      mayQuote = false;
    }
  }
  return { text, typed: cursor.line.slice(from, cursor.at), gap, literal };
}

/** `--title="…"` and `title:"…"` quote their value; a quote later in a word is part of it. */
function opensValue(text: string): boolean {
  return /^[-–—]{0,2}[A-Za-z][\w-]*[=:]$/.test(text);
}

function takeQuoted(cursor: Cursor, opening: string): string | null {
  const marks = DOUBLE.includes(opening) ? DOUBLE : SINGLE.includes(opening) ? SINGLE : null;
  if (marks === null || (marks === SINGLE && cursor.at >= cursor.singlesOpenAt)) return null;
  let text = '';
  for (let at = cursor.at + 1; at < cursor.line.length; at += 1) {
    const character = cursor.line.charAt(at);
    const next = cursor.line.charAt(at + 1);
    if (character === '\\' && (next === '\\' || marks.includes(next)) && next !== '') {
      text += next;
      at += 1;
    } else if (marks.includes(character) && (marks === DOUBLE || next === '' || SPACE.test(next))) {
      cursor.at = at + 1;
      return text;
    } else text += character;
  }
  if (marks === SINGLE) cursor.singlesOpenAt = cursor.at;
  return null;
}

/** `@wardroom task add …` and `<@U12> task add …` mean the words after the mention. */
export function withoutMention(words: readonly Word[]): readonly Word[] {
  return words[0] && /^(@[\w.-]+|<@\w+>)[:,]?$/.test(words[0].typed) ? words.slice(1) : words;
}
