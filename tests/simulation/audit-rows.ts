// Stands in for the audit log: rows by their item's id, and nothing else.
import { defineRecords } from '../../models/define.ts';
import type { Stored } from '../../src/core/store.ts';

export interface SimulatedAuditRow extends Stored {
  readonly at: Date;
}

export const auditRows = defineRecords<SimulatedAuditRow>({
  name: 'simulated_audit',
  fields: { at: { type: Date, required: true } },
  about: { holds: 'An audit row of the simulation.', writer: 'tests', retention: 'none' },
});
