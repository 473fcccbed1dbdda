// What a change of a run leaves behind: the card always, an audit row where a run begins, ends or is missed.
import type { ProtocolRun } from '../../../models/protocol-run.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import { type Trace, traceOf } from '../../core/trace.ts';
import { runContext } from './run-context.ts';
import type { RunEvent } from './run-machine.ts';

export interface Progress {
  readonly run: ProtocolRun;
  readonly change: Partial<ProtocolRun>;
  readonly effectKey: string;
  readonly now: Date;
  readonly zone: string;
  readonly event: RunEvent['type'];
}

export function progressTrace(progress: Progress, cards: readonly OutboxContent[]): Trace {
  const { run, change, effectKey, now, zone, event } = progress;
  const ctx = runContext({
    tenant: run.tenant,
    zone,
    now,
    run: run._id,
    operation: 'protocol.run',
    effectKey,
  });
  const facts = {
    target: run._id,
    before: { status: run.status },
    after: { status: change.status ?? run.status },
  };
  const trace = traceOf(ctx, facts, ...cards);
  return event === 'step_finished' ? { ...trace, items: cards } : trace;
}
