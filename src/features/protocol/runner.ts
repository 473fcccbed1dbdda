// Works runs: takes the floor, resumes at the first unfinished step, and reports progress on one live card.
import type { ProtocolRun, StepRecord } from '../../../models/protocol-run.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { ProtocolStep } from '../../core/protocol-step.ts';
import type { FactCollection } from '../../core/store.ts';
import { type Floor, type Held, LEASE_MS } from './floor.ts';
import { runCard } from './notices.ts';
import { advance, nextStep, type RunEvent } from './run-machine.ts';
import { executeStep, type StepPorts } from './step-execution.ts';
import { progressTrace } from './traces.ts';

export interface RunnerOptions extends StepPorts {
  readonly runs: FactCollection<ProtocolRun>;
  readonly floor: Floor;
  readonly steps: readonly ProtocolStep[];
  readonly rooms: readonly string[];
  readonly zone: string;
  readonly worker: string;
}

export function createRunner(options: RunnerOptions) {
  const { runs, floor, clock, logger } = options;

  /**
   * Works one run to its end if the floor is free for it. Returns the run as it ended, or null when another
   * process holds the floor or took the run over.
   */
  async function work(tenant: string, runId: string, stop: AbortSignal): Promise<ProtocolRun | null> {
    const held = await floor.take(tenant, runId, clock.now());
    if (!held) return null;
    const lost = new AbortController();
    const signal = AbortSignal.any([stop, lost.signal]);
    const beat = heartbeat(held, lost);
    try {
      const claimed = await apply(held, {
        type: 'claimed',
        worker: options.worker,
        fence: held.fence,
        now: clock.now(),
      });
      return claimed && (await workSteps(held, claimed, signal));
    } finally {
      lost.abort();
      await beat;
      await floor.release(held, clock.now());
    }
  }

  async function workSteps(
    held: Held,
    claimed: ProtocolRun,
    signal: AbortSignal,
  ): Promise<ProtocolRun | null> {
    let run: ProtocolRun | null = claimed;
    for (let step = nextStep(claimed); step; step = run && nextStep(run)) {
      const outcome = await executeNamed(held, step, signal);
      if (!outcome) return null;
      run = await apply(held, { type: 'step_finished', fence: held.fence, step: outcome });
      if (!run) return null;
    }
    return apply(held, { type: 'ended', fence: held.fence, now: clock.now() });
  }

  function executeNamed(held: Held, { name }: StepRecord, signal: AbortSignal): Promise<StepRecord | null> {
    const step = options.steps.find((one) => one.name === name);
    const { rooms, zone } = options;
    if (step) return executeStep(options, step, { tenant: held.tenant, run: held.run, rooms, zone, signal });
    const skipped = { attempts: 0, startedAt: clock.now(), durationMs: 0, error: null };
    return Promise.resolve({ name, status: 'skipped', summary: 'this version has no such step', ...skipped });
  }

  /** One event in one write, with the card that shows it; null when the run has moved on without us. */
  async function apply(held: Held, event: RunEvent): Promise<ProtocolRun | null> {
    const effectKey = `${held.run}:${held.fence}:${event.type}${event.type === 'step_finished' ? `:${event.step.name}` : ''}`;
    let applied = false;
    const { record } = await changeOnce(runs.scoped(held.tenant), held.run, effectKey, (run) => {
      const change = advance(run, event);
      applied = change !== null;
      if (!change) return null;
      const cards = runCard({ ...run, ...change, version: run.version + 1 }, options.rooms, options.zone);
      return {
        change,
        trace: progressTrace(
          { run, change, effectKey, now: clock.now(), zone: options.zone, event: event.type },
          cards,
        ),
      };
    });
    return applied ? record : null;
  }

  /** Renews the floor until stopped; tells the steps to stop when it has passed to another. */
  async function heartbeat(held: Held, lost: AbortController): Promise<void> {
    while (!lost.signal.aborted) {
      await clock.sleep(LEASE_MS / 3, lost.signal);
      if (lost.signal.aborted) return;
      const kept = await floor.renew(held, clock.now()).catch(() => true);
      if (kept) continue;
      logger.warn({ run: held.run, fence: held.fence }, 'protocol run was taken over');
      lost.abort();
    }
  }

  return { work };
}
