// One description of an operation's arguments, read from its JSON Schema: chat, forms, help and CLI derive from it.
import { z } from 'zod';

export type FieldKind = 'text' | 'integer' | 'number' | 'boolean' | 'choice' | 'list';

export interface FieldSpec {
  readonly name: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly description: string;
  readonly example: string | undefined;
  /** For `choice`: what may be given. */
  readonly choices: readonly string[];
  readonly preset: unknown;
  readonly maxLength: number | undefined;
}

interface PropertySchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly maxLength?: number;
}

const cache = new WeakMap<z.ZodObject, readonly FieldSpec[]>();

/**
 * The fields of an operation's input, in declaration order.
 * @throws Error when the schema has something no door can ask for (union, record, nullable, date): a fault of the declaration.
 */
export function fieldsOf(input: z.ZodObject): readonly FieldSpec[] {
  const known = cache.get(input);
  if (known) return known;
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'throw' });
  const required = new Set(schema.required ?? []);
  const specs = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    fieldSpec(name, property as PropertySchema, required.has(name)),
  );
  cache.set(input, specs);
  return specs;
}

function fieldSpec(name: string, property: PropertySchema, required: boolean): FieldSpec {
  return {
    name,
    kind: kindOf(name, property),
    required,
    description: property.description ?? '',
    example: property.example === undefined ? undefined : String(property.example),
    choices: (property.enum ?? []).map(String),
    preset: property.default,
    maxLength: property.maxLength,
  };
}

function kindOf(name: string, property: PropertySchema): FieldKind {
  if (property.enum) return 'choice';
  switch (property.type) {
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
    case 'boolean':
      return property.type;
    case 'array':
      return 'list';
    default:
      throw new Error(
        `the argument “${name}” has a form that no door can ask for: ${JSON.stringify(property)}`,
      );
  }
}
