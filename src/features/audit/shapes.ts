// Audit rows, and what a check of their chain found, as the doors show them: plain JSON.
import { z } from 'zod';
import type { AuditRow } from '../../../models/audit-log.ts';

const changes = z.record(z.string(), z.unknown()).nullable();

export const shownRow = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  who: z.string(),
  whoId: z.string(),
  door: z.string(),
  operation: z.string(),
  outcome: z.enum(['done', 'denied', 'read']),
  target: z.string(),
  before: changes,
  after: changes,
  reason: z.string().nullable(),
  requestId: z.string(),
  sealed: z.boolean(),
});

export type ShownRow = z.output<typeof shownRow>;

const shownHead = z.object({ n: z.int(), hash: z.string() }).nullable();

export function showRow(row: AuditRow): ShownRow {
  const { _id: id, actorName: who, actorId: whoId, door, operation: name, outcome, target } = row;
  const { before, after, reason, requestId } = row;
  const at = row.at.toISOString();
  const sealed = !row.open;
  return {
    id,
    at,
    who,
    whoId,
    door,
    operation: name,
    outcome,
    target,
    before,
    after,
    reason,
    requestId,
    sealed,
  };
}

export const reportShape = z.object({
  holds: z.boolean(),
  blocks: z.int(),
  rows: z.int(),
  open: z.int(),
  head: shownHead,
  problemCount: z.int(),
  problems: z.array(z.object({ kind: z.string(), block: z.int(), row: z.string(), text: z.string() })),
});
export type ShownChain = z.output<typeof reportShape>;
