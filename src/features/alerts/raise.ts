// Writes alerts down: each in one durable write, counted once for each effect; its group takes note behind.
import type { Alert } from '../../../models/alert.ts';
import type { AlertFacts, Alerting } from '../../core/alerting.ts';
import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { Body, RecordCollection } from '../../core/store.ts';

const EFFECTS_KEPT = 20;
const MOST_TRIES = 50;

export function createAlerting(options: {
  readonly alerts: RecordCollection<Alert>;
  readonly clock: Clock;
  /** Called when a group has something to take note of. */
  readonly nudge: () => void;
}): Alerting {
  const { alerts, clock, nudge } = options;
  const idOf = (tenant: string, fingerprint: string): string => derivedId('alt', tenant, fingerprint);

  async function raise(tenant: string, facts: AlertFacts, effectKey: string): Promise<boolean> {
    const now = clock.now();
    const fresh = freshAlert(facts, effectKey, now);
    const records = alerts.scoped(tenant);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { record, inserted } = await records.insertOnce(idOf(tenant, facts.fingerprint), fresh);
      if (!inserted && record.effects.includes(effectKey)) return false;
      if (inserted || (await records.compareAndSet(record, again(record, fresh, effectKey)))) {
        nudge();
        return inserted || record.status === 'resolved';
      }
    }
    throw busy(facts.fingerprint);
  }

  async function resolve(tenant: string, fingerprint: string, why: string): Promise<boolean> {
    const records = alerts.scoped(tenant);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const known = await records.get(idOf(tenant, fingerprint));
      if (known?.status !== 'firing') return false;
      if (await records.compareAndSet(known, resolution(clock.now(), why))) {
        nudge();
        return true;
      }
    }
    throw busy(fingerprint);
  }

  return { raise, resolve };
}

/** What makes an alert a resolved one. */
export function resolution(now: Date, why: string): Partial<Body<Alert>> {
  return { status: 'resolved', resolvedAt: now, why, folded: false, forgetAt: now, expiresAt: null };
}

function freshAlert(facts: AlertFacts, effectKey: string, now: Date): Body<Alert> {
  const { fingerprint, group, title, severity, source, link = null } = facts;
  return {
    fingerprint,
    group,
    title: title.length > 300 ? `${title.slice(0, 299)}…` : title,
    severity,
    source,
    facts: facts.facts ?? {},
    link,
    status: 'firing',
    count: 1,
    firstAt: now,
    lastAt: now,
    resolvedAt: null,
    expiresAt: facts.lastsMs === undefined ? null : new Date(now.getTime() + facts.lastsMs),
    why: '',
    effects: [effectKey],
    folded: false,
    forgetAt: null,
  };
}

/** The same trouble once more: counted while it goes on, begun anew after it was over. */
function again(known: Alert, fresh: Body<Alert>, effectKey: string): Partial<Body<Alert>> {
  const effects = [...known.effects, effectKey].slice(-EFFECTS_KEPT);
  if (known.status === 'resolved') return { ...fresh, effects };
  const lastAt = new Date(Math.max(fresh.lastAt.getTime(), known.lastAt.getTime()));
  return { ...fresh, effects, count: known.count + 1, firstAt: known.firstAt, lastAt };
}

function busy(fingerprint: string): AppError {
  return new AppError('record.busy', `The alert “${fingerprint}” is being written by others; try again.`, {
    retryable: true,
  });
}
