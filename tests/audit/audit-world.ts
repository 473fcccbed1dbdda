// An audit log of its own for each test, over either store, with rows to seal and a chain to tamper with.
import { pino } from 'pino';
import { auditBlocks } from '../../models/audit-block.ts';
import { auditLog } from '../../models/audit-log.ts';
import type { Store } from '../../models/store.ts';
import type { Ctx } from '../../src/core/context.ts';
import { createIds } from '../../src/core/ids.ts';
import type { AuditEntry } from '../../src/core/outbox-item.ts';
import type { ChainParts } from '../../src/features/audit/sealer.ts';
import { createAudit } from '../../src/features/audit/service.ts';

export const noon = new Date('2026-03-02T06:30:00.000Z');

export function auditWorld(store: Store) {
  let nowMs = noon.getTime();
  const clock = {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    sleep: async () => undefined,
  };
  const parts: ChainParts = {
    rows: store.records(auditLog),
    blocks: store.records(auditBlocks),
    key: 'a key that is not in the database',
    clock,
  };
  const audit = createAudit({ ...parts, ids: createIds(), logger: pino({ level: 'silent' }) });
  return {
    audit,
    parts,
    pass(durationMs: number): void {
      nowMs += durationMs;
    },
    /** Relays rows `<prefix>1` … `<prefix>count` of one tenant. */
    async relay(prefix: string, count: number, tenant = 'a', entry: Partial<AuditEntry> = {}): Promise<void> {
      const rows = Array.from({ length: count }, (_, n) => ({
        id: `${prefix}${n + 1}`,
        tenant,
        at: clock.now(),
        entry: { ...entryOf(`${prefix}${n + 1}`), ...entry },
      }));
      await audit.insertRows(rows);
    },
  };
}

export const entryOf = (effectKey: string): AuditEntry => ({
  operation: 'task.add',
  outcome: 'done',
  actor: { kind: 'person', id: 'usr_1', name: 'Asha' },
  door: 'console',
  requestId: 'req_1',
  effectKey,
  target: 'tsk_1',
  after: { status: 'open', dueAt: noon },
});

export const ctxOf = (tenant: string, now: Date): Ctx => ({
  tenant,
  actor: { kind: 'person', id: 'usr_1', name: 'Asha', role: 'manager' },
  door: 'console',
  operation: 'audit.list',
  effectKey: 'e',
  requestId: 'req_1',
  now,
  zone: 'Asia/Kolkata',
  language: 'en',
});
