/** What the expressions of a command may read beside the document: its `let` variables and its time. */
import { optionalDoc } from '../args.ts';
import type { Context } from '../context.ts';
import { checkUserVariable } from '../expression/conditions.ts';
import { compileExpression, variablesOf } from '../expression.ts';
import { type Doc, fieldOf, namesOf, setField } from '../value.ts';

export type CommandScope = { readonly now: Date; readonly vars: Doc };

/** The command's `let` variables, expressions over no document, evaluated once; and `$$NOW`. */
export function scopeOf(context: Context): CommandScope {
  const { now } = context;
  const given = optionalDoc(context.command['let'], 'let') ?? {};
  const vars: Doc = {};
  for (const name of namesOf(given)) {
    checkUserVariable(name);
    setField(vars, name, compileExpression(fieldOf(given, name), variablesOf(now))({}));
  }
  return { now, vars };
}
