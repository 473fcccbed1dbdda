// Turns what zod found wrong into problems that name the argument, quote what was given and show an example.
import type { z } from 'zod';
import { AppError, type FieldProblem } from './errors.ts';
import { type FieldSpec, fieldsOf } from './fields.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong with the raw input; empty when it is right. `example` on each field comes from the declaration. */
export function problemsOf(input: z.ZodObject, raw: unknown): readonly FieldProblem[] {
  const judged = input.safeParse(raw);
  if (judged.success) return [];
  const specs = new Map(fieldsOf(input).map((spec) => [spec.name, spec]));
  return judged.error.issues.flatMap((issue) => problemsOfIssue(issue, specs, raw));
}

/** One error for a whole input: every problem is in its text and, apart, in its `fields`. */
export function invalidInput(problems: readonly FieldProblem[], usage?: string): AppError {
  const lines = problems.map(
    (p) => `${p.field}: ${p.problem}${p.example ? ` — for example ${p.example}` : ''}`,
  );
  const text = usage ? [...lines, `This works: ${usage}`] : lines;
  return new AppError('input.invalid', text.join('\n'), { fields: problems });
}

function problemsOfIssue(issue: Issue, specs: ReadonlyMap<string, FieldSpec>, raw: unknown): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = [...specs.keys()].join(', ') || 'none';
    return issue.keys.map((key) => ({ field: key, problem: `is not known here; known are: ${known}` }));
  }
  const field = String(issue.path[0] ?? 'input');
  const spec = specs.get(field);
  const problem = describe(issue, spec, valueAt(raw, issue.path));
  return [spec?.example === undefined ? { field, problem } : { field, problem, example: spec.example }];
}

function describe(issue: Issue, spec: FieldSpec | undefined, given: unknown): string {
  if (given === undefined) return `is missing${spec?.description ? ` (${spec.description})` : ''}`;
  const quoted = `“${quote(given)}”`;
  if (spec?.kind === 'choice') return `${quoted} is none of ${spec.choices.join(', ')}`;
  if (issue.code === 'too_big')
    return `${quoted} is too ${sized(issue.origin, 'long', 'large')}; at most ${issue.maximum}`;
  if (issue.code === 'too_small')
    return `${quoted} is too ${sized(issue.origin, 'short', 'small')}; at least ${issue.minimum}`;
  if (issue.code === 'invalid_type') return `${quoted} is not ${wanted(spec)}`;
  return `${quoted} does not fit: ${issue.message}`;
}

const sized = (origin: string, ofText: string, ofNumber: string): string =>
  origin === 'string' || origin === 'array' ? ofText : ofNumber;

function wanted(spec: FieldSpec | undefined): string {
  switch (spec?.kind) {
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'yes or no';
    case 'list':
      return 'a list';
    default:
      return 'a text';
  }
}

function quote(given: unknown): string {
  const text = typeof given === 'string' ? given : (JSON.stringify(given) ?? String(given));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}
