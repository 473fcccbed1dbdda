// The one way into an operation, whichever the door: find → authorise → validate → run; denials are audited here.
import { type Actor, mayDo } from './actor.ts';
import type { ApprovalDesk } from './approval.ts';
import type { Ctx } from './context.ts';
import { AppError } from './errors.ts';
import type { ErasedApproval, Operation, Outcome } from './operation.ts';
import type { AuditEntry } from './outbox-item.ts';
import { allowedBy } from './permission-words.ts';
import { holds, type Permission, permissions, type Role } from './permissions.ts';
import { invalidInput, problemsOf } from './problems.ts';
import { withTenant } from './tenant.ts';
import { auditEntry } from './trace.ts';

/** A call as a door makes it: the operation is named, the input is as it came in. */
export interface Call {
  readonly operation: string;
  readonly raw: unknown;
  readonly ctx: Omit<Ctx, 'operation' | 'approval'>;
}

/** Writes audit rows that belong to no document: denials and sensitive reads. */
export type AuditDirectly = (tenant: string, at: Date, entry: AuditEntry) => Promise<void>;

/** An operation as a door sees it: everything but the services it runs on. */
export type Verb = Omit<Operation<never>, 'execute' | 'approval'> & {
  readonly approval?: Pick<ErasedApproval<never>, 'permission' | 'expiresAfterMs'>;
};

export interface Dispatcher {
  /** Every operation by name. */
  readonly verbs: ReadonlyMap<string, Verb>;
  /** What this actor may run, by name. */
  allowedTo(actor: Actor): readonly Verb[];
  /**
   * @throws AppError `input.unknown_operation`, `permission.denied`, `input.invalid`, and whatever the service refuses.
   */
  run(call: Call): Promise<Outcome>;
  /** Leaves the audit row of what a door refused by itself, such as a press of somebody else's button. */
  noteDenial(operation: string, ctx: Call['ctx']): Promise<void>;
}

export function createDispatcher<S>(options: {
  readonly operations: readonly Operation<S>[];
  readonly services: S;
  readonly auditDirectly: AuditDirectly;
  /** Opens a request where an operation must be approved: such an operation never runs from here. */
  readonly desk?: Pick<ApprovalDesk, 'open'>;
}): Dispatcher {
  const { services, auditDirectly, desk } = options;
  const byName = new Map(options.operations.map((operation) => [operation.name as string, operation]));
  if (byName.size !== options.operations.length) throw new Error('two operations share a name');

  async function run({ operation: name, raw, ctx: given }: Call): Promise<Outcome> {
    const operation = byName.get(name);
    if (!operation) throw new AppError('input.unknown_operation', `There is no verb “${name}”.`);
    const ctx: Ctx = { ...given, operation: operation.name };
    if (!mayDo(ctx.actor, operation.permission)) {
      await noteDenial(name, given);
      throw denial(operation, ctx.actor);
    }
    const problems = problemsOf(operation.input, raw);
    if (problems.length > 0) throw invalidInput(problems, operation.chat.examples[0]);
    const outcome = await withTenant(ctx.tenant, () =>
      operation.danger === 'approve' ? request(ctx, raw) : operation.execute({ ...ctx, services }, raw),
    );
    if (operation.audited) await auditDirectly(ctx.tenant, ctx.now, auditEntry(ctx, 'read', { target: '' }));
    return outcome;
  }

  async function noteDenial(operation: string, ctx: Call['ctx']): Promise<void> {
    const entry = auditEntry({ ...ctx, operation }, 'denied', { target: '' });
    await auditDirectly(ctx.tenant, ctx.now, entry);
  }

  async function request(ctx: Ctx, raw: unknown): Promise<Outcome> {
    if (!desk) throw new Error(`“${ctx.operation}” must be approved, and there is no desk to ask at`);
    return (await desk.open(ctx, ctx.operation, raw)).answer;
  }

  return {
    verbs: byName,
    allowedTo: (actor) => options.operations.filter((operation) => mayDo(actor, operation.permission)),
    run,
    noteDenial,
  };
}

/** The same for every verb: a stranger learns nothing of what there is. */
export const NOT_KNOWN =
  'I do not know you here yet. On the team already? Say /link in the console, and send me the code: /link <code>. ' +
  'Otherwise ask somebody on the team to invite you.';

function denial(operation: Verb, actor: Actor): AppError {
  const { role, allows } = permissions[operation.permission];
  const name = operation.name.replace('.', ' ');
  if (actor.kind === 'stranger') return new AppError('permission.denied', NOT_KNOWN);
  if (holds(actor.role, operation.permission)) {
    const mend = 'Use the token of a person: token create --user <id>.';
    return new AppError(
      'permission.denied',
      `“${name}” is for people alone: a service account never decides. ${mend}`,
    );
  }
  return new AppError(
    'permission.denied',
    `Your role is ${actor.role}. “${name}” needs ${operation.permission} ` +
      `(to ${allows}), which ${role}s hold. An admin can change your role.`,
    { inHindi: deniedInHindi(name, operation.permission, actor.role) },
  );
}

const deniedInHindi = (name: string, permission: Permission, role: Role): string =>
  `“${name}” के लिए ${permission} की अनुमति चाहिए (${allowedBy(permission, 'hi')}), ` +
  `जो ${permissions[permission].role} भूमिका से मिलती है। ` +
  `आपकी भूमिका ${role} है; कोई admin आपकी भूमिका बदल सकता है।`;
