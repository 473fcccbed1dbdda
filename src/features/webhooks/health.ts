// How the webhook inbox stands, in three numbers.
import type { WebhookParts } from './parts.ts';

export interface InboxHealth {
  readonly waiting: number;
  readonly dead: number;
  /** How long the event that waits longest has been due, in milliseconds; 0 when none is. */
  readonly lagMs: number;
}

/** Counts over all tenants. An event that failed and waits for its next attempt is not late. */
export async function inboxHealth({
  inbox,
  clock,
}: Pick<WebhookParts<never>, 'inbox' | 'clock'>): Promise<InboxHealth> {
  const events = inbox.acrossTenants('health');
  const [oldest] = await events.find({ where: { status: 'received' }, sort: [['nextAt', 1]], limit: 1 });
  const dueMs = oldest?.nextAt?.getTime() ?? Number.POSITIVE_INFINITY;
  return {
    waiting: await events.count({ status: 'received' }),
    dead: await events.count({ status: 'dead' }),
    lagMs: Math.max(0, clock.now().getTime() - dueMs),
  };
}
