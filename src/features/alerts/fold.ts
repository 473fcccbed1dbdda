// Makes a group say what its alerts say: counted by query, so that folding again, or after a crash, changes nothing.
import type { Alert } from '../../../models/alert.ts';
import type { AlertGroup, AlertLine } from '../../../models/alert-group.ts';
import type { Severity } from '../../core/alerting.ts';
import { derivedId } from '../../core/ids.ts';
import type { Records } from '../../core/store.ts';
import type { Trace } from '../../core/trace.ts';
import { type Counted, type GroupState, groupAfter, newGroup } from './group-state.ts';
import { itemsAfter } from './notices.ts';
import { type AlertParts, WORKER } from './parts.ts';
import { calleesIn, rulesOf } from './policy.ts';

const MOST_LINES = 5;
const MOST_TRIES = 50;
const MARKED_AT_ONCE = 1_000;

export const groupId = (tenant: string, name: string): string => derivedId('agr', tenant, name);

/** Brings one group up to date with its alerts and the clock. */
export async function foldGroup(parts: AlertParts, tenant: string, name: string): Promise<void> {
  const groups = parts.groups.scoped(tenant);
  const alerts = parts.alerts.scoped(tenant);
  const id = groupId(tenant, name);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const now = parts.clock.now();
    const unfolded = await alerts.find({ where: { group: name, folded: false }, limit: MARKED_AT_ONCE });
    const group = await groups.get(id);
    if (await written(parts, tenant, { id, name, group, now })) {
      // A change that slipped in between is seen by the sweep, which folds every open group again.
      await alerts.updateMany(
        unfolded.map((alert) => alert._id),
        { folded: true },
      );
      return;
    }
  }
}

interface Looked {
  readonly id: string;
  readonly name: string;
  readonly group: AlertGroup | null;
  readonly now: Date;
}

/** False when somebody else changed the group meanwhile. */
async function written(
  parts: AlertParts,
  tenant: string,
  { id, name, group, now }: Looked,
): Promise<boolean> {
  const groups = parts.groups.scoped(tenant);
  const callees = await calleesIn(parts, tenant);
  const rules = await rulesOf(parts, tenant, callees.length);
  const counted = await count(parts.alerts.scoped(tenant), name, group, now);
  if (!group) {
    if (counted.firing === 0) return true;
    const { inserted } = await groups.insertOnce(
      id,
      newGroup(name, counted, now, rules),
      traceAt(id, now, 'alert.gather'),
    );
    return inserted;
  }
  const { state, effects } = groupAfter(group, counted, now, rules);
  const change = changed(group, state);
  if (!change) return true;
  const next = { ...group, ...change, version: group.version + 1 };
  const trace = { ...traceAt(id, now, 'alert.fold'), items: itemsAfter(parts, next, effects, callees, now) };
  return (await groups.compareAndSet(group, change, trace)) !== null;
}

/** How the alerts of a group stand now, and since its episode began; of one that is over the last lines stay. */
async function count(
  alerts: Records<Alert>,
  name: string,
  group: AlertGroup | null,
  now: Date,
): Promise<Counted> {
  const firing = await alerts.count({ group: name, status: 'firing' });
  const those = { group: name, status: 'firing' };
  const newest = await alerts.find({ where: those, sort: [['lastAt', -1]], limit: MOST_LINES });
  const [first] = await alerts.find({ where: those, sort: [['firstAt', 1]], limit: 1 });
  const [last] = await alerts.find({ where: { group: name }, sort: [['lastAt', -1]], limit: 1 });
  const isOver = group === null || group.status === 'resolved';
  const total = isOver ? firing : await alerts.count({ group: name, lastAt: { gte: group.since } });
  return {
    firing,
    total: Math.max(total, firing),
    newest: firing === 0 && group ? group.newest : newest.map(lineOf),
    severity: await worst(alerts, name, firing, group),
    source: last?.source ?? group?.source ?? '',
    since: first?.firstAt ?? now,
    why: last?.why ?? '',
  };
}

async function worst(
  alerts: Records<Alert>,
  name: string,
  firing: number,
  group: AlertGroup | null,
): Promise<Severity> {
  if (firing === 0) return group?.severity ?? 'info';
  for (const severity of ['critical', 'warning'] as const)
    if ((await alerts.count({ group: name, status: 'firing', severity })) > 0) return severity;
  return 'info';
}

const lineOf = ({ title, severity, count: times, lastAt, link }: Alert): AlertLine => ({
  title,
  severity,
  count: times,
  lastAt,
  link,
});

/** The fields of the state that differ; null when none does. */
function changed(group: AlertGroup, state: GroupState): Partial<GroupState> | null {
  const entries = Object.entries(state).filter(
    ([field, value]) =>
      JSON.stringify(value ?? null) !== JSON.stringify(group[field as keyof GroupState] ?? null),
  );
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** The alerts themselves are the record of what happened: a fold leaves no audit row. */
function traceAt(id: string, now: Date, operation: string): Trace {
  return { history: { effectKey: `${id}:${now.toISOString()}`, at: now, by: WORKER, operation }, items: [] };
}
