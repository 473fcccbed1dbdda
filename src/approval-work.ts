// Approvals over one store: who is on the team is read anew each time from people and tokens.
import { apiTokens } from '../models/api-token.ts';
import { approvals } from '../models/approval.ts';
import { people } from '../models/person.ts';
import type { Store } from '../models/store.ts';
import { type Actor, mayDo, systemActor } from './core/actor.ts';
import type { ApprovableOperations } from './core/approval.ts';
import type { Clock } from './core/clock.ts';
import type { AuditDirectly } from './core/dispatcher.ts';
import type { Logger } from './core/logger.ts';
import { holds, roles } from './core/permissions.ts';
import { type Approvals, createApprovals, type Team } from './features/approvals/service.ts';
import { OPERATOR } from './features/approvals/votes.ts';

const MOST_VOTERS = 1_000;

export interface ApprovalWorkOptions {
  readonly store: Store;
  readonly operations: ApprovableOperations;
  readonly auditDirectly: AuditDirectly;
  /** The destinations where every request is shown. */
  readonly rooms: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly worker: string;
}

export function createApprovalWork({ store, ...parts }: ApprovalWorkOptions): Approvals {
  return createApprovals({
    ...parts,
    approvals: store.facts(approvals),
    team: createTeamReader(store, parts.clock),
  });
}

export function createTeamReader(store: Store, clock: Clock): Team {
  const members = store.facts(people);
  const tokens = store.facts(apiTokens);

  async function ofService(tenant: string, { id }: { readonly id: string }): Promise<Actor | null> {
    const token = await tokens.scoped(tenant).get(id);
    if (!token?.role || token.revokedAt || token.expiresAt <= clock.now()) return null;
    return { kind: 'service', id, name: token.name, role: token.role };
  }

  async function ofPerson(tenant: string, { id }: { readonly id: string }): Promise<Actor | null> {
    const person = await members.scoped(tenant).get(id);
    if (person?.status !== 'active') return null;
    return { kind: 'person', id, name: person.name, role: person.role };
  }

  return {
    able: async (tenant, permission) => {
      const able = roles.filter((role) => holds(role, permission));
      const where = { status: 'active', role: { in: able } } as const;
      const found = await members.scoped(tenant).find({ where, limit: MOST_VOTERS });
      return found.map(({ _id: id, name }) => ({ id, name }));
    },
    standing: async (tenant, requester, permission) => {
      const { kind, id, name, role } = requester;
      if (kind === 'system') return systemActor;
      if (kind === 'cli') return { kind, id, name, role };
      const actor = await (kind === 'service' ? ofService(tenant, { id }) : ofPerson(tenant, { id }));
      return actor && mayDo(actor, permission) ? actor : null;
    },
    personBehind: async (tenant, { kind, id }) => {
      if (kind === 'person') return id;
      if (kind === 'cli') return OPERATOR;
      if (kind === 'system') return null;
      const made = (await tokens.scoped(tenant).get(id))?.createdBy ?? null;
      return made?.startsWith('cli:') ? OPERATOR : made;
    },
  };
}
