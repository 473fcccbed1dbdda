// Our texts as Slack's mrkdwn: nothing a person wrote becomes a mention, a link or markup of ours.
import type { Span, Text } from '../../src/core/reply.ts';
import { withoutControls } from '../console/render.ts';

/** A run of text under one mark; cutting it leaves two runs under the same mark. */
export interface Run {
  readonly raw: string;
  /** Gives the mrkdwn of a part of the run. */
  readonly mark: (raw: string) => string;
}

/** Characters that steer what is shown taken out, halves of pairs replaced. */
export function cleaned(text: string): string {
  return withoutControls(text).replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** With it `<!channel>` and `<@U1>` are words like any others. Source: docs.slack.dev, “Escaping text”. */
export function escaped(text: string): string {
  return cleaned(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A text as runs, in order. */
export function runsOf(value: Text): readonly Run[] {
  if (typeof value === 'string') return [{ raw: value, mark: escaped }];
  return value.map(runOf);
}

export function mrkdwnOf(value: Text): string {
  return runsOf(value)
    .map(({ raw, mark }) => mark(raw))
    .join('');
}

function runOf(span: Span): Run {
  if (typeof span === 'string') return { raw: span, mark: escaped };
  if ('bold' in span) return { raw: span.bold, mark: bold };
  if ('code' in span) return { raw: span.code, mark: inlineCode };
  const { link, href } = span;
  const label = link.trim() === '' ? href : link;
  const target = linkTarget(href);
  if (target === null) return { raw: label === href ? href : `${label} (${href})`, mark: escaped };
  const mark = (raw: string): string => {
    const words = escaped(raw).replace(/\s+/g, ' ').trim();
    return words === '' ? escaped(raw) : `<${target}|${words.replaceAll('|', '¦')}>`;
  };
  return { raw: label, mark };
}

/** Web addresses that are short enough become links; anything else is shown as it is written. */
function linkTarget(href: string): string | null {
  if (!/^https?:\/\/[^\s|<>]+$/i.test(href) || href.length > 1_000 || !URL.canParse(href)) return null;
  return escaped(href);
}

/** Marks hold on one line and around words alone. */
export const bold = (raw: string): string => lineByLine(raw, (line) => `*${escaped(line)}*`);

const inlineCode = (raw: string): string =>
  lineByLine(raw, (line) => `\`${escaped(line).replaceAll('`', 'ˋ')}\``);

function lineByLine(raw: string, mark: (line: string) => string): string {
  return raw
    .split('\n')
    .map((line) => {
      const words = line.trim();
      if (words === '') return line;
      const at = line.indexOf(words);
      return `${escaped(line.slice(0, at))}${mark(words)}${escaped(line.slice(at + words.length))}`;
    })
    .join('\n');
}

/** A block of code; a fence inside it is broken up, so that it cannot end the block. */
export function fenced(raw: string): string {
  return `\`\`\`\n${escaped(raw).replaceAll('```', '`\u200B`\u200B`')}\n\`\`\``;
}

/**
 * Cuts runs into texts of at most so many UTF-16 units of mrkdwn, at a line end or a blank where one is near;
 * nothing is lost but the blank space at the cuts.
 */
export function chunked(runs: readonly Run[], most: number): readonly string[] {
  const chunks: string[] = [];
  let current = '';
  for (const { raw, mark } of runs) {
    let rest = raw;
    while (rest !== '') {
      const room = most - current.length;
      const whole = mark(rest);
      if (whole.length <= room) {
        current += whole;
        break;
      }
      const fits = fitting(rest, mark, room);
      const taken = current === '' ? fits : atBreak(rest, fits, mark, room);
      current += taken > 0 ? mark(rest.slice(0, taken)) : '';
      rest = rest.slice(taken);
      chunks.push(current);
      current = '';
    }
  }
  return [...chunks, current].map((chunk) => chunk.trim()).filter((chunk) => chunk !== '');
}

/** How much of the text fits, cut at a line end or a blank in its last third; at least one character. */
function fitting(raw: string, mark: (raw: string) => string, most: number): number {
  let low = 0;
  let high = Math.min(raw.length, most);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (mark(raw.slice(0, middle)).length <= most) low = middle;
    else high = middle - 1;
  }
  const from = Math.floor((low * 2) / 3);
  for (const end of ['\n', ' ']) {
    const at = raw.lastIndexOf(end, low - 1);
    if (at > from) return at + 1;
  }
  return wholeCharacters(raw, low);
}

/** In a text that has begun already, a cut inside a word waits for the next chunk. */
function atBreak(raw: string, taken: number, mark: Run['mark'], most: number): number {
  const isBreak = /\s/.test(raw[taken - 1] ?? '');
  return isBreak && mark(raw.slice(0, taken)).length <= most ? taken : 0;
}

/** Does not cut between the halves of a pair. */
function wholeCharacters(raw: string, at: number): number {
  const code = raw.charCodeAt(at - 1);
  const isHigh = code >= 0xd800 && code <= 0xdbff;
  return Math.max(isHigh && at < raw.length ? at - 1 : at, 1);
}
