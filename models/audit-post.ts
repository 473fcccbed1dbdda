// The collection of audit posts: the head of the chain, posted once a day to where the database cannot reach.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export interface AuditPost extends Fact {
  /** The day it was posted for, in UTC: 2026-11-21. */
  readonly day: string;
  readonly block: number;
  readonly hash: string;
}

export const auditPosts = defineFacts<AuditPost>({
  name: 'audit_posts',
  fields: { day: String, block: Number, hash: String },
  about: {
    holds: 'The head of the audit chain of one day, as it was posted in the room and in the log.',
    writer: 'the job audit.post',
    retention: 'kept, one a day',
  },
});
