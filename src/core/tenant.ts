// The tenant of the work in hand, carried through every await; the second wall in models/ reads it.
import { AsyncLocalStorage } from 'node:async_hooks';

export const DEFAULT_TENANT = 'default';

export type TenantScope = { readonly tenant: string } | { readonly acrossTenants: string };

const scopes = new AsyncLocalStorage<TenantScope>();

/** Runs the work for one tenant. Awaits inside, so that a lazy query cannot leave the scope. */
export function withTenant<T>(tenant: string, work: () => Promise<T>): Promise<T> {
  return scopes.run({ tenant }, async () => await work());
}

/** Runs system work that must see every tenant; the reason is logged and allow-listed in models/. */
export function acrossTenants<T>(reason: string, work: () => Promise<T>): Promise<T> {
  return scopes.run({ acrossTenants: reason }, async () => await work());
}

export function currentScope(): TenantScope | undefined {
  return scopes.getStore();
}

/** Runs work outside any tenant, so that long-lived loops do not inherit the scope of whoever started them. */
export function outsideTenants<T>(work: () => T): T {
  return scopes.exit(work);
}
