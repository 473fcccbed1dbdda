// The protocol: keeps the ledger of slots, starts runs on the clock or on demand, and takes over abandoned ones.
import type { ProtocolAction } from '../../../models/protocol-action.ts';
import type { ProtocolRun, RunStatus } from '../../../models/protocol-run.ts';
import type { ProtocolState } from '../../../models/protocol-state.ts';
import type { Alerting } from '../../core/alerting.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { derivedId } from '../../core/ids.ts';
import type { FactCollection, RecordCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import { holderOf, silently } from './floor.ts';
import { missedReply, runCard } from './notices.ts';
import { noRun, runUnderWay } from './refusals.ts';
import { runContext } from './run-context.ts';
import { advance, dueRun, isOver } from './run-machine.ts';
import { createRunner, type RunnerOptions } from './runner.ts';
import { isPast, slotOf, slotsBetween } from './slots.ts';
import { progressTrace } from './traces.ts';

export interface ProtocolOptions extends RunnerOptions {
  readonly states: FactCollection<ProtocolState>;
  readonly actions: RecordCollection<ProtocolAction>;
  readonly everyMs: number;
  readonly tenants: () => Promise<readonly string[]>;
  readonly alerting: Alerting;
}

/** More missed slots than this stand in the ledger as the newest ones only: a machine that was off for a month. */
const MISSED_LIMIT = 100;

export type ProtocolService = ReturnType<typeof createProtocolService>;

export function createProtocolService(options: ProtocolOptions) {
  const { runs, states, floor, clock, everyMs, zone, rooms } = options;
  const runner = createRunner(options);
  const stepNames = options.steps.map((step) => step.name);

  /** One beat of the alarm clock: enters due and missed slots into the ledger, then works what is unfinished. */
  async function tick(stop: AbortSignal): Promise<void> {
    for (const tenant of await options.tenants()) {
      if (stop.aborted) return;
      await enterSlots(tenant);
      await workUnfinished(tenant, stop);
    }
  }

  async function enterSlots(tenant: string): Promise<void> {
    const now = clock.now();
    const state = await floor.stateOf(tenant, now);
    const current = slotOf(now, everyMs);
    if (state.lastSlot && state.lastSlot >= current) return;
    if (!isPaused(state, now)) {
      const missed = state.lastSlot ? slotsBetween(state.lastSlot, current, everyMs, MISSED_LIMIT) : [];
      await enterMissed(tenant, missed, now);
      const ctx = slotContext(tenant, current, now);
      const body = dueRun(stepNames, { slotStart: current, trigger: 'slot', startedBy: 'the clock' });
      await runs.scoped(tenant).insertOnce(slotRunId(tenant, current), body, silentTrace(ctx));
    }
    // Losing this race means that another process entered the same slots.
    await states.scoped(tenant).compareAndSet(state, { lastSlot: current }, silently(now));
  }

  /** The newest missed slot carries the message for all of them. */
  async function enterMissed(tenant: string, slots: readonly Date[], now: Date): Promise<void> {
    for (const [index, slot] of slots.entries()) {
      const ctx = slotContext(tenant, slot, now);
      const body = {
        ...dueRun(stepNames, { slotStart: slot, trigger: 'slot' as const, startedBy: 'the clock' }),
        status: 'missed' as const,
        endedAt: now,
      };
      const says =
        index === slots.length - 1 ? rooms.map((destination) => missedMessage(destination, slots)) : [];
      const trace = traceOf(ctx, { target: slotRunId(tenant, slot), after: { status: 'missed' } }, ...says);
      await runs.scoped(tenant).insertOnce(slotRunId(tenant, slot), body, trace);
    }
    await tellMissed(tenant, slots);
  }

  async function tellEnd({ tenant, _id, status, steps }: ProtocolRun): Promise<void> {
    const fingerprint = 'protocol.failed';
    if (status === 'completed')
      await options.alerting.resolve(tenant, fingerprint, 'The next run went well.');
    if (status !== 'completed_with_errors') return;
    const failed = steps.filter((step) => step.status === 'failed').map((step) => step.name);
    const title = `The protocol run failed in ${failed.join(', ')}`;
    const alert = {
      fingerprint,
      group: 'protocol',
      title,
      severity: 'critical',
      source: 'protocol',
    } as const;
    await options.alerting.raise(tenant, { ...alert, link: `/admin/protocol/${_id}` }, _id);
  }

  /** The room is told by the runs themselves; this reaches whoever is called about what goes wrong. */
  async function tellMissed(tenant: string, slots: readonly Date[]): Promise<void> {
    const last = slots.at(-1);
    if (!last) return;
    const count = slots.length === 1 ? 'A slot' : `${slots.length} slots`;
    const title = `${count} of the protocol passed without a run, the last at ${last.toISOString()}`;
    const alert = { fingerprint: 'protocol.missed', group: 'protocol', title } as const;
    const manner = {
      severity: 'warning',
      source: 'protocol',
      link: '/admin/protocol',
      lastsMs: everyMs,
    } as const;
    await options.alerting.raise(tenant, { ...alert, ...manner }, slotRunId(tenant, last));
  }

  const missedMessage = (destination: string, slots: readonly Date[]) =>
    ({ kind: 'send', destination, body: { kind: 'reply', reply: missedReply(slots, zone) } }) as const;

  /** Works what is unfinished, the oldest first; a slot's run that is too old to resume is missed. */
  async function workUnfinished(tenant: string, stop: AbortSignal): Promise<void> {
    const unfinished = await runs
      .scoped(tenant)
      .find({ where: { status: { in: ['running', 'due'] } }, sort: [['createdAt', 1]], limit: 20 });
    for (const run of unfinished) {
      if (stop.aborted) return;
      const now = clock.now();
      const free = holderOf(await floor.stateOf(tenant, now), now) === null;
      if (!free) return;
      if (run.slotStart && isPast(run.slotStart, now, everyMs)) await giveUp(run, now);
      else {
        await runner.work(tenant, run._id, stop);
        await tellEnd(await show(tenant, run._id));
      }
    }
  }

  async function giveUp(run: ProtocolRun, now: Date): Promise<void> {
    const effectKey = `${run._id}:missed`;
    await changeOnce(runs.scoped(run.tenant), run._id, effectKey, (current) => {
      const change = advance(current, { type: 'missed', now });
      if (!change || !run.slotStart) return null;
      const cards = runCard({ ...current, ...change, version: current.version + 1 }, rooms, zone);
      const says = rooms.map((destination) => missedMessage(destination, [run.slotStart ?? now]));
      return {
        change,
        trace: progressTrace({ run: current, change, effectKey, now, zone, event: 'missed' }, [
          ...cards,
          ...says,
        ]),
      };
    });
    if (run.slotStart) await tellMissed(run.tenant, [run.slotStart]);
  }

  /**
   * Starts a run on demand and returns it as it stands; the same effect again returns the same run.
   * @throws AppError `run.in_progress` naming the run that holds the floor.
   */
  async function start(ctx: Ctx, steps: readonly string[]): Promise<ProtocolRun> {
    const id = derivedId('run', ctx.tenant, ctx.effectKey);
    const known = await runs.scoped(ctx.tenant).get(id);
    if (known) return known;
    const holder = holderOf(await floor.stateOf(ctx.tenant, ctx.now), ctx.now);
    if (holder) throw runUnderWay(holder);
    const chosen = steps.length === 0 ? stepNames : stepNames.filter((name) => steps.includes(name));
    const body = dueRun(chosen, { slotStart: null, trigger: 'manual', startedBy: ctx.actor.name });
    const { record } = await runs
      .scoped(ctx.tenant)
      .insertOnce(id, body, traceOf(ctx, { target: id, after: { steps: chosen } }));
    return record;
  }

  /** Works one run to its end, for callers that wait for it. */
  async function finish(tenant: string, runId: string, stop: AbortSignal): Promise<ProtocolRun> {
    await runner.work(tenant, runId, stop);
    return show(tenant, runId);
  }

  async function show(tenant: string, runId: string): Promise<ProtocolRun> {
    const run = await runs.scoped(tenant).get(runId);
    if (!run) throw noRun(runId);
    return run;
  }

  /** The newest runs first. */
  function history(tenant: string, limit: number): Promise<ProtocolRun[]> {
    return runs.scoped(tenant).find({ where: {}, sort: [['createdAt', -1]], limit });
  }

  /** One page of the ledger, the newest first; those of one status where it is named. */
  async function ledger(
    tenant: string,
    page: { readonly status: RunStatus | undefined; readonly limit: number; readonly skip: number },
  ): Promise<{ readonly runs: readonly ProtocolRun[]; readonly total: number }> {
    const { status, limit, skip } = page;
    const where = status === undefined ? {} : { status };
    const scoped = runs.scoped(tenant);
    const [found, total] = await Promise.all([
      scoped.find({ where, sort: [['createdAt', -1]], limit, skip }),
      scoped.count(where),
    ]);
    return { runs: found, total };
  }

  function actionsOf(tenant: string, runId: string): Promise<ProtocolAction[]> {
    return options.actions.scoped(tenant).find({ where: { run: runId }, sort: [['at', 1]], limit: 200 });
  }

  async function status(tenant: string, now: Date) {
    const state = await floor.stateOf(tenant, now);
    const [last] = await runs.scoped(tenant).find({ where: {}, sort: [['createdAt', -1]], limit: 1 });
    return {
      running: holderOf(state, now),
      last: last ?? null,
      pausedUntil: isPaused(state, now) ? state.pausedUntil : null,
      nextAt: new Date(slotOf(now, everyMs).getTime() + everyMs),
    };
  }

  /** Pauses scheduled runs until then (null resumes); runs on demand go on working. */
  async function pause(ctx: Ctx, until: Date | null): Promise<void> {
    await floor.stateOf(ctx.tenant, ctx.now);
    await changeOnce(states.scoped(ctx.tenant), ctx.tenant, ctx.effectKey, (state) => ({
      change: { pausedUntil: until },
      trace: traceOf(ctx, {
        target: 'protocol',
        before: { pausedUntil: state.pausedUntil },
        after: { pausedUntil: until },
      }),
    }));
  }

  const slotContext = (tenant: string, slot: Date, now: Date): Ctx => {
    const id = slotRunId(tenant, slot);
    return runContext({ tenant, zone, now, run: id, operation: 'protocol.tick', effectKey: id });
  };

  return { tick, start, finish, show, history, ledger, actionsOf, status, pause, stepNames, everyMs, isOver };
}

function slotRunId(tenant: string, slot: Date): string {
  return derivedId('run', tenant, 'slot', slot.toISOString());
}

const isPaused = (state: ProtocolState, now: Date): boolean =>
  state.pausedUntil !== null && state.pausedUntil > now;

const silentTrace = (ctx: Ctx) => ({ ...traceOf(ctx, { target: '' }), items: [] });
