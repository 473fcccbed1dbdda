// Alerts as people meet them: what is wrong, who looks after it, silence, and the beat that tells and escalates.
import type { Alert } from '../../../models/alert.ts';
import type { AlertGroup } from '../../../models/alert-group.ts';
import type { AlertPolicy } from '../../../models/alert-policy.ts';
import type { AlertFacts, Alerting } from '../../core/alerting.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { Body } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import { cardsOf } from './card.ts';
import { assertOpen } from './episode.ts';
import { foldGroup } from './fold.ts';
import { isSilenced } from './group-state.ts';
import type { AlertParts } from './parts.ts';
import { calleeNamed, calleesIn, type PolicyWish, policyOf, setPolicy } from './policy.ts';
import { createAlerting, resolution } from './raise.ts';

export const alertViews = ['open', 'mine', 'over', 'all'] as const;
export type AlertView = (typeof alertViews)[number];

const MOST_AT_ONCE = 500;
const MOST_ROUNDS = 200;
const LISTED = 50;

export type Alerts = ReturnType<typeof createAlerts>;

/** @param nudge wakes the loop that calls `work`. */
export function createAlerts(parts: AlertParts, nudge: () => void) {
  const alerting: Alerting = createAlerting({ ...parts, nudge });

  /** Raises an alert in a person's or another program's name. */
  async function raise(ctx: Ctx, facts: AlertFacts): Promise<boolean> {
    return await alerting.raise(ctx.tenant, facts, ctx.effectKey);
  }

  /** Ends what was over at its time. */
  async function expire(): Promise<void> {
    const now = parts.clock.now();
    const old = await parts.alerts.acrossTenants('alerts').find({
      where: { status: 'firing', expiresAt: { gt: new Date(0), lte: now } },
      limit: MOST_AT_ONCE,
    });
    for (const { tenant, fingerprint } of old)
      await alerting.resolve(tenant, fingerprint, 'It was not seen again.');
  }

  /**
   * Says how things stand now, as whoever watches them sees it: what is new is raised, what is gone is resolved.
   * @param source names the watcher; it speaks for its own alerts alone.
   */
  async function observe(tenant: string, source: string, wrong: readonly AlertFacts[]): Promise<void> {
    const now = parts.clock.now();
    const firing = await parts.alerts
      .scoped(tenant)
      .find({ where: { status: 'firing', source }, limit: MOST_AT_ONCE });
    const known = new Set(firing.map((alert) => alert.fingerprint));
    const present = new Set(wrong.map((alert) => alert.fingerprint));
    for (const alert of wrong)
      if (!known.has(alert.fingerprint))
        await alerting.raise(tenant, alert, `${source}:${alert.fingerprint}:${now.toISOString()}`);
    for (const fingerprint of known)
      if (!present.has(fingerprint)) await alerting.resolve(tenant, fingerprint, 'It is well again.');
  }

  /** Brings every group up to date that has news or whose time has come; true when more may be waiting. */
  async function work(): Promise<boolean> {
    await expire();
    const now = parts.clock.now();
    const news = await parts.alerts
      .acrossTenants('alerts')
      .find({ where: { folded: false }, limit: MOST_AT_ONCE });
    const due = await parts.groups
      .acrossTenants('alerts')
      .find({ where: { nextAt: { lte: now } }, limit: MOST_AT_ONCE });
    const wanted = new Map<string, { readonly tenant: string; readonly name: string }>();
    for (const { tenant, group: name } of news) wanted.set(`${tenant}/${name}`, { tenant, name });
    for (const { tenant, name } of due) wanted.set(`${tenant}/${name}`, { tenant, name });
    for (const { tenant, name } of wanted.values()) await foldGroup(parts, tenant, name);
    return news.length === MOST_AT_ONCE;
  }

  /** Works until nothing is due now: for tests, and for a stop. */
  async function drain(): Promise<void> {
    for (let rounds = 0; rounds < MOST_ROUNDS && (await work()); rounds += 1);
  }

  /** Folds every open group again: what slipped in beside a fold is found here. */
  async function sweep(): Promise<void> {
    const open = await parts.groups
      .acrossTenants('alerts')
      .find({ where: { status: { in: ['waiting', 'firing'] } }, limit: MOST_AT_ONCE });
    for (const { tenant, name } of open) await foldGroup(parts, tenant, name);
  }

  /** One page of a view, the newest first. */
  async function list(
    ctx: Ctx,
    view: AlertView,
    limit: number = LISTED,
    skip = 0,
  ): Promise<{ readonly groups: readonly AlertGroup[]; readonly total: number }> {
    const groups = parts.groups.scoped(ctx.tenant);
    const open = { status: { in: ['waiting', 'firing'] } } as const;
    const where = {
      open,
      mine: { ...open, assignee: ctx.actor.name },
      over: { status: 'resolved' },
      all: {},
    }[view];
    const [found, total] = await Promise.all([
      groups.find({ where, sort: [['since', -1]], limit, skip }),
      groups.count(where),
    ]);
    return { groups: found, total };
  }

  /** @throws AppError `record.not_found`, `record.conflict` when several begin like that. */
  async function find(ctx: Ctx, named: string): Promise<AlertGroup> {
    const groups = parts.groups.scoped(ctx.tenant);
    const exact = await groups.get(named);
    if (exact) return exact;
    const recent = await groups.find({ where: {}, sort: [['since', -1]], limit: MOST_AT_ONCE });
    const matching = recent.filter(
      ({ _id, name }) => name === named || (named.length > 4 && _id.startsWith(named)),
    );
    const [only, second] = matching;
    if (second)
      throw new AppError('record.conflict', `Several alerts begin with “${named}”; give more of the id.`, {
        inHindi: `“${named}” से कई चेतावनियाँ शुरू होती हैं; id के और अक्षर दें।`,
      });
    if (only) return only;
    throw new AppError(
      'record.not_found',
      `There is no alert “${named}”. “alerts” lists those that are open.`,
      { inHindi: `“${named}” नाम की कोई चेतावनी नहीं है। खुली चेतावनियाँ देखने के लिए लिखें: alerts` },
    );
  }

  /** The alerts of a group, those that fire first. */
  async function alertsOf(ctx: Ctx, group: AlertGroup, limit: number): Promise<readonly Alert[]> {
    return await parts.alerts.scoped(ctx.tenant).find({
      where: { group: group.name },
      sort: [
        ['status', 1],
        ['lastAt', -1],
      ],
      limit,
    });
  }

  type Change = Partial<Body<AlertGroup>>;

  /** One change of an open group by a person; every copy of its card is edited to it. */
  async function change(
    ctx: Ctx,
    named: string,
    episode: number | undefined,
    decide: (group: AlertGroup) => Change | null,
  ): Promise<AlertGroup> {
    const { _id } = await find(ctx, named);
    const { record } = await changeOnce(parts.groups.scoped(ctx.tenant), _id, ctx.effectKey, (group) => {
      assertOpen(group, episode);
      const wish = decide(group);
      if (!wish) return null;
      const next = { ...group, ...wish, version: group.version + 1 };
      const before = Object.fromEntries(Object.keys(wish).map((key) => [key, group[key as keyof Change]]));
      const trace = traceOf(ctx, { target: _id, before, after: wish }, ...cardsOf(parts, next, ctx.now));
      return { change: wish, trace };
    });
    nudge();
    return record;
  }

  /** Says that somebody knows of it: nobody is reminded or called any more. */
  const acknowledge = (ctx: Ctx, named: string, episode?: number): Promise<AlertGroup> =>
    change(ctx, named, episode, (group) =>
      group.acknowledgedBy === null
        ? { acknowledgedBy: ctx.actor.name, acknowledgedAt: ctx.now, escalateAt: null }
        : null,
    );

  /** Gives it to oneself, or to somebody by name; whoever gives it has acknowledged it. */
  async function assign(ctx: Ctx, named: string, to?: string, episode?: number): Promise<AlertGroup> {
    const assignee =
      to === undefined ? ctx.actor.name : calleeNamed(await parts.callees(ctx.tenant), to).name;
    return await change(ctx, named, episode, (group) => ({
      assignee,
      escalateAt: null,
      ...(group.acknowledgedBy === null ? { acknowledgedBy: ctx.actor.name, acknowledgedAt: ctx.now } : {}),
    }));
  }

  const silence = (ctx: Ctx, named: string, until: Date, episode?: number): Promise<AlertGroup> =>
    change(ctx, named, episode, () => ({
      silencedUntil: until,
      silencedBy: ctx.actor.name,
      nextAt: until,
    }));

  const unsilence = (ctx: Ctx, named: string, episode?: number): Promise<AlertGroup> =>
    change(ctx, named, episode, (group) =>
      isSilenced(group, ctx.now) ? { silencedUntil: null, silencedBy: null, nextAt: ctx.now } : null,
    );

  /** Ends it by hand: what is still wrong fires again the next time it is noticed. */
  async function resolve(ctx: Ctx, named: string, why: string): Promise<AlertGroup> {
    const group = await find(ctx, named);
    const reason = `${ctx.actor.name}: ${why}`;
    await change(ctx, group._id, undefined, () => ({ resolvedWhy: reason }));
    const records = parts.alerts.scoped(ctx.tenant);
    for (;;) {
      const firing = await records.find({
        where: { group: group.name, status: 'firing', lastAt: { lte: ctx.now } },
        limit: MOST_AT_ONCE,
      });
      if (firing.length === 0) break;
      await records.updateMany(
        firing.map(({ _id }) => _id),
        resolution(ctx.now, reason),
      );
    }
    await foldGroup(parts, ctx.tenant, group.name);
    return await find(ctx, group._id);
  }

  return {
    alerting,
    observe,
    raise,
    work,
    drain,
    sweep,
    list,
    find,
    alertsOf,
    acknowledge,
    assign,
    silence,
    unsilence,
    resolve,
    callees: (ctx: Ctx) => calleesIn(parts, ctx.tenant),
    policy: (ctx: Ctx): Promise<AlertPolicy | null> => policyOf(parts, ctx.tenant),
    setPolicy: (ctx: Ctx, wish: PolicyWish) => setPolicy(parts, ctx, wish),
  };
}
