// Every operation that a capability declares, found by reading its folder, so that none can be forgotten.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Operation } from '../../src/core/operation.ts';

const FEATURES = resolve(import.meta.dirname, '../../src/features');

/** For tests that never get as far as a service: those of the operations are not there. */
export async function declaredOperations(): Promise<Operation<unknown>[]> {
  const files = readdirSync(FEATURES, { recursive: true, encoding: 'utf8' });
  const found = new Map<string, Operation<unknown>>();
  for (const file of files.filter((path) => path.endsWith('operations.ts')).sort()) {
    const exported: Record<string, unknown> = await import(join(FEATURES, file));
    for (const operation of Object.values(exported).flat())
      if (isOperation(operation)) found.set(operation.name, operation);
  }
  return [...found.values()];
}

function isOperation(value: unknown): value is Operation<unknown> {
  return typeof value === 'object' && value !== null && 'execute' in value && 'permission' in value;
}
