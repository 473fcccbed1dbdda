// Says what is wrong with a payload: the field, what was given, and what is wanted.
import type { z } from 'zod';
import type { FieldProblem } from '../../core/errors.ts';

const MOST_PROBLEMS = 20;
const QUOTED_LENGTH = 60;

/** What is wrong, field by field; empty when the payload fits. */
export function shapeProblems(schema: z.ZodType, payload: unknown): readonly FieldProblem[] {
  const judged = schema.safeParse(payload);
  if (judged.success) return [];
  return judged.error.issues.slice(0, MOST_PROBLEMS).map(({ path, message }) => ({
    field: path.map(String).join('.') || 'body',
    problem: `${quoted(payload, path)}: ${message}`,
  }));
}

function quoted(payload: unknown, path: readonly PropertyKey[]): string {
  let value = payload;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return 'is missing';
    value = Reflect.get(value, step);
  }
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH - 1)}…` : text;
}
