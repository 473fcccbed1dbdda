// Whether a body fits its definition: no field too many, none missing, each of its type; nothing is converted.
import { AppError } from '../src/core/errors.ts';
import { checkStorable, isPlain } from './copy.ts';
import type { FieldDefinition, FieldOptions, FieldType, NestedFields } from './define.ts';
import { mixed } from './define.ts';

type Value = Readonly<Record<string, unknown>>;

/**
 * @throws AppError `internal.bug` naming the field: what comes from outside was judged before, so this is a fault.
 */
export function checkBody(collection: string, fields: NestedFields, body: Value): void {
  const problem = nestedProblem(fields, body, '', true);
  if (problem) throw misfit(collection, problem);
}

/** Like `checkBody`, for a change: only the fields given are judged. */
export function checkChange(collection: string, fields: NestedFields, change: Value): void {
  const problem = nestedProblem(fields, change, '', false);
  if (problem) throw misfit(collection, problem);
}

function misfit(collection: string, problem: string): AppError {
  return new AppError('internal.bug', 'This failed because of a fault on our side.', {
    internal: `a record does not fit ${collection}: ${problem}`,
  });
}

function nestedProblem(fields: NestedFields, value: Value, path: string, whole: boolean): string | undefined {
  for (const key in value) {
    if (!Object.hasOwn(fields, key)) return `${path}${key} is not declared`;
  }
  for (const key in fields) {
    const given = Object.hasOwn(value, key) ? value[key] : undefined;
    if (!whole && given === undefined) continue;
    const definition = fields[key];
    const problem = definition && fieldProblem(definition, given, `${path}${key}`);
    if (problem) return problem;
  }
  return undefined;
}

function fieldProblem(definition: FieldDefinition, given: unknown, path: string): string | undefined {
  const options = optionsOf(definition);
  if (given === undefined || given === null)
    return options.required ? `${path} is required and is ${given}` : undefined;
  const { type } = options;
  if (typeof type === 'function') return typeProblem(type, given, path) ?? limitProblem(options, given, path);
  if (isList(type)) {
    if (!Array.isArray(given)) return `${path} is not a list`;
    for (const [index, entry] of given.entries()) {
      const problem = fieldProblem(type[0], entry, `${path}.${index}`);
      if (problem) return problem;
    }
    return undefined;
  }
  return isPlain(given) ? nestedProblem(type, given, `${path}.`, true) : `${path} is not an object`;
}

/** What keeps a value that is there from being of that type. */
export function typeProblem(type: FieldType, given: unknown, path: string): string | undefined {
  if (type === mixed) {
    checkStorable(given, path);
    return undefined;
  }
  const fits =
    type === Date
      ? given instanceof Date && !Number.isNaN(given.getTime())
      : typeof given === type.name.toLowerCase() && !Number.isNaN(given);
  return fits ? undefined : `${path} is no ${type.name}`;
}

function limitProblem(options: FieldOptions, given: unknown, path: string): string | undefined {
  const { enum: choices, min, max, maxlength } = options;
  if (choices && typeof given === 'string' && !choices.includes(given))
    return `${path} is none of ${choices.join(', ')}`;
  if (min !== undefined && typeof given === 'number' && given < min) return `${path} is less than ${min}`;
  if (max !== undefined && typeof given === 'number' && given > max) return `${path} is more than ${max}`;
  if (maxlength !== undefined && typeof given === 'string' && given.length > maxlength)
    return `${path} is longer than ${maxlength}`;
  return undefined;
}

/** The long form of a field, whichever way it was declared. */
export function optionsOf(definition: FieldDefinition): FieldOptions {
  if (typeof definition === 'function' || isList(definition)) return { type: definition };
  return definition;
}

export function isList(type: unknown): type is readonly [FieldDefinition] {
  return Array.isArray(type);
}
