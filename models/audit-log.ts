// The collection of audit rows: who did what to what, through which door, and what changed; a row is never changed.
import type { ActorKind, Door } from '../src/core/actor.ts';
import type { AuditEntry } from '../src/core/outbox-item.ts';
import type { Body, Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

export interface AuditRow extends Stored {
  readonly at: Date;
  readonly operation: string;
  readonly outcome: 'done' | 'denied' | 'read';
  readonly actorKind: ActorKind;
  readonly actorId: string;
  readonly actorName: string;
  readonly door: Door;
  readonly requestId: string;
  readonly effectKey: string;
  readonly target: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly reason: string | null;
  /** What a search for a person finds: the actor's id and the name in small letters. */
  readonly who: readonly string[];
  /** What a search for a thing finds: the operation, its noun, and the record acted on. */
  readonly what: readonly string[];
  /** True until the row stands in a block; the one field that changes, and no part of the digest. */
  readonly open: boolean;
}

export const auditLog = defineRecords<AuditRow>({
  name: 'audit_log',
  fields: {
    at: { type: Date, required: true },
    operation: { type: String, required: true },
    outcome: { type: String, required: true, enum: ['done', 'denied', 'read'] },
    actorKind: { type: String, required: true },
    actorId: { type: String, required: true },
    actorName: { type: String, required: true },
    door: { type: String, required: true },
    requestId: { type: String, required: true },
    effectKey: { type: String, required: true },
    target: { type: String, required: true },
    before: mixed,
    after: mixed,
    reason: String,
    who: [String],
    what: [String],
    open: { type: Boolean, required: true },
  },
  indexes: [
    { keys: { open: 1, tenant: 1, _id: 1 }, partial: { open: true }, acrossTenants: true },
    { keys: { at: -1 } },
    { keys: { who: 1, at: -1 } },
    { keys: { what: 1, at: -1 } },
  ],
  about: {
    holds: 'One thing that somebody did, was refused, or read where reading is watched.',
    writer: 'the relay, from the document of the effect; the dispatcher, for denials and watched reads',
    retention: 'kept; a row is never changed but for the mark `open`, which the sealer takes away',
  },
});

/** The row of an entry as it is stored, open until it is sealed. */
export function auditBody(entry: AuditEntry, at: Date): Body<AuditRow> {
  const { operation, outcome, actor, door, requestId, effectKey, target } = entry;
  const noun = operation.split('.')[0] ?? operation;
  return {
    at,
    operation,
    outcome,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    door,
    requestId,
    effectKey,
    target,
    before: entry.before ?? null,
    after: entry.after ?? null,
    reason: entry.reason ?? null,
    who: [actor.id, actor.name.toLowerCase()],
    what: target === '' ? [operation, noun] : [operation, noun, target],
    open: true,
  };
}
