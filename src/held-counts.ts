// Counts what the program itself holds, for the metrics of the team's own work.
import { alerts } from '../models/alert.ts';
import { approvals } from '../models/approval.ts';
import { chatInbox } from '../models/chat-inbox.ts';
import { experiments } from '../models/experiment.ts';
import { protocolRuns } from '../models/protocol-run.ts';
import type { Store } from '../models/store.ts';
import { tasks } from '../models/task.ts';
import type { HeldCounts, HeldThing } from './features/metrics/definitions/held.ts';

/** The most decisions and messages that one figure is made from: more are a sample of the newest. */
const MOST_READ = 20_000;

const decided = ['done', 'failed', 'rejected'];

export function createHeldCounts(store: Store): HeldCounts {
  const of = (tenant: string) => ({
    alerts: store.records(alerts).scoped(tenant),
    approvals: store.facts(approvals).scoped(tenant),
    inbox: store.facts(chatInbox).scoped(tenant),
    experiments: store.facts(experiments).scoped(tenant),
    runs: store.facts(protocolRuns).scoped(tenant),
    tasks: store.facts(tasks).scoped(tenant),
  });

  function count(tenant: string, thing: HeldThing, from: Date, to: Date): Promise<number> {
    const held = of(tenant);
    const then = { gte: from, lt: to };
    switch (thing) {
      case 'tasks added':
        return held.tasks.count({ createdAt: then });
      case 'tasks done':
        return held.tasks.count({ status: 'done', doneAt: then });
      case 'tasks open':
        return held.tasks.count({ status: { in: ['open', 'taken'] } });
      case 'experiments running':
        return held.experiments.count({ status: 'running' });
      case 'requests open':
        return held.approvals.count({ state: 'open' });
      case 'requests decided':
        return held.approvals.count({ state: { in: decided }, endedAt: then });
      case 'alerts raised':
        return held.alerts.count({ firstAt: then });
      case 'alerts open':
        return held.alerts.count({ status: 'firing' });
      case 'runs':
        return held.runs.count({ status: { in: ['completed', 'completed_with_errors'] }, endedAt: then });
      case 'runs gone well':
        return held.runs.count({ status: 'completed', endedAt: then });
      case 'slots missed':
        return held.runs.count({ status: 'missed', slotStart: then });
      case 'messages answered':
        return held.inbox.count({ status: 'done', ignored: null, createdAt: then });
      case 'people heard':
        return peopleHeard(tenant, from, to);
    }
  }

  async function peopleHeard(tenant: string, from: Date, to: Date): Promise<number> {
    const found = await of(tenant).inbox.find({
      where: { createdAt: { gte: from, lt: to } },
      sort: [['createdAt', -1]],
      limit: MOST_READ,
    });
    const people = found.flatMap(({ principal }) =>
      principal?.actor.kind === 'person' ? [principal.actor.id] : [],
    );
    return new Set(people).size;
  }

  async function decisionMs(tenant: string, from: Date, to: Date): Promise<number | null> {
    const found = await of(tenant).approvals.find({
      where: { state: { in: decided }, endedAt: { gte: from, lt: to } },
      sort: [['endedAt', -1]],
      limit: MOST_READ,
    });
    if (found.length === 0) return null;
    const total = found.reduce(
      (sum, { approvedAt, endedAt, createdAt }) =>
        sum + ((approvedAt ?? endedAt ?? createdAt).getTime() - createdAt.getTime()),
      0,
    );
    return total / found.length;
  }

  return { count, decisionMs };
}
