// The operations that wait for approval, as the desk reaches them: described, carried out and told of their end.
import type { ApprovableOperations } from './approval.ts';
import { AppError } from './errors.ts';
import type { ErasedApproval, Operation } from './operation.ts';

/** @param services asked late, since the desk is one of them. */
export function createApprovable<S>(
  operations: readonly Operation<S>[],
  services: () => S,
): ApprovableOperations {
  const byName = new Map(
    operations.filter(({ approval }) => approval).map((operation) => [operation.name as string, operation]),
  );

  function approvalOf(name: string): { operation: Operation<S>; approval: ErasedApproval<S> } {
    const operation = byName.get(name);
    if (!operation?.approval)
      throw new AppError('input.unknown_operation', `“${name}” is no longer something to be approved.`);
    return { operation, approval: operation.approval };
  }

  return {
    describe: (ctx, name, raw) =>
      approvalOf(name).approval.describe({ ...ctx, operation: name, services: services() }, raw),
    rulesOf: (name, raw) => {
      const { operation, approval } = approvalOf(name);
      const { permission: voters, expiresAfterMs } = approval;
      return { permission: operation.permission, voters, expiresAfterMs, needed: approval.needed(raw) };
    },
    execute: (ctx, name, input) =>
      approvalOf(name).operation.execute({ ...ctx, operation: name, services: services() }, input),
    endedOf: (name) => {
      const ended = byName.get(name)?.approval?.ended;
      return ended && ((ctx, input, end) => ended({ ...ctx, services: services() }, input, end));
    },
  };
}
