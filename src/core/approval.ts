// Requests to approve, as the rest of the program meets them: what one says, who grants it, and the desk that keeps them.
import type { Ctx } from './context.ts';
import type { Outcome } from './operation.ts';
import type { Permission } from './permissions.ts';
import type { Block } from './reply.ts';

/** One thing that would be different: `what` in words, and how it reads before and after. */
export interface ApprovalChange {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** What people read in order to decide. */
export interface CaseWords {
  /** What would be done, as an order: `Switch onboarding-offer from a to b`. */
  readonly title: string;
  /** Why, in a sentence or two. */
  readonly summary: string;
  readonly changes: readonly ApprovalChange[];
  readonly evidence: readonly Block[];
  /** The word on the button, such as `Approve switch`; `Approve` unless told. */
  readonly approve?: string;
}

/** What people are asked: everything they need in order to decide, and what must still hold when it is carried out. */
export interface ApprovalCase extends CaseWords {
  /** The same for whoever reads Hindi; kept with the request, since it must read the same when it is decided. */
  readonly inHindi?: CaseWords;
  /** What it is about, such as `experiment:onboarding-offer`: at most one request is open about it. */
  readonly subject: string;
  /** What must still hold, as JSON: when it reads otherwise at the execution, the request is stale. */
  readonly state: unknown;
}

/** How a request ended that was not carried out. */
export interface ApprovalEnd {
  readonly approval: string;
  readonly state: 'rejected' | 'expired' | 'withdrawn' | 'stale' | 'failed';
  /** Who ended it; the program itself for what time or facts ended. */
  readonly by: string;
  readonly at: Date;
  readonly reason: string;
}

/** The yes of people, as the operation that they allowed is told of it. */
export interface ApprovalGrant {
  readonly approval: string;
  readonly approvedBy: readonly { readonly id: string; readonly name: string }[];
  /** When the last vote that was needed came. */
  readonly approvedAt: Date;
  readonly note: string;
  readonly selfApproved: boolean;
}

export const approvalStates = [
  'open',
  'approved',
  'executing',
  'done',
  'failed',
  'rejected',
  'expired',
  'withdrawn',
  'stale',
] as const;
export type ApprovalState = (typeof approvalStates)[number];

/** A request as it stands, for those who asked for it. */
export interface ApprovalTicket {
  readonly id: string;
  readonly operation: string;
  readonly title: string;
  readonly state: ApprovalState;
  readonly needed: number;
  readonly given: number;
  readonly expiresAt: Date;
  readonly payloadHash: string;
  /** How it stands in one sentence: who decided, why, or what is still missing. */
  readonly sentence: string;
}

/** A vote as a door makes it. */
export interface ApprovalVote {
  readonly note: string;
  /** The payload that the voter saw: 8 hex digits or more of its hash. */
  readonly hash?: string | undefined;
  /** The short id, typed by the only person who may approve. */
  readonly confirm?: string | undefined;
}

/** Keeps requests: opens them, counts votes, has them carried out. Every method works for the tenant of its context. */
export interface ApprovalDesk {
  /**
   * Asks for approval of an operation with this input. The same effect again gives the first request, and so does
   * the same payload while its request is open; another payload about the same subject withdraws the older one.
   */
  open(
    ctx: Ctx,
    operation: string,
    raw: unknown,
  ): Promise<{ readonly ticket: ApprovalTicket; readonly answer: Outcome }>;
  /** The newest request about a subject; null when there was none. */
  about(ctx: Ctx, subject: string): Promise<ApprovalTicket | null>;
  /** How many requests about a subject ended without being carried out. */
  endedAbout(ctx: Ctx, subject: string): Promise<number>;
  approve(ctx: Ctx, id: string, vote: ApprovalVote): Promise<ApprovalTicket>;
  reject(ctx: Ctx, id: string, vote: ApprovalVote): Promise<ApprovalTicket>;
  /** Takes an open request back. @throws AppError `record.conflict` when it is decided */
  withdraw(ctx: Ctx, id: string, reason: string): Promise<ApprovalTicket>;
  /** Ends an open request whose time is over or whose facts have changed; the others stay as they are. */
  recheck(ctx: Ctx, id: string): Promise<ApprovalTicket>;
}

/** What the desk needs of the operations that wait for approval. */
export interface ApprovableOperations {
  /** What there is to decide, its input as validated, and the rules for it. @throws AppError whatever the operation refuses */
  describe(
    ctx: Ctx,
    operation: string,
    raw: unknown,
  ): Promise<{ readonly input: Readonly<Record<string, unknown>>; readonly asked: ApprovalCase }>;
  rulesOf(operation: string, input: unknown): ApprovalRules;
  /** Carries it out; the context bears the grant. */
  execute(
    ctx: Ctx & { readonly approval: ApprovalGrant },
    operation: string,
    input: unknown,
  ): Promise<Outcome>;
  /** What else must happen when it was not carried out; false when nothing must. */
  endedOf(operation: string): ((ctx: Ctx, input: unknown, end: ApprovalEnd) => Promise<void>) | undefined;
}

export interface ApprovalRules {
  /** What whoever asks must hold. */
  readonly permission: Permission;
  /** What whoever votes must hold. */
  readonly voters: Permission;
  readonly needed: number;
  readonly expiresAfterMs: number;
}
