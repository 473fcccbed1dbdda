// Forms that only those see who may press them.
import type { ReactElement } from 'react';
import { holds, type Permission } from '../core/permissions.ts';
import { type FormOperation, OperationForm, type OperationFormProps } from './form.tsx';
import type { Frame } from './frame.ts';

interface Guarded {
  readonly permission: Permission;
}

/** Whether the person on this page may run the operation. */
export function mayRun(frame: Frame, { permission }: Guarded): boolean {
  return frame.person !== null && holds(frame.person.role, permission);
}

/** The operation's form for those who may run it, and nothing for the others: the server refuses them anyway. */
export function PermittedForm(
  props: OperationFormProps & { readonly operation: FormOperation & Guarded },
): ReactElement | null {
  return mayRun(props.frame, props.operation) ? <OperationForm {...props} /> : null;
}
