// The tenant of the work in hand, carried through every await; the second wall in models/ reads it.
import { AsyncLocalStorage } from 'node:async_hooks';

export const DEFAULT_TENANT = 'default';

export type TenantScope = { readonly tenant: string } | { readonly acrossTenants: string };

const scopes = new AsyncLocalStorage<TenantScope>();

/** Runs the work for one tenant. */
export function withTenant<T>(tenant: string, work: () => Promise<T>): Promise<T> {
  return scopes.run({ tenant }, begun, work);
}

/** Runs system work that must see every tenant; the reason is logged and allow-listed in models/. */
export function acrossTenants<T>(reason: string, work: () => Promise<T>): Promise<T> {
  return scopes.run({ acrossTenants: reason }, begun, work);
}

/** A lazy query, which begins when somebody waits for it, is begun here: it cannot leave the scope. */
function begun<T>(work: () => Promise<T>): Promise<T> {
  try {
    const given = work();
    // What is under way already needs no second promise around it; every call of every store passes here.
    return given instanceof Promise ? given : Promise.resolve(given);
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

export function currentScope(): TenantScope | undefined {
  return scopes.getStore();
}

/** Runs work outside any tenant, so that long-lived loops do not inherit the scope of whoever started them. */
export function outsideTenants<T>(work: () => T): T {
  return scopes.exit(work);
}
