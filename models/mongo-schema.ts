// The mongoose model behind a definition: strict about every path, without hooks of its own but the tenant wall.
import { type Connection, type Model, Schema, type SchemaDefinition } from 'mongoose';
import { type CollectionDefinition, mixed } from './define.ts';
import type { Row } from './documents.ts';
import { optionsOf } from './field-check.ts';
import { tenantPlugin } from './tenant-plugin.ts';

export type RowModel = Model<Row>;

/** The model of a definition on that connection; it never leaves models/. */
export function modelOf(connection: Connection, definition: CollectionDefinition): RowModel {
  const known = connection.models[definition.name];
  if (known) return known as RowModel;
  const schema = new Schema<Row>(schemaFields(definition), {
    strict: 'throw',
    strictQuery: 'throw',
    versionKey: false,
    minimize: false,
    autoIndex: false,
    autoCreate: false,
    id: false,
  });
  tenantPlugin(schema);
  return connection.model<Row>(definition.name, schema, definition.name);
}

/** Forms were judged by `checkBody` already, so that lists and nested objects pass mongoose as they are. */
function schemaFields(definition: CollectionDefinition): SchemaDefinition {
  const body = Object.entries(definition.fields).map(([field, form]) => {
    const { type } = optionsOf(form);
    return [field, { type: typeof type === 'function' ? type : mixed }];
  });
  const bookkeeping: SchemaDefinition = {
    _id: { type: String, required: true },
    tenant: { type: String, required: true },
    version: { type: Number, required: true },
  };
  const ofFacts: SchemaDefinition =
    definition.kind === 'facts'
      ? { createdAt: Date, updatedAt: Date, history: [mixed], outbox: [mixed] }
      : {};
  return { ...Object.fromEntries(body), ...bookkeeping, ...ofFacts };
}
