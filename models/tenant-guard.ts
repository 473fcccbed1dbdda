// Enters the scope of one tenant, or of a named system reason, before a store is touched; refuses another tenant's.
import { AppError } from '../src/core/errors.ts';
import { type SystemReason, systemReasons } from '../src/core/store.ts';
import { acrossTenants, currentScope, withTenant } from '../src/core/tenant.ts';

/**
 * Runs a store's work for one tenant.
 * Rejects with AppError `internal.bug` when this is no tenant, or when the work in hand is another tenant's.
 */
export function asTenant<T>(tenant: string, work: () => Promise<T>): Promise<T> {
  const fault = faultOf(tenant);
  return fault === undefined ? withTenant(tenant, work) : Promise.reject(scopeFault(fault));
}

function faultOf(tenant: string): string | undefined {
  if (typeof tenant !== 'string' || tenant === '') return `“${String(tenant)}” is no tenant`;
  const scope = currentScope();
  if (scope && 'tenant' in scope && scope.tenant !== tenant)
    return `work for tenant ${scope.tenant} reached for ${tenant}`;
  return undefined;
}

/**
 * Runs a system reader's work over all tenants.
 * @throws AppError `internal.bug` for a reason that is not on the list.
 */
export async function asSystem<T>(reason: SystemReason, work: () => Promise<T>): Promise<T> {
  if (!systemReasons.includes(reason)) throw scopeFault(`“${reason}” is no reason to look across tenants`);
  return acrossTenants(reason, work);
}

/** A breach of tenant isolation: always a fault of ours, told to nobody but the log. */
export function scopeFault(internal: string): AppError {
  return new AppError('internal.bug', 'This failed because of a fault on our side.', { internal });
}
