// Posts the head of the chain once a day in the room and in the log: a cut tail shows only against what left the database.
import type { AuditPost } from '../../../models/audit-post.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { context, reply, withStatus } from '../../core/reply.ts';
import type { FactCollection } from '../../core/store.ts';
import type { Trace } from '../../core/trace.ts';
import type { Audit } from './service.ts';

export function createHeadPost(parts: {
  readonly posts: FactCollection<AuditPost>;
  readonly audit: Pick<Audit, 'head'>;
  readonly tenants: () => Promise<readonly string[]>;
  readonly rooms: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}) {
  const { posts, audit, rooms, clock, logger } = parts;

  async function postFor(tenant: string): Promise<void> {
    const head = await audit.head(tenant);
    if (!head) return;
    const now = clock.now();
    const day = now.toISOString().slice(0, 10);
    const id = `${tenant}:${day}`;
    if (await posts.scoped(tenant).get(id)) return;
    logger.info({ tenant, day, block: head.n, hash: head.hash }, 'audit chain head');
    await posts
      .scoped(tenant)
      .insertOnce(id, { day, block: head.n, hash: head.hash }, traceOfPost(id, now, head));
  }

  function traceOfPost(
    id: string,
    now: Date,
    { n, hash }: { readonly n: number; readonly hash: string },
  ): Trace {
    const said = withStatus(
      'ok',
      reply(
        `Audit chain: block ${n}`,
        context([{ code: hash }]),
        context(['Check it with: ', { code: `audit verify head ${n}:${hash}` }]),
      ),
    );
    const items = rooms.map(
      (destination) => ({ kind: 'send', destination, body: { kind: 'reply', reply: said } }) as const,
    );
    return { history: { effectKey: id, at: now, by: 'system', operation: 'audit.post' }, items };
  }

  /** Posts today's head of every tenant that has one and was not posted yet. */
  return async (): Promise<void> => {
    for (const tenant of await parts.tenants()) await postFor(tenant);
  };
}
