// What the rules of approvals are made of: the collection, who is on the team, the operations, time and the rooms.
import type { Approval, ApprovalRequester } from '../../../models/approval.ts';
import { type Actor, systemActor } from '../../core/actor.ts';
import type { ApprovableOperations } from '../../core/approval.ts';
import { digestOf } from '../../core/canonical.ts';
import type { Clock } from '../../core/clock.ts';
import type { Ctx } from '../../core/context.ts';
import type { AuditDirectly } from '../../core/dispatcher.ts';
import type { Logger } from '../../core/logger.ts';
import type { Permission } from '../../core/permissions.ts';
import type { FactCollection } from '../../core/store.ts';

/** Somebody who may vote now. */
export interface Voter {
  readonly id: string;
  readonly name: string;
}

/** Who is on the team at this moment: asked anew at every vote and before every execution. */
export interface Team {
  /** The active people whose role holds the permission. */
  able(tenant: string, permission: Permission): Promise<readonly Voter[]>;
  /** Who asks, as they stand now; null when they are gone or may not ask for this any more. */
  standing(tenant: string, requester: ApprovalRequester, permission: Permission): Promise<Actor | null>;
  /** The person behind an actor: themself, or whoever made the service account; null for the program itself. */
  personBehind(tenant: string, actor: Actor): Promise<string | null>;
}

export interface ApprovalParts {
  readonly approvals: FactCollection<Approval>;
  readonly operations: ApprovableOperations;
  readonly team: Team;
  readonly auditDirectly: AuditDirectly;
  /** The destinations where every request is shown. */
  readonly rooms: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names this process in leases. */
  readonly worker: string;
}

/** The digest that a request, its buttons and its execution are bound to. */
export function payloadHashOf(tenant: string, operation: string, input: unknown): string {
  return digestOf({ tenant, operation, input });
}

/** The part of the id that people read and type. */
export const shortIdOf = ({ _id }: Pick<Approval, '_id'>): string =>
  _id.slice('apr_'.length, 'apr_'.length + 6);

/** The context of what the program does to a request by itself. */
export function ownCtx(approval: Approval, now: Date, step: string): Ctx {
  return {
    tenant: approval.tenant,
    actor: systemActor,
    door: 'job',
    operation: `approval.${step}`,
    effectKey: `${approval._id}:${step}:${approval.version}`,
    requestId: approval._id,
    now,
    zone: approval.zone,
    language: 'en',
  };
}
