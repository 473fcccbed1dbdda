// Runs one step of a run: up to three attempts with growing, jittered waits; a step that fails stops nothing but itself.
import type { ProtocolAction } from '../../../models/protocol-action.ts';
import type { StepRecord } from '../../../models/protocol-run.ts';
import type { Clock } from '../../core/clock.ts';
import { toAppError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { ProtocolStep, StepAction, StepContext } from '../../core/protocol-step.ts';
import type { RecordCollection } from '../../core/store.ts';
import { withTenant } from '../../core/tenant.ts';
import { runContext } from './run-context.ts';

const ATTEMPTS = 3;
const FIRST_WAIT_MS = 1000;

export interface StepExecution {
  readonly tenant: string;
  readonly run: string;
  readonly rooms: readonly string[];
  readonly zone: string;
  readonly signal: AbortSignal;
}

export interface StepPorts {
  readonly actions: RecordCollection<ProtocolAction>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** From 0 to 1: spreads the waits of several processes. */
  readonly random: () => number;
}

/** The step's record with its outcome. Never throws for what the step does; null when the run was lost meanwhile. */
export async function executeStep(
  ports: StepPorts,
  step: ProtocolStep,
  execution: StepExecution,
): Promise<StepRecord | null> {
  const startedAt = ports.clock.now();
  const startedMs = ports.clock.monotonicMs();
  const record = (rest: Pick<StepRecord, 'status' | 'attempts' | 'summary' | 'error'>): StepRecord => ({
    name: step.name,
    startedAt,
    durationMs: Math.round(ports.clock.monotonicMs() - startedMs),
    ...rest,
  });
  for (let attempts = 1; ; attempts += 1) {
    if (execution.signal.aborted) return null;
    try {
      const result = await withTenant(execution.tenant, () => step.run(stepContext(ports, step, execution)));
      return record({ ...result, attempts, error: null });
    } catch (thrown) {
      if (execution.signal.aborted) return null;
      const error = toAppError(thrown);
      ports.logger.warn(
        { run: execution.run, step: step.name, attempts, err: error },
        'protocol step failed',
      );
      if (attempts >= ATTEMPTS)
        return record({ status: 'failed', attempts, summary: error.publicMessage, error: error.code });
      await ports.clock.sleep(waitMs(attempts, ports.random()), execution.signal);
    }
  }
}

function waitMs(attempts: number, random: number): number {
  return FIRST_WAIT_MS * 4 ** (attempts - 1) * (0.5 + random);
}

function stepContext(ports: StepPorts, step: ProtocolStep, execution: StepExecution): StepContext {
  const { tenant, run, rooms, zone, signal } = execution;
  const ctxFor = (action: string) =>
    runContext({
      tenant,
      zone,
      now: ports.clock.now(),
      run,
      operation: `protocol.${step.name}`,
      effectKey: `${run}:${step.name}:${action}`,
    });
  const record = async ({ action, ...facts }: StepAction): Promise<void> => {
    const { summary, target, before = {}, after = {} } = facts;
    const body = { run, step: step.name, action, at: ports.clock.now(), summary, target, before, after };
    await ports.actions.scoped(tenant).insertOnce(`${run}:${step.name}:${action}`, body);
  };
  return { run, rooms, signal, ctxFor, record };
}
