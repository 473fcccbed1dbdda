// The life of an alert group as a pure machine: gather → tell → tell what is new → remind → escalate → over.
import { DateTime } from 'luxon';
import type { AlertGroup, AlertLine } from '../../../models/alert-group.ts';
import type { Severity } from '../../core/alerting.ts';
import type { Body } from '../../core/store.ts';

export const GROUP_WAIT_MS = 30_000;
export const GROUP_INTERVAL_MS = 5 * 60_000;
export const REPEAT_INTERVAL_MS = 4 * 3_600_000;
export const ESCALATE_AFTER_MS = 15 * 60_000;
/** A group that fires again this soon goes on as the same episode: what flaps has one card. */
export const REOPEN_WITHIN_MS = 15 * 60_000;

export type GroupState = Body<AlertGroup>;

/** How the alerts of a group stand: a fold of them, the same whenever it is made. */
export interface Counted {
  readonly firing: number;
  /** Alerts that fired since the episode began. */
  readonly total: number;
  readonly severity: Severity;
  readonly source: string;
  readonly newest: readonly AlertLine[];
  /** When the first of those that fire began. */
  readonly since: Date;
  /** Why the last one was resolved. */
  readonly why: string;
}

export interface Rules {
  readonly zone: string;
  /** Quiet hours for alerts of severity `info`, as wall clocks; null: none. */
  readonly quiet: { readonly from: string; readonly to: string } | null;
  /** How many people there are to call before everybody is. */
  readonly ranks: number;
}

/** Whom to tell what. `first`: the episode; `more`: what came since; `still`: it goes on; `resolved`: it is over. */
export type Effect =
  | { readonly kind: 'announce'; readonly what: 'first' | 'more' | 'still' | 'resolved' }
  | { readonly kind: 'escalate'; readonly rank: number };

export interface Next {
  /** The whole state after the event; equal to the state before it where nothing changed. */
  readonly state: GroupState;
  readonly effects: readonly Effect[];
}

/** A group that fires for the first time. */
export function newGroup(name: string, counted: Counted, now: Date, rules: Rules): GroupState {
  return episodeOf(name, 1, counted, now, rules);
}

/** What the alerts and the clock make of a group. Asking again at the same moment changes nothing more. */
export function groupAfter(group: GroupState, counted: Counted, now: Date, rules: Rules): Next {
  const { firing, total, newest, severity, source } = counted;
  if (group.status === 'resolved') {
    if (firing === 0) return { state: group, effects: [] };
    return flaps(group, now)
      ? moved({ ...reopened(group), firing, total, newest, severity }, now, rules, counted)
      : { state: episodeOf(group.name, group.episode + 1, counted, now, rules), effects: [] };
  }
  return moved({ ...group, firing, total, newest, severity, source }, now, rules, counted);
}

/** Whether the silence of a group holds at this moment. */
export function isSilenced({ silencedUntil }: Pick<GroupState, 'silencedUntil'>, now: Date): boolean {
  return silencedUntil !== null && silencedUntil > now;
}

function moved(group: GroupState, now: Date, rules: Rules, { why }: Counted): Next {
  const steps: ((state: GroupState, now: Date, rules: Rules) => Next)[] = [told, escalated];
  if (group.firing === 0) return over(group, now, why);
  let state = group;
  const effects: Effect[] = [];
  for (const step of steps) {
    const next = step(state, now, rules);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state: { ...state, nextAt: nextLook(state, now) }, effects };
}

function told(group: GroupState, now: Date): Next {
  if (isSilenced(group, now)) return { state: group, effects: [] };
  const { notifiedAt, nextAt } = group;
  if (group.status === 'waiting' || notifiedAt === null) {
    if (nextAt !== null && nextAt > now && group.status === 'waiting') return { state: group, effects: [] };
    return announced({ ...group, status: 'firing', escalateAt: escalationOf(group, now) }, now, 'first');
  }
  const sinceMs = now.getTime() - notifiedAt.getTime();
  if (group.total > group.notifiedTotal && sinceMs >= GROUP_INTERVAL_MS) return announced(group, now, 'more');
  if (group.acknowledgedBy === null && sinceMs >= REPEAT_INTERVAL_MS) return announced(group, now, 'still');
  return { state: group, effects: [] };
}

function announced(group: GroupState, now: Date, what: 'first' | 'more' | 'still'): Next {
  return {
    state: { ...group, notifiedAt: now, notifiedTotal: group.total },
    effects: [{ kind: 'announce', what }],
  };
}

/** A critical group that nobody acknowledged calls the next in the list every 15 minutes, and in the end everybody. */
function escalated(group: GroupState, now: Date, { ranks }: Rules): Next {
  const due =
    group.status === 'firing' && group.acknowledgedBy === null && group.severity === 'critical'
      ? (group.escalateAt ?? after(now, ESCALATE_AFTER_MS))
      : null;
  if (due === null || due > now || isSilenced(group, now))
    return { state: { ...group, escalateAt: due }, effects: [] };
  const rank = group.escalation + 1;
  const escalateAt = rank > ranks ? null : after(now, ESCALATE_AFTER_MS);
  return { state: { ...group, escalation: rank, escalateAt }, effects: [{ kind: 'escalate', rank }] };
}

const escalationOf = ({ severity, acknowledgedBy }: GroupState, now: Date): Date | null =>
  severity === 'critical' && acknowledgedBy === null ? after(now, ESCALATE_AFTER_MS) : null;

/** People who were never told of it need not be told that it is over; its card says so anyway. */
function over(group: GroupState, now: Date, why: string): Next {
  const state: GroupState = {
    ...group,
    status: 'resolved',
    resolvedAt: now,
    resolvedWhy: why,
    escalateAt: null,
    nextAt: null,
  };
  const known = group.notifiedAt !== null && !isSilenced(group, now);
  return { state, effects: known ? [{ kind: 'announce', what: 'resolved' }] : [] };
}

function episodeOf(name: string, episode: number, counted: Counted, now: Date, rules: Rules): GroupState {
  const { firing, total, newest, severity, source, since } = counted;
  return {
    name,
    episode,
    status: 'waiting',
    severity,
    source,
    firing,
    total,
    newest,
    since,
    resolvedAt: null,
    resolvedWhy: '',
    notifiedAt: null,
    notifiedTotal: 0,
    acknowledgedBy: null,
    acknowledgedAt: null,
    assignee: null,
    silencedUntil: null,
    silencedBy: null,
    escalation: 0,
    escalateAt: null,
    nextAt: firstLook(severity, after(now, GROUP_WAIT_MS), rules),
  };
}

function flaps({ resolvedAt }: GroupState, now: Date): boolean {
  return resolvedAt !== null && now.getTime() - resolvedAt.getTime() < REOPEN_WITHIN_MS;
}

/** Goes on where it was: what was told stays told, and the next word waits for its interval. */
function reopened(group: GroupState): GroupState {
  const status = group.notifiedAt === null ? 'waiting' : 'firing';
  return {
    ...group,
    status,
    resolvedAt: null,
    resolvedWhy: '',
    notifiedTotal: Math.max(group.notifiedTotal - 1, 0),
  };
}

function nextLook(group: GroupState, now: Date): Date | null {
  if (isSilenced(group, now)) return group.silencedUntil;
  if (group.status === 'waiting') return group.nextAt;
  const told = group.notifiedAt ?? now;
  const more = group.total > group.notifiedTotal ? after(told, GROUP_INTERVAL_MS) : null;
  const still = group.acknowledgedBy === null ? after(told, REPEAT_INTERVAL_MS) : null;
  return [more, still, group.escalateAt].reduce(
    (first, date) => (date !== null && (first === null || date < first) ? date : first),
    null,
  );
}

/** Small things that begin in quiet hours are told when those end. */
function firstLook(severity: Severity, wanted: Date, { quiet, zone }: Rules): Date {
  if (severity !== 'info' || !quiet) return wanted;
  const local = DateTime.fromJSDate(wanted, { zone });
  const clock = local.toFormat('HH:mm');
  const { from, to } = quiet;
  const within = from <= to ? clock >= from && clock < to : clock >= from || clock < to;
  if (!within) return wanted;
  const [hour = 0, minute = 0] = to.split(':').map(Number);
  const end = local.set({ hour, minute, second: 0, millisecond: 0 });
  return (end > local ? end : end.plus({ days: 1 })).toJSDate();
}

const after = (at: Date, waitMs: number): Date => new Date(at.getTime() + waitMs);
