// Packs lines into messages of Telegram's HTML: none too long, no mark left open, no character cut in two.
import { escapeHtml, type Line, type Run } from './lines.ts';

/** The platform counts after reading the marks; we count with them, which can only be more. */
export const LONGEST_TEXT = 4_096;
export const LONGEST_CAPTION = 1_024;

const PRE = '<pre>';
const PRE_END = '</pre>';
/** What may come between two lines: the end of one block, a line end, the begin and end of another. */
const MARKS_BETWEEN = 2 * PRE_END.length + PRE.length + 1;
/** A block that does not fit begins a new message where at most so much of the old one stays unused. */
const MOST_UNUSED = 0.5;

const graphemes = new Intl.Segmenter();

interface Page {
  html: string;
  pre: number;
}

/**
 * The blocks as HTML, each part at most `limit` UTF-16 units with its marks. Breaks between blocks where that leaves
 * little unused, else between lines, else between words, else between characters.
 */
export function packBlocks(blocks: readonly (readonly Line[])[], limit: number): readonly string[] {
  const pages: string[] = [];
  let page: Page = { html: '', pre: 0 };
  const turn = (): void => {
    const html = closed(page);
    if (hasText(html)) pages.push(html);
    page = { html: '', pre: 0 };
  };
  for (const lines of blocks) {
    if (!fits(page, lines, limit) && page.html.length > limit * MOST_UNUSED) turn();
    for (const line of lines) {
      let rest: Line | null = line;
      while (rest) {
        if (fits(page, [rest], limit)) {
          page = after(page, rest);
          rest = null;
        } else if (page.html !== '' && !isForCutting(page, rest, limit)) turn();
        else {
          const [head, tail] = cut(rest, limit - closed(page).length - MARKS_BETWEEN);
          page = after(page, head);
          turn();
          rest = tail;
        }
      }
    }
  }
  turn();
  return pages;
}

/** A line that no message holds whole is begun in the present one, where that has room. */
function isForCutting(page: Page, line: Line, limit: number): boolean {
  return page.html.length <= limit * MOST_UNUSED && !fits({ html: '', pre: 0 }, [line], limit);
}

/** Whether something of it can be seen: a message of blanks is refused. */
export function hasText(html: string): boolean {
  return /[^\s\u00AD\u200B-\u200F\u2060-\u2064\u2800\u3164\uFEFF]/.test(html.replace(/<[^>]*>/g, ''));
}

function fits(page: Page, lines: readonly Line[], limit: number): boolean {
  let trial = page;
  for (const line of lines) {
    trial = after(trial, line);
    if (closed(trial).length > limit) return false;
  }
  return true;
}

function after({ html, pre }: Page, line: Line): Page {
  const said = line.runs.map(marked).join('');
  if (line.pre === pre) return { html: html === '' && pre === 0 ? said : `${html}\n${said}`, pre };
  const before = closed({ html, pre });
  const gap = before === '' ? '' : '\n';
  return { html: before + gap + (line.pre > 0 ? PRE : '') + said, pre: line.pre };
}

function closed({ html, pre }: Page): string {
  return pre > 0 ? html + PRE_END : html;
}

function marked({ text, open, close }: Run): string {
  return open + escapeHtml(text) + close;
}

/** As much of the line as fits into `room`, and the rest; at least one character is taken. */
function cut(line: Line, room: number): readonly [Line, Line] {
  const taken: Run[] = [];
  let left = room;
  for (const [place, one] of line.runs.entries()) {
    const length = marked(one).length;
    if (length <= left) {
      taken.push(one);
      left -= length;
      continue;
    }
    const [head, tail] = cutText(one.text, left - one.open.length - one.close.length, taken.length === 0);
    if (head !== '') taken.push({ ...one, text: head });
    const rest = [{ ...one, text: tail }, ...line.runs.slice(place + 1)];
    return [
      { runs: taken, pre: line.pre },
      { runs: rest, pre: line.pre },
    ];
  }
  return [line, { runs: [], pre: line.pre }];
}

/** Cuts after a word where one ends in the second half, else after a character. */
function cutText(text: string, room: number, mustTake: boolean): readonly [string, string] {
  let used = 0;
  let at = 0;
  let afterWord = 0;
  for (const { segment, index } of graphemes.segment(text.slice(0, Math.max(room, 0) + 1))) {
    used += escapeHtml(segment).length;
    if (used > room) break;
    at = index + segment.length;
    if (/\s$/.test(segment)) afterWord = at;
  }
  if (at === 0 && mustTake) at = wholeCharacters(text, room);
  const end = afterWord > at / 2 ? afterWord : at;
  return [text.slice(0, end), text.slice(end)];
}

/** A single sign of thousands of marks is cut between them: never between the halves of one. */
function wholeCharacters(text: string, room: number): number {
  const at = Math.max(Math.floor(room / '&amp;'.length), 1);
  const isHigh = /[\uD800-\uDBFF]/.test(text.charAt(at - 1));
  return isHigh ? at + 1 : at;
}
