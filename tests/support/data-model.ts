// Writes docs/data-model.md from the definitions of the collections.
import { allDefinitions, exemptCollections } from '../../models/all.ts';
import type { CollectionDefinition, FieldDefinition, IndexDefinition } from '../../models/define.ts';
import { isList, optionsOf } from '../../models/field-check.ts';

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
  return [opening, ...sorted.map(section), exempt()].join('\n');
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
