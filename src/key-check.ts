// Refuses a secret key other than the one that this database was begun with: sessions and the audit chain hang on it.
import { createHmac } from 'node:crypto';
import { keyChecks } from '../models/key-check.ts';
import type { Store } from '../models/store.ts';
import { ConfigError } from './config.ts';
import { DEFAULT_TENANT, withTenant } from './core/tenant.ts';

/** @throws ConfigError when the key does not fit the database. */
export async function checkSecretKey(store: Store, secretKey: string): Promise<void> {
  const value = createHmac('sha256', secretKey).update('wardroom key check').digest('hex');
  const checks = store.records(keyChecks).scoped(DEFAULT_TENANT);
  const { record } = await withTenant(DEFAULT_TENANT, () => checks.insertOnce('secret-key', { value }));
  if (record.value === value) return;
  const problem =
    'is not the key that this database was begun with; give that one, or sessions and audit cannot be trusted';
  throw new ConfigError([{ variable: 'SECRET_KEY', problem }]);
}
