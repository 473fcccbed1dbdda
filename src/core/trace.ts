// What every write must say of itself: the effect key, who, when, and the audit row that goes with it.
import type { Ctx } from './context.ts';
import type { AuditEntry, OutboxContent } from './outbox-item.ts';

export interface HistoryEntry {
  readonly effectKey: string;
  readonly at: Date;
  readonly by: string;
  readonly operation: string;
}

/** Handed to every repository write: nothing changes without its history entry and its audit row. */
export interface Trace {
  readonly history: HistoryEntry;
  readonly items: readonly OutboxContent[];
}

export interface EffectFacts {
  readonly target: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
}

/** The trace of one effect: its history entry, its audit row, and what else shall be delivered. */
export function traceOf(ctx: Ctx, facts: EffectFacts, ...items: readonly OutboxContent[]): Trace {
  return {
    history: { effectKey: ctx.effectKey, at: ctx.now, by: ctx.actor.id, operation: ctx.operation },
    items: [{ kind: 'audit', entry: auditEntry(ctx, 'done', facts) }, ...items],
  };
}

export function auditEntry(ctx: Ctx, outcome: AuditEntry['outcome'], facts: EffectFacts): AuditEntry {
  const { actor } = ctx;
  return {
    operation: ctx.operation,
    outcome,
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    door: ctx.door,
    requestId: ctx.requestId,
    effectKey: ctx.effectKey,
    ...facts,
  };
}
