// One field of a form: label above, help below, what is wrong beside it, and the control its kind asks for.
import { type ReactElement, useId } from 'react';
import type { FieldSpec } from '../core/fields.ts';
import type { FormOperation } from './form.tsx';
import { fieldId, fieldLabel } from './form-names.ts';
import type { RefusedForm } from './frame.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface FieldProps {
  readonly spec: FieldSpec;
  readonly operation: FormOperation;
  readonly refused: RefusedForm | undefined;
  readonly preset: string | undefined;
  readonly choices: readonly Choice[] | undefined;
}

/** Texts that may be longer than this get several lines. */
const ONE_LINE_MAX = 200;

export function FormField(props: FieldProps): ReactElement {
  const { spec, operation, refused } = props;
  const unique = useId();
  // The summary of a refusal links to its fields, so that form's ids are known; all others only have to differ.
  const id = refused ? fieldId(operation.name, spec.name) : `field${unique}`;
  const problems = (refused?.problems ?? []).filter((problem) => problem.field === spec.name);
  const control = { ...props, id, invalid: problems.length > 0 };
  return (
    <div className={problems.length > 0 ? 'field wrong' : 'field'}>
      {spec.kind === 'boolean' ? (
        <CheckBox {...control} />
      ) : (
        <>
          <label htmlFor={id}>
            {fieldLabel(spec.name)}
            {!spec.required && <small> optional</small>}
          </label>
          <Control {...control} />
          {operation.file?.field === spec.name && <FilePicker spec={spec} accept={operation.file.accept} />}
        </>
      )}
      <div id={`${id}-told`} className="told">
        {problems.map((problem) => (
          <p key={problem.problem} className="problem">
            <span aria-hidden="true">■ </span>
            {fieldLabel(spec.name)} {problem.problem}
          </p>
        ))}
        <Help description={spec.description} example={spec.example} />
      </div>
    </div>
  );
}

/** Where there is script, a file may be picked in place of pasting its text. */
function FilePicker(props: { readonly spec: FieldSpec; readonly accept: readonly string[] }): ReactElement {
  return (
    <p hidden className="picker">
      <input
        type="file"
        aria-label={`${fieldLabel(props.spec.name)}: take it from a file`}
        accept={props.accept.join(',')}
        data-into={props.spec.name}
      />
    </p>
  );
}

function Help(props: {
  readonly description: string;
  readonly example: string | undefined;
}): ReactElement | null {
  if (!props.description && props.example === undefined) return null;
  return (
    <p className="help">
      {props.description}
      {props.description && props.example !== undefined && ', '}
      {props.example !== undefined && (
        <>
          {props.description ? 'for example' : 'For example'} <code>{props.example}</code>
        </>
      )}
    </p>
  );
}

interface ControlProps extends FieldProps {
  readonly id: string;
  readonly invalid: boolean;
}

function Control(props: ControlProps): ReactElement {
  const { spec, operation } = props;
  const shared = {
    id: props.id,
    name: spec.name,
    required: spec.required,
    'aria-invalid': props.invalid ? true : undefined,
    'aria-describedby': `${props.id}-told`,
  };
  const value = shownValue(props);
  const choices = props.choices ?? spec.choices.map((choice) => ({ value: choice, label: choice }));
  if (spec.kind === 'choice' || props.choices) {
    return (
      <select {...shared} defaultValue={value}>
        {(!spec.required || value === '') && <option value="">{spec.required ? 'Choose…' : '—'}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    );
  }
  if (operation.sensitive?.includes(spec.name))
    return <input {...shared} type="password" autoComplete="off" />;
  const lines = linesOf(spec, operation);
  if (lines > 1) return <textarea {...shared} rows={lines} maxLength={spec.maxLength} defaultValue={value} />;
  const numeric = spec.kind === 'integer' || spec.kind === 'number';
  return (
    <input
      {...shared}
      type="text"
      inputMode={numeric ? (spec.kind === 'integer' ? 'numeric' : 'decimal') : undefined}
      maxLength={spec.maxLength}
      defaultValue={value}
      autoComplete="off"
    />
  );
}

/** The hidden “false” before the box makes an unticked box an answer too. */
function CheckBox(props: ControlProps): ReactElement {
  const { spec, id } = props;
  return (
    <>
      <input type="hidden" name={spec.name} value="false" />
      <label className="tick" htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          name={spec.name}
          value="true"
          defaultChecked={shownValue(props) === 'true'}
          aria-describedby={`${id}-told`}
        />
        {fieldLabel(spec.name)}
      </label>
    </>
  );
}

function shownValue({ spec, refused, preset }: FieldProps): string {
  const given = refused?.input[spec.name] ?? preset;
  if (given !== undefined) return given;
  return spec.preset === undefined ? '' : String(spec.preset);
}

function linesOf(spec: FieldSpec, operation: FormOperation): number {
  if (operation.file?.field === spec.name) return 12;
  if (spec.kind === 'list') return 3;
  return spec.kind === 'text' && (spec.maxLength ?? 0) > ONE_LINE_MAX ? 4 : 1;
}
