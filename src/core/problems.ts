// Turns what zod found wrong into problems that name the argument, quote what was given and show an example.
import type { z } from 'zod';
import type { Language } from './context.ts';
import { AppError, type FieldProblem } from './errors.ts';
import { type FieldSpec, fieldsOf } from './fields.ts';
import { type ProblemWords, problemWords } from './problem-words.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong with the raw input; empty when it is right. `example` on each field comes from the declaration. */
export function problemsOf(
  input: z.ZodObject,
  raw: unknown,
  language: Language = 'en',
): readonly FieldProblem[] {
  const judged = input.safeParse(raw);
  if (judged.success) return [];
  const specs = new Map(fieldsOf(input).map((spec) => [spec.name, spec]));
  return judged.error.issues.flatMap((issue) =>
    problemsOfIssue(issue, { specs, raw, say: problemWords[language] }),
  );
}

/** One error for a whole input: every problem is in its text and, apart, in its `fields`. */
export function invalidInput(problems: readonly FieldProblem[], usage?: string): AppError {
  const lines = problems.map(
    (p) => `${p.field}: ${p.problem}${p.example ? ` — for example ${p.example}` : ''}`,
  );
  const text = usage ? [...lines, `This works: ${usage}`] : lines;
  return new AppError('input.invalid', text.join('\n'), { fields: problems });
}

interface Judged {
  readonly specs: ReadonlyMap<string, FieldSpec>;
  readonly raw: unknown;
  readonly say: ProblemWords;
}

function problemsOfIssue(issue: Issue, { specs, raw, say }: Judged): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = [...specs.keys()].join(', ') || say.none;
    return issue.keys.map((key) => ({ field: key, problem: say.unknown(known) }));
  }
  const field = String(issue.path[0] ?? 'input');
  const spec = specs.get(field);
  const problem = describe(issue, spec, valueAt(raw, issue.path), say);
  return [spec?.example === undefined ? { field, problem } : { field, problem, example: spec.example }];
}

function describe(issue: Issue, spec: FieldSpec | undefined, given: unknown, say: ProblemWords): string {
  if (given === undefined) return say.missing(spec?.description ?? '');
  const quoted = quote(given);
  if (spec?.kind === 'choice') return say.noChoice(quoted, spec.choices.join(', '));
  if (issue.code === 'too_big')
    return (isMeasured(issue.origin) ? say.tooLong : say.tooLarge)(quoted, String(issue.maximum));
  if (issue.code === 'too_small')
    return (isMeasured(issue.origin) ? say.tooShort : say.tooSmall)(quoted, String(issue.minimum));
  if (issue.code === 'invalid_type') return say.wrongKind(quoted, wantedKind(spec));
  return say.misfit(quoted, issue.message);
}

const isMeasured = (origin: string): boolean => origin === 'string' || origin === 'array';

const wantedKind = (spec: FieldSpec | undefined) =>
  spec === undefined || spec.kind === 'choice' ? 'text' : spec.kind;

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
