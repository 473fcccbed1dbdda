// What became of the last form: said once above the page, with a way to each field that must be mended.
import type { ReactElement } from 'react';
import type { FieldProblem } from '../core/errors.ts';
import { ReplyView } from './components/reply-view.tsx';
import { fieldId, fieldLabel } from './form-names.ts';
import type { Flash, RefusedForm } from './frame.ts';

/** A refusal takes the focus, so that a keyboard or a screen reader starts where the trouble is. */
export function FlashMessage({ flash }: { readonly flash: Flash }): ReactElement {
  const refused = flash.role === 'alert';
  return (
    <div
      className={refused ? 'flash flash-alert' : 'flash'}
      role={flash.role}
      tabIndex={refused ? -1 : undefined}
      // biome-ignore lint/a11y/noAutofocus: an error summary must take the focus (WCAG technique G139)
      autoFocus={refused}
    >
      {flash.form && flash.form.problems.length > 0 ? (
        <Problems form={flash.form} />
      ) : (
        <ReplyView reply={flash.reply} />
      )}
      {flash.requestId && (
        <p className="quiet-text">
          Reference <code>{flash.requestId}</code>
        </p>
      )}
    </div>
  );
}

function Problems({ form }: { readonly form: RefusedForm }): ReactElement {
  const count = form.problems.length;
  return (
    <>
      <p>
        <strong>
          {count === 1
            ? 'Nothing was done: one thing is wrong'
            : `Nothing was done: ${count} things are wrong`}
        </strong>
      </p>
      <ul>
        {form.problems.map((problem) => (
          <li key={`${problem.field} ${problem.problem}`}>
            <a href={`#${fieldId(form.operation, problem.field)}`}>{sentenceOf(problem)}</a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** One problem as it stands in the summary: the field's name, what is wrong, one example that works. */
export function sentenceOf({ field, problem, example }: FieldProblem): string {
  return `${fieldLabel(field)} ${problem}${example === undefined ? '' : ` — for example ${example}`}`;
}
