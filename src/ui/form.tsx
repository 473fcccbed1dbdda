// A form made from an operation: its fields from the schema, its button from the page, its yes from a person.
import type { ReactElement, ReactNode } from 'react';
import type { Verb } from '../core/dispatcher.ts';
import { type FieldSpec, fieldsOf } from '../core/fields.ts';
import { type Choice, FormField } from './form-field.tsx';
import { addressOf, type Frame, type RefusedForm } from './frame.ts';

/** What a form needs to know of its operation; every declared operation fits. */
export type FormOperation = Pick<Verb, 'name' | 'input' | 'danger' | 'sensitive' | 'file'>;

export interface OperationFormProps {
  readonly frame: Frame;
  readonly operation: FormOperation;
  /** The button: a verb and what it acts on, such as “Approve switch”. */
  readonly label: string;
  /** Input that is settled and not asked for. */
  readonly input?: Readonly<Record<string, string | number | boolean>>;
  /** What to ask for, in this order; every field that is not settled unless told. */
  readonly fields?: readonly string[];
  /** What stands in the fields at first. */
  readonly preset?: Readonly<Record<string, string>>;
  /** Fields to be picked from a list that only the page knows, such as the people of the team. */
  readonly choices?: Readonly<Record<string, readonly Choice[]>>;
  /** What will happen, in numbers: shown with a second button before anything is done. */
  readonly confirmText?: string;
  readonly tone?: 'primary' | 'secondary' | 'danger';
  /** Where to go after it is done; this page unless told. */
  readonly back?: string;
}

/**
 * Posts to `/admin/operations/<name>` with the input and, hidden, `_csrf`, `_effect` (this form's effect key) and
 * `_back`. A form that was refused shows what was given and what is wrong with it.
 */
export function OperationForm(props: OperationFormProps): ReactElement {
  const { frame, operation, input: settled = {} } = props;
  const refused = refusedHere(frame, operation.name, settled);
  const specs = askedFor(operation, settled, props.fields);
  const asksFirst = operation.danger === 'confirm' || props.confirmText !== undefined;
  const form = (
    <form
      method="post"
      action={`/admin/operations/${operation.name}`}
      className={specs.length > 0 ? 'operation' : 'operation bare'}
      noValidate
    >
      <HiddenFields {...props} settled={settled} />
      {asksFirst && <input type="hidden" name="_confirmed" value="yes" />}
      {specs.map((spec) => (
        <FormField
          key={spec.name}
          spec={spec}
          operation={operation}
          refused={refused}
          preset={props.preset?.[spec.name]}
          choices={props.choices?.[spec.name]}
        />
      ))}
      {asksFirst && <p className="confirm-text">{props.confirmText ?? 'This takes effect at once.'}</p>}
      <button type="submit" className={props.tone ?? 'secondary'}>
        {asksFirst ? `Yes, ${uncapitalised(props.label)}` : props.label}
      </button>
    </form>
  );
  return asksFirst ? <Asking {...props} refused={refused !== undefined} form={form} /> : form;
}

/** The first press only opens: what will happen stands there with the button that does it. */
function Asking(
  props: OperationFormProps & { readonly refused: boolean; readonly form: ReactNode },
): ReactElement {
  return (
    <details className="confirm" name="confirm" open={props.refused}>
      {/* biome-ignore lint/a11y/useSemanticElements: a summary opens without script, a button would not */}
      <summary role="button" className={props.tone ?? 'secondary'}>
        {props.label}
      </summary>
      <div className="confirm-body">{props.form}</div>
    </details>
  );
}

function HiddenFields(
  props: OperationFormProps & { readonly settled: Readonly<Record<string, string | number | boolean>> },
): ReactElement {
  const own = {
    _csrf: props.frame.csrfToken,
    _effect: props.frame.freshEffect(),
    _back: props.back ?? addressOf(props.frame),
  };
  return (
    <>
      {Object.entries({ ...own, ...props.settled }).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={String(value)} />
      ))}
    </>
  );
}

function askedFor(
  operation: FormOperation,
  settled: Readonly<Record<string, unknown>>,
  names: readonly string[] | undefined,
): readonly FieldSpec[] {
  const open = fieldsOf(operation.input).filter((spec) => !Object.hasOwn(settled, spec.name));
  if (!names) return open;
  return names.flatMap((name) => open.filter((spec) => spec.name === name));
}

/** Several forms of one operation may stand on a page: the refused one is that with the same settled input. */
function refusedHere(
  frame: Frame,
  operation: string,
  settled: Readonly<Record<string, string | number | boolean>>,
): RefusedForm | undefined {
  const form = frame.flash?.form;
  if (form?.operation !== operation) return undefined;
  const same = Object.entries(settled).every(([name, value]) => form.input[name] === String(value));
  return same ? form : undefined;
}

const uncapitalised = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1);
