// Writes docs/data-model.md from the definitions of the collections.

import { allDefinitions, exemptCollections } from '../../models/all.ts';
import type { CollectionDefinition, FieldDefinition, IndexDefinition } from '../../models/define.ts';
import { isList, optionsOf } from '../../models/field-check.ts';
import { fieldsOf } from '../../src/core/fields.ts';
import { streams } from '../../src/features/ingestion/streams.ts';

const opening = `# Data model

Written from the definitions in \`models/\`; a test holds the two together.

Every document has \`_id\` (text), \`tenant\` and \`version\`, which starts at 1 and grows by one with each change. A
collection of **facts** also keeps, in the same document and by the same write, \`createdAt\`, \`updatedAt\`, \`history\`
(who changed it when by which effect, the newest 200) and \`outbox\` (what is still to be delivered; the relay takes it
away). A collection of **records** has none of that. Fields marked • are required; a missing field counts as null.
Unique keys hold within a tenant. Dates are instants in UTC; money is whole paise.
`;

/** The whole page, as Markdown. */
export function renderDataModel(): string {
  const sorted = [...allDefinitions].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [opening, ...sorted.map(section), streamSections(), exempt()].join('\n');
}

function section({ name, kind, about, fields, indexes }: CollectionDefinition): string {
  const rows = Object.entries(fields).map(([field, form]) => fieldRow(field, form));
  const keys = indexes.map((index) => `- ${describeIndex(index)}`);
  return [
    `## ${name}`,
    '',
    `${about.holds} (${kind})`,
    '',
    `Written by: ${about.writer}. Retention: ${about.retention}.`,
    '',
    '| field | holds |',
    '| --- | --- |',
    ...rows,
    '',
    ...(keys.length > 0 ? ['Keys besides `_id`:', '', ...keys, ''] : []),
  ].join('\n');
}

function fieldRow(field: string, form: FieldDefinition): string {
  const { required, enum: choices, maxlength } = optionsOf(form);
  const limits = [choices?.join(', '), maxlength && `at most ${maxlength} characters`].filter(Boolean);
  const held = [describeForm(form), ...limits].join(': ');
  return `| \`${field}\`${required ? ' •' : ''} | ${held} |`;
}

function describeForm(form: FieldDefinition): string {
  const { type } = optionsOf(form);
  if (typeof type === 'function') return names[type.name] ?? type.name;
  if (isList(type)) return `list of ${describeForm(type[0])}`;
  const inner = Object.entries(type).map(([field, nested]) => `${field}: ${describeForm(nested)}`);
  return `{ ${inner.join(', ')} }`;
}

const names: Readonly<Record<string, string>> = {
  String: 'text',
  Number: 'number',
  Boolean: 'yes or no',
  Date: 'instant',
  SchemaMixed: 'any value',
};

function describeIndex({ keys, unique, partial, expireAfterSeconds }: IndexDefinition): string {
  const fields = Object.entries(keys).map(([field, up]) => `\`${field}\`${up === 1 ? '' : ' (down)'}`);
  const where = partial ? `, only where ${Object.entries(partial).map(describePart).join(' and ')}` : '';
  const expiry = expireAfterSeconds === undefined ? '' : `; records vanish ${expireAfterSeconds} s after it`;
  return `${unique ? 'unique: ' : ''}${fields.join(', ')}${where}${expiry}`;
}

function describePart([field, wanted]: readonly [string, unknown]): string {
  const isPresence = typeof wanted === 'object' && wanted !== null && 'exists' in wanted;
  return isPresence ? `\`${field}\` is there` : `\`${field}\` is ${JSON.stringify(wanted)}`;
}

/** What a row of each stream may hold, and what is made of it: the data of `stream_facts`. */
function streamSections(): string {
  const sections = Object.values(streams).map((stream) => {
    const rows = fieldsOf(stream.row).map(({ name, kind, required, description, choices }) => {
      const held = kind === 'choice' ? choices.join(', ') : (kinds[kind] ?? kind);
      return `| \`${name}\`${required ? ' •' : ''} | ${held} | ${description} |`;
    });
    const measures = stream.measures.map(({ name, unit, about }) => `\`${name}\` (${unit}: ${about})`);
    const groupings = [...stream.dimensions, ...stream.pairs.map((pair) => pair.join(' × '))];
    const units = stream.units.map(({ name }) => `\`${name}\``);
    return [
      `### ${stream.name}`,
      '',
      `${stream.about.en}. A row: \`${JSON.stringify(stream.example)}\``,
      '',
      '| field | holds | meaning |',
      '| --- | --- | --- |',
      ...rows,
      '',
      `Summed: ${measures.join(', ')}. Split by: ${groupings.join(', ') || 'nothing'}.` +
        `${units.length > 0 ? ` Counted once: ${units.join(', ')}.` : ''}` +
        `${stream.personal.length > 0 ? ` Masked in views: ${stream.personal.join(', ')}.` : ''}`,
      '',
    ].join('\n');
  });
  return [
    '## Streams',
    '',
    'The `data` of `stream_facts`, by stream. A row is one plain object; fields marked • are required. Every amount in',
    'paise may be given in rupees as well, as a decimal text under the name without its unit (`amount: "499.50"`).',
    'Facts are told apart by source and `id`; `updatedAt` and `revision` say which of two statements is newer.',
    '',
    ...sections,
  ].join('\n');
}

const kinds: Readonly<Record<string, string>> = {
  text: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'yes or no',
};

function exempt(): string {
  return [
    '## Kept by libraries',
    '',
    'These hold nothing of a tenant’s and pass by the repositories.',
    '',
    '| collection | holds | written by | retention |',
    '| --- | --- | --- | --- |',
    ...exemptCollections.map(
      ({ name, holds, writer, retention }) => `| \`${name}\` | ${holds} | ${writer} | ${retention} |`,
    ),
    '',
  ].join('\n');
}
