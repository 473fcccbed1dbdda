// The protocol with its experiments step over a store in memory: everything but doors, database and delivery.

import { pino } from 'pino';
import { approvals } from '../../models/approval.ts';
import { experiments } from '../../models/experiment.ts';
import { experimentLooks } from '../../models/experiment-look.ts';
import { experimentRollups } from '../../models/experiment-rollup.ts';
import { exposures } from '../../models/exposure.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { protocolActions } from '../../models/protocol-action.ts';
import { protocolRuns } from '../../models/protocol-run.ts';
import { protocolStates } from '../../models/protocol-state.ts';
import type { Store } from '../../models/store.ts';
import { createApprovalWork } from '../../src/approval-work.ts';
import { createApprovable } from '../../src/core/approvable.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { AuditEntry } from '../../src/core/outbox-item.ts';
import type { ProtocolStep } from '../../src/core/protocol-step.ts';
import { experimentOperations } from '../../src/features/experiments/operations.ts';
import { createExperiments } from '../../src/features/experiments/proposals.ts';
import { createExperimentsStep } from '../../src/features/experiments/step.ts';
import { createFloor } from '../../src/features/protocol/floor.ts';
import { createProtocolService } from '../../src/features/protocol/service.ts';
import { TestClock } from './context.ts';
import { deafAlerting } from './deaf-alerting.ts';

export const ROOM = 'console:room:ops';
export const HOUR_MS = 3_600_000;

/** Experiments and the desk where people decide on them. */
export function experimentWorld(store: Store = createMemoryStore(), clock: Clock = new TestClock()) {
  const denials: AuditEntry[] = [];
  const desk = createApprovalWork({
    store,
    clock,
    operations: createApprovable(experimentOperations, () => ({ experiments: service })),
    auditDirectly: async (_tenant, _at, entry) => void denials.push(entry),
    rooms: [ROOM],
    logger: pino({ level: 'silent' }),
    worker: 'one',
  });
  const options = {
    desk: desk.desk,
    experiments: store.facts(experiments),
    exposures: store.records(exposures),
    rollups: store.records(experimentRollups),
    looks: store.records(experimentLooks),
    audience: { rooms: [ROOM], hook: 'webhook:n8n-ab-update', zone: 'Asia/Kolkata' },
  };
  const service = createExperiments(options);
  const requests = () =>
    store
      .facts(approvals)
      .scoped('default')
      .find({ where: {}, sort: [['createdAt', 1]], limit: 100 });
  return {
    options,
    service,
    step: createExperimentsStep(options, service),
    approvals: desk,
    requests,
    denials,
  };
}

/** One process of the protocol; several of them may share a store and a clock. */
export function protocolProcess(given: {
  readonly store: Store;
  readonly clock: TestClock;
  readonly steps: readonly ProtocolStep[];
  readonly worker?: string;
}) {
  const { store, clock, steps, worker = 'one' } = given;
  const states = store.facts(protocolStates);
  const runs = store.facts(protocolRuns);
  const actions = store.records(protocolActions);
  const service = createProtocolService({
    alerting: deafAlerting,
    runs,
    states,
    actions,
    steps,
    worker,
    clock,
    floor: createFloor(states),
    logger: pino({ level: 'silent' }),
    random: () => 0.5,
    rooms: [ROOM],
    zone: 'Asia/Kolkata',
    everyMs: 2 * HOUR_MS,
    tenants: async () => ['default'],
  });
  return { service, runs, states, actions };
}

export function protocolWorld(steps?: readonly ProtocolStep[]) {
  const store = createMemoryStore();
  const clock = new TestClock();
  const world = experimentWorld(store, clock);
  return {
    store,
    clock,
    ...world,
    ...protocolProcess({ store, clock, steps: steps ?? [world.step] }),
    experiments: world.service,
  };
}

/** A CSV of two arms with these counts, interleaved. */
export function armsCsv(
  arms: Readonly<Record<string, readonly [exposed: number, converted: number]>>,
): string {
  const rows = Object.entries(arms).flatMap(([variant, [exposed, converted]]) =>
    Array.from({ length: exposed }, (_, n) => `${variant}-${n},${variant},${n < converted ? 1 : 0}`),
  );
  return `unit,variant,outcome\n${rows.join('\n')}\n`;
}
