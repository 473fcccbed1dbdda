// The collection of requests to approve: what is asked, every vote, and how each ended.
import type { ActorKind, Door } from '../src/core/actor.ts';
import type { ApprovalChange, ApprovalState, CaseWords } from '../src/core/approval.ts';
import { approvalStates } from '../src/core/approval.ts';
import type { Permission, Role } from '../src/core/permissions.ts';
import type { Block, Reply } from '../src/core/reply.ts';
import type { Fact } from '../src/core/store.ts';
import { defineFacts, mixed } from './define.ts';

export interface ApprovalRequester {
  readonly kind: ActorKind;
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** The person behind it, who may not vote: of a service account, whoever made it; null for the protocol. */
  readonly person: string | null;
}

export interface CountedVote {
  readonly kind: 'approve' | 'reject';
  /** `usr_…`, or `cli` for the operator at the machine: one voter, whatever the account. */
  readonly voter: string;
  readonly name: string;
  readonly role: Role;
  readonly door: Door;
  readonly at: Date;
  readonly note: string;
  /** The payload that was voted on. */
  readonly payloadHash: string;
  /** Given by the only person who may approve, who typed the short id. */
  readonly alone: boolean;
  /** Why it counts no more; null while it counts. */
  readonly void: string | null;
}

export interface Approval extends Fact {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly subject: string;
  readonly title: string;
  readonly summary: string;
  readonly changes: readonly ApprovalChange[];
  readonly evidence: readonly Block[];
  /** The word on the button. */
  readonly approveLabel: string;
  /** The same in Hindi; null where it was asked in English alone. */
  readonly inHindi: CaseWords | null;
  /** What voters must hold. */
  readonly voters: Permission;
  readonly needed: number;
  /** How many could vote when it was last looked at, whoever asked left out. */
  readonly eligible: number;
  /** SHA-256 of tenant, operation and input. */
  readonly payloadHash: string;
  /** SHA-256 of what must still hold. */
  readonly stateHash: string;
  readonly requester: ApprovalRequester;
  /** `requester.person` once more, to be found by. */
  readonly askedBy: string | null;
  readonly door: Door;
  /** The zone of whoever asked: times on the cards are told in it. */
  readonly zone: string;
  /** The destinations that show its card. */
  readonly rooms: readonly string[];
  readonly expiresAt: Date;
  readonly state: ApprovalState;
  readonly votes: readonly CountedVote[];
  readonly approvedAt: Date | null;
  /** Who ended it, when and why; the program itself for what time or facts ended. */
  readonly endedBy: string | null;
  readonly endedAt: Date | null;
  readonly reason: string;
  /** The request that took its place. */
  readonly replacedBy: string | null;
  readonly selfApproved: boolean;
  /** When its execution was begun; from then on it is only ever finished. */
  readonly begunAt: Date | null;
  readonly attempts: number;
  readonly worker: string | null;
  /** Until then the execution is in the hands of `worker`. */
  readonly leaseUntil: Date | null;
  readonly result: Reply | null;
  /** When the sweeper has to do with it: reminders, expiry, an execution or an ending that was cut off. */
  readonly wakeAt: Date | null;
  readonly reminders: number;
}

export const approvals = defineFacts<Approval>({
  name: 'approvals',
  fields: {
    operation: { type: String, required: true },
    input: mixed,
    subject: { type: String, required: true },
    title: { type: String, required: true },
    summary: String,
    changes: [mixed],
    evidence: [mixed],
    approveLabel: String,
    inHindi: mixed,
    voters: { type: String, required: true },
    needed: { type: Number, required: true, min: 1 },
    eligible: Number,
    payloadHash: { type: String, required: true },
    stateHash: { type: String, required: true },
    requester: mixed,
    askedBy: String,
    door: String,
    zone: String,
    rooms: [String],
    expiresAt: { type: Date, required: true },
    state: { type: String, required: true, enum: approvalStates },
    votes: [mixed],
    approvedAt: Date,
    endedBy: String,
    endedAt: Date,
    reason: String,
    replacedBy: String,
    selfApproved: Boolean,
    begunAt: Date,
    attempts: Number,
    worker: String,
    leaseUntil: Date,
    result: mixed,
    wakeAt: Date,
    reminders: Number,
  },
  indexes: [
    { keys: { state: 1, createdAt: -1 } },
    { keys: { subject: 1, createdAt: -1 } },
    { keys: { voters: 1, createdAt: -1 } },
    { keys: { askedBy: 1, createdAt: -1 } },
    { keys: { wakeAt: 1 }, acrossTenants: true },
  ],
  about: {
    holds: 'a request that people approve or reject: its payload, evidence, votes and outcome',
    writer: 'features/approvals',
    retention: 'kept: it is the record of who allowed what',
  },
});
