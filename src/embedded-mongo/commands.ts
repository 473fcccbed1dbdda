/** All commands by name, and the fields each of them takes. */
import { aggregateCommands } from './commands/aggregate.ts';
import { catalogCommands } from './commands/catalog.ts';
import { collModCommands } from './commands/coll-mod.ts';
import { cursorCommands } from './commands/cursors.ts';
import { diagnosticCommands, testCommands } from './commands/diagnostics.ts';
import { explainCommands } from './commands/explain.ts';
import { findCommands } from './commands/find.ts';
import { findAndModifyCommands } from './commands/find-and-modify.ts';
import { handshakeCommands } from './commands/handshake.ts';
import { hashCommands } from './commands/hashes.ts';
import { indexCommands } from './commands/indexes.ts';
import { insertCommands } from './commands/insert.ts';
import { inventoryCommands } from './commands/inventory.ts';
import { maintenanceCommands } from './commands/maintenance.ts';
import { operationCommands } from './commands/operations.ts';
import { parameterCommands } from './commands/parameters.ts';
import { replicaSetCommands } from './commands/replica-set.ts';
import { statsCommands } from './commands/stats.ts';
import { updateCommands } from './commands/update.ts';
import { validateCommands } from './commands/validate.ts';
import type { Command } from './context.ts';

const TABLE: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ...handshakeCommands,
    ...replicaSetCommands,
    ...catalogCommands,
    ...indexCommands,
    ...collModCommands,
    ...insertCommands,
    ...updateCommands,
    ...findAndModifyCommands,
    ...findCommands,
    ...cursorCommands,
    ...aggregateCommands,
    ...diagnosticCommands,
    ...explainCommands,
    ...validateCommands,
    ...statsCommands,
    ...operationCommands,
    ...parameterCommands,
    ...maintenanceCommands,
    ...hashCommands,
    ...inventoryCommands(() => TABLE),
  }),
);
const TEST_TABLE: ReadonlyMap<string, Command> = new Map(Object.entries(testCommands));
const KNOWN_FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...TABLE, ...TEST_TABLE].map(([name, command]) => [name, new Set(command.fields)]),
);
const NO_FIELDS: ReadonlySet<string> = new Set();

/** The command of this name; those for tests only where they are enabled. */
export function commandNamed(name: string, withTestCommands: boolean): Command | undefined {
  return TABLE.get(name) ?? (withTestCommands ? TEST_TABLE.get(name) : undefined);
}

/** The fields a command takes beside the generic ones. */
export function fieldsOf(name: string): ReadonlySet<string> {
  return KNOWN_FIELDS.get(name) ?? NO_FIELDS;
}
