// Requests to approve as the doors show them: plain JSON, with every vote and the card as people see it.
import { z } from 'zod';
import type { Approval } from '../../../models/approval.ts';
import { approvalStates } from '../../core/approval.ts';
import type { Reply } from '../../core/reply.ts';
import { replyShape } from '../../core/reply-shape.ts';
import { shortIdOf } from './parts.ts';
import type { Reader } from './replies.ts';
import { approversOf, caseOf, sentenceOf } from './words.ts';

const date = z.iso.datetime();

export const listedShape = z.object({
  id: z.string(),
  short: z.string(),
  title: z.string(),
  operation: z.string(),
  subject: z.string(),
  state: z.enum(approvalStates),
  requestedBy: z.string(),
  needed: z.int(),
  given: z.int(),
  eligible: z.int(),
  expiresAt: date,
  createdAt: date,
  payloadHash: z.string(),
  sentence: z.string(),
});
export type Listed = z.output<typeof listedShape>;

export const approvalShape = listedShape.extend({
  summary: z.string(),
  changes: z.array(z.object({ what: z.string(), before: z.string(), after: z.string() })),
  voters: z.string().describe('the permission that voters hold'),
  stateHash: z.string().describe('SHA-256 of what must still hold'),
  selfApproved: z.boolean(),
  reason: z.string(),
  replacedBy: z.string().nullable(),
  votes: z.array(
    z.object({
      vote: z.enum(['approve', 'reject']),
      by: z.string(),
      door: z.string(),
      at: date,
      note: z.string(),
      void: z.string().nullable().describe('why it counts no more'),
    }),
  ),
  view: replyShape.describe('the request as people are shown it'),
});

export function listedApproval(approval: Approval, { zone, language }: Reader): Listed {
  const { title } = caseOf(approval, language);
  const { _id: id, operation, subject, state, requester, needed, eligible, payloadHash } = approval;
  return {
    ...{ id, title, operation, subject, state, needed, eligible, payloadHash },
    short: shortIdOf(approval),
    requestedBy: requester.name,
    given: approversOf(approval).length,
    expiresAt: approval.expiresAt.toISOString(),
    createdAt: approval.createdAt.toISOString(),
    sentence: sentenceOf(approval, zone, language),
  };
}

export function shownApproval(approval: Approval, reader: Reader, view: Reply) {
  const { summary, changes } = caseOf(approval, reader.language);
  const { voters, stateHash, selfApproved, reason, replacedBy, votes } = approval;
  return {
    ...listedApproval(approval, reader),
    ...{ summary, changes, voters, stateHash, selfApproved, reason, replacedBy, view },
    votes: votes.map(({ kind, name: by, door, at, note, void: gone }) => ({
      ...{ vote: kind, by, door, note },
      at: at.toISOString(),
      void: gone,
    })),
  };
}
