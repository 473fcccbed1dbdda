// Every service over one store, wired once: what doors, jobs and the CLI are handed.

import type { ConsoleDoor } from '../bots/console/door.ts';
import { apiTokens } from '../models/api-token.ts';
import { auditBlocks } from '../models/audit-block.ts';
import { auditLog } from '../models/audit-log.ts';
import { chatRooms } from '../models/chat-room.ts';
import { codeGuesses } from '../models/code-guess.ts';
import { experiments } from '../models/experiment.ts';
import { experimentLooks } from '../models/experiment-look.ts';
import { experimentRollups } from '../models/experiment-rollup.ts';
import { exposures } from '../models/exposure.ts';
import { identities } from '../models/identity.ts';
import { linkCodes } from '../models/link-code.ts';
import { people } from '../models/person.ts';
import { protocolActions } from '../models/protocol-action.ts';
import { protocolRuns } from '../models/protocol-run.ts';
import { protocolStates } from '../models/protocol-state.ts';
import { signIns } from '../models/sign-in.ts';
import { signInLinks } from '../models/sign-in-link.ts';
import type { Store } from '../models/store.ts';
import { tasks } from '../models/task.ts';
import { createApprovalWork } from './approval-work.ts';
import type { Alerting } from './core/alerting.ts';
import type { ApprovableOperations } from './core/approval.ts';
import type { Clock } from './core/clock.ts';
import type { Ids } from './core/ids.ts';
import type { Logger } from './core/logger.ts';
import { DEFAULT_TENANT } from './core/tenant.ts';
import type { Alerts } from './features/alerts/service.ts';
import type { Approvals } from './features/approvals/service.ts';
import { type Audit, createAudit } from './features/audit/service.ts';
import { createExperiments, type Experiments } from './features/experiments/proposals.ts';
import { createExperimentsStep } from './features/experiments/step.ts';
import type { Pulls } from './features/ingestion/pulls.ts';
import type { Ingestion } from './features/ingestion/service.ts';
import type { Mail } from './features/mail/service.ts';
import type { MetricService } from './features/metrics/service.ts';
import { createIdentities, type Identities } from './features/people/identities.ts';
import { createPeople, type People } from './features/people/service.ts';
import { createFloor } from './features/protocol/floor.ts';
import { createProtocolService, type ProtocolService } from './features/protocol/service.ts';
import { createRooms, type Rooms } from './features/room/rooms.ts';
import type { Room } from './features/room/service.ts';
import type { Sending } from './features/sending/service.ts';
import { createTaskService, type TaskService } from './features/tasks/service.ts';
import type { Upkeep } from './features/upkeep/service.ts';
import type { Webhooks } from './features/webhooks/service.ts';

export interface Services {
  /** For what a page must say in the log, such as a part that could not be loaded. */
  readonly logger: Logger;
  readonly tasks: TaskService;
  readonly approvals: Approvals;
  readonly experiments: Experiments;
  readonly protocol: ProtocolService;
  readonly people: People;
  readonly identities: Identities;
  readonly rooms: Rooms;
  readonly audit: Audit;
  readonly upkeep: Upkeep;
  readonly ingestion: Ingestion;
  readonly pulls: Pulls;
  readonly metrics: MetricService;
  readonly webhooks: Webhooks;
  readonly alerts: Alerts;
  readonly sending: Sending;
  readonly mail: Mail;
  readonly room: Room;
  readonly console: ConsoleDoor;
  /** Wakes the protocol's runner when a run was asked for. */
  readonly startWork: () => void;
}

export interface ServiceOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly random: () => number;
  /** Names this process among those that share the database; a new one at every start. */
  readonly worker: string;
  readonly secretKey: string;
  readonly publicUrl: () => string;
  readonly zone: string;
  readonly protocolEveryMs: number;
  /** Destinations of announcements. */
  readonly rooms: readonly string[];
  /** The rooms that a tenant has without binding them, such as `console:room:ops`. */
  readonly givenRooms: (tenant: string) => readonly string[];
  /** Destination of switch events; null when no webhook is set. */
  readonly switchHook: string | null;
  readonly startWork: () => void;
  /** The operations that wait for approval; they run on these services. */
  readonly approvable: ApprovableOperations;
  readonly alerting: Alerting;
}

/** The services that stand on the store alone; the console and the room's own verbs come on top, in room.ts. */
export function createServices(
  options: ServiceOptions,
): Omit<
  Services,
  | 'upkeep'
  | 'room'
  | 'console'
  | 'webhooks'
  | 'sending'
  | 'mail'
  | 'ingestion'
  | 'pulls'
  | 'metrics'
  | 'alerts'
> {
  const { store, clock, ids, logger, secretKey, zone, rooms, startWork } = options;
  const audit = createAudit({
    rows: store.records(auditLog),
    blocks: store.records(auditBlocks),
    key: secretKey,
    clock,
    ids,
    logger,
  });
  const approvals = createApprovalWork({
    ...{ store, clock, logger, rooms },
    operations: options.approvable,
    auditDirectly: audit.recordDirectly,
    worker: options.worker,
  });
  const audience = { rooms, hook: options.switchHook, zone };
  const experimentStores = {
    experiments: store.facts(experiments),
    exposures: store.records(exposures),
    rollups: store.records(experimentRollups),
    looks: store.records(experimentLooks),
    audience,
    desk: approvals.desk,
  };
  const experimentService = createExperiments(experimentStores);
  const states = store.facts(protocolStates);
  const protocol = createProtocolService({
    runs: store.facts(protocolRuns),
    states,
    actions: store.records(protocolActions),
    floor: createFloor(states),
    steps: [createExperimentsStep(experimentStores, experimentService)],
    everyMs: options.protocolEveryMs,
    tenants: async () => [DEFAULT_TENANT],
    random: options.random,
    worker: options.worker,
    alerting: options.alerting,
    clock,
    logger,
    rooms,
    zone,
  });
  return {
    logger,
    tasks: createTaskService({ tasks: store.facts(tasks) }),
    approvals,
    experiments: experimentService,
    protocol,
    people: createPeople({
      people: store.facts(people),
      links: store.facts(signInLinks),
      tokens: store.facts(apiTokens),
      signIns: store.facts(signIns),
      publicUrl: options.publicUrl,
      clock,
      ids,
      secretKey,
      zone,
    }),
    identities: createIdentities({
      people: store.facts(people),
      identities: store.facts(identities),
      codes: store.facts(linkCodes),
      guesses: store.records(codeGuesses),
      secretKey,
      zone,
    }),
    rooms: createRooms({ rooms: store.facts(chatRooms), given: options.givenRooms }),
    audit,
    startWork,
  };
}
