// Reads an answer as a person who knows Hindi does: what stands there in English though nobody typed it so.
import type { Block, Reply, Text } from '../../../src/core/reply.ts';
import type { Answer } from './desk.ts';

/** Three words of Latin letters in a row, or more. */
const ENGLISH = /(?<![\w/.-])[A-Za-z][A-Za-z’']*(?: [A-Za-z][A-Za-z’']*){2,}(?![\w/-])/;
/** A word that a label may not be in: names such as API, CSV and Id are the same in Hindi. */
const LABEL = /(?<![\w/.-])[A-Za-z][a-z]{3,}(?![\w/.-])/;
const LETTER = /\p{L}/u;
const HINDI = /\p{Script=Devanagari}/u;
/** Stands where data or code stood, so that its neighbours do not meet. */
const GAP = '□';

/** What is not Hindi in an answer, as a person would point at it. @param data what people typed, or another wrote. */
export function notHindi({ verb, reply }: Answer, data: readonly string[]): string[] {
  const read = (texts: readonly Text[]): string[] => texts.map((text) => without(withoutCode(text), data));
  const texts = read(textsOf(reply));
  const [first = ''] = texts.filter((text) => LETTER.test(text));
  const opening = HINDI.test(first) ? [] : [`${verb} opens with “${first}”`];
  const sentences = texts.flatMap((text) => ENGLISH.exec(text)?.[0] ?? []);
  const isTyped = (words: string): boolean => data.some((one) => one.includes(words));
  const labels = read(labelsOf(reply)).flatMap((label) => LABEL.exec(label)?.[0] ?? []);
  return [
    ...opening,
    ...sentences.filter((words) => !isTyped(words)).map((words) => `${verb} says “${words}”`),
    ...labels.map((word) => `${verb} calls something “${word}”`),
  ];
}

/** Whether anything in an answer is in Hindi that nobody typed so. */
export function hasHindi({ reply }: Answer, data: readonly string[]): boolean {
  return textsOf(reply).some((text) => HINDI.test(without(withoutCode(text), data)));
}

/** Every text of an answer in the order it is read. */
function textsOf({ blocks }: Reply): Text[] {
  return blocks.flatMap(textsOfBlock);
}

function textsOfBlock(block: Block): Text[] {
  switch (block.kind) {
    case 'text':
    case 'context':
      return [block.text];
    case 'fields':
      return block.fields.flatMap(({ label, value }) => [label, value]);
    case 'table':
      return [...block.columns.map(({ label }) => label), ...block.rows.flat()];
    case 'list':
      return [...block.items];
    case 'picture':
      return [block.alt, ...drawn(block.svg)];
    case 'buttons':
      return block.buttons.map(({ label }) => label);
    case 'form':
      return [block.form.title, block.form.submit, ...block.form.fields.map(({ label }) => label)];
    case 'code':
      return [];
  }
}

function labelsOf({ blocks }: Reply): string[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'table') return block.columns.map(({ label }) => label);
    if (block.kind === 'fields') return block.fields.map(({ label }) => label);
    return block.kind === 'buttons' ? block.buttons.map(({ label }) => label) : [];
  });
}

const drawn = (svg: string): string[] => [...svg.matchAll(/>([^<]+)</g)].map(([, words = '']) => words);

const withoutCode = (text: Text): string =>
  typeof text === 'string' ? text : text.map((span) => spanText(span)).join('');

function spanText(span: Exclude<Text, string>[number]): string {
  if (typeof span === 'string') return span;
  if ('bold' in span) return span.bold;
  return 'link' in span && span.link !== span.href ? span.link : GAP;
}

/** The text without what is data, the longest first, as whole words. */
function without(text: string, data: readonly string[]): string {
  const known = data.filter((one) => text.includes(one)).toSorted((a, b) => b.length - a.length);
  return known.reduce((rest, one) => rest.replace(wholeWords(one), GAP), text);
}

function wholeWords(words: string): RegExp {
  const escaped = words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu');
}

/** Every text in a value, however deep. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

/** Every text under these names in a value, however deep. */
export function stringsUnder(value: unknown, names: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    names.includes(name) ? stringsIn(inner) : stringsUnder(inner, names),
  );
}
