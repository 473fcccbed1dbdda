// Scheduled pulls: addresses that staff set, fetched when they are due, with failures kept and told.
import type { StreamPull } from '../../../models/stream-pull.ts';
import { systemActor } from '../../core/actor.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Clock } from '../../core/clock.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { FactDoor } from '../../core/ingestion.ts';
import type { Logger } from '../../core/logger.ts';
import type { OutboundRules } from '../../core/outbound-address.ts';
import type { FetchRows } from '../../core/pulling.ts';
import type { Sealer } from '../../core/sealed-text.ts';
import type { Body, FactCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import { mappedRow, nextCursor, rowsIn } from './pull-rows.ts';
import { type Streams, streamNamed } from './streams.ts';

export interface PullParts {
  readonly pulls: FactCollection<StreamPull>;
  readonly door: FactDoor;
  readonly streams: Streams;
  readonly rules: Pick<OutboundRules, 'judge'>;
  readonly sealer: Sealer;
  readonly fetchRows: FetchRows;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly zone: string;
}

export interface PullWish {
  readonly name: string;
  readonly stream: string;
  readonly url: string;
  readonly rowsAt: string;
  readonly map: readonly string[];
  readonly everyMs: number;
  readonly cursorParameter: string | null;
  readonly cursorField: string | null;
  readonly authorization: string | null;
}

export interface Pulls {
  /** @throws AppError `record.conflict` when the name is taken, `input.invalid` for the address or the mapping. */
  add(ctx: Ctx, wish: PullWish): Promise<StreamPull>;
  list(ctx: Pick<Ctx, 'tenant'>): Promise<readonly StreamPull[]>;
  /** Fetches now, whatever the schedule says; the outcome is in the record. */
  run(ctx: Ctx, name: string): Promise<StreamPull>;
  setStatus(ctx: Ctx, name: string, status: StreamPull['status']): Promise<StreamPull>;
  /** Fetches what is due in every tenant; how many. Two processes at once fetch each only once. */
  work(): Promise<number>;
}

/** After failures a pull waits longer, up to this many times its interval. */
const MOST_PATIENCE = 8;
const DUE_AT_ONCE = 20;

export function createPulls(parts: PullParts): Pulls {
  const { pulls, door, streams, rules, sealer, fetchRows, clock, logger } = parts;
  const idOf = (tenant: string, name: string): string => derivedId('pul', tenant, name);

  async function add(ctx: Ctx, wish: PullWish): Promise<StreamPull> {
    judge(streams, wish);
    const { authorization, ...given } = wish;
    const url = rules.judge(wish.url).href;
    const id = idOf(ctx.tenant, wish.name);
    const fresh: Body<StreamPull> = {
      ...given,
      url,
      sealedAuthorization: authorization === null ? null : sealer.seal(authorization, id),
      status: 'active',
      cursor: null,
      nextAt: ctx.now,
      lastAt: null,
      lastError: null,
      failures: 0,
      lastCounts: null,
    };
    const trace = traceOf(ctx, { target: id, after: { name: wish.name, stream: wish.stream, url } });
    const { record, inserted } = await pulls.scoped(ctx.tenant).insertOnce(id, fresh, trace);
    const isOwn = record.history.some(({ effectKey }) => effectKey === ctx.effectKey);
    if (inserted || isOwn) return record;
    if (record.status !== 'removed')
      throw new AppError('record.conflict', `There is a pull “${wish.name}” already; remove it first.`, {
        inHindi: `“${wish.name}” नाम का नियमित आयात पहले से है; पहले उसे हटाएँ।`,
      });
    const again = await changeOnce(pulls.scoped(ctx.tenant), id, ctx.effectKey, () => ({
      change: fresh,
      trace,
    }));
    return again.record;
  }

  async function setStatus(ctx: Ctx, name: string, status: StreamPull['status']): Promise<StreamPull> {
    const id = idOf(ctx.tenant, name);
    const { record } = await changeOnce(pulls.scoped(ctx.tenant), id, ctx.effectKey, (known) => {
      refuseRemoved(known, name);
      const change = {
        status,
        ...(status === 'active' ? { nextAt: ctx.now, failures: 0 } : {}),
        ...(status === 'removed' ? { sealedAuthorization: null } : {}),
      };
      const trace = traceOf(ctx, { target: id, before: { status: known.status }, after: { status } });
      return { change, trace };
    });
    return record;
  }

  /** Fetches and takes the rows in, then records how it went; a failure is an outcome, not an error. */
  async function pull(ctx: Ctx, record: StreamPull): Promise<StreamPull> {
    const outcome = await bring(ctx, record).catch((thrown: unknown) => ({ failure: toAppError(thrown) }));
    const failure = 'failure' in outcome ? outcome.failure : null;
    if (failure?.kind === 'bug') logger.error({ err: failure, pull: record.name }, 'a pull failed');
    const effectKey = `${ctx.effectKey}:done`;
    const { record: after } = await changeOnce(pulls.scoped(ctx.tenant), record._id, effectKey, (known) => {
      const failures = failure ? known.failures + 1 : 0;
      const waitMs = known.everyMs * Math.min(MOST_PATIENCE, 2 ** Math.max(0, failures - 1));
      const change = {
        lastAt: ctx.now,
        nextAt: new Date(ctx.now.getTime() + waitMs),
        lastError: failure ? failure.publicMessage : null,
        failures,
        ...('counts' in outcome ? { lastCounts: { ...outcome.counts }, cursor: outcome.cursor } : {}),
      };
      const said = 'counts' in outcome ? { ...outcome.counts } : { failed: failure?.publicMessage };
      const trace = traceOf({ ...ctx, effectKey }, { target: record._id, after: said });
      return { change, trace };
    });
    return after;
  }

  async function bring(ctx: Ctx, record: StreamPull) {
    const { stream, name, rowsAt, map, cursorParameter, cursorField, cursor, sealedAuthorization } = record;
    const url = new URL(record.url);
    if (cursorParameter !== null && cursor !== null) url.searchParams.set(cursorParameter, cursor);
    const authorization = sealedAuthorization === null ? null : sealer.open(sealedAuthorization, record._id);
    const answer = await fetchRows({ url: url.href, authorization });
    if (answer.status !== 200)
      throw new AppError('remote.unavailable', `${url.host} answered with status ${answer.status}.`);
    const raws = rowsIn(answer.text, rowsAt);
    const known = streamNamed(streams, stream);
    const rows = raws.map((raw) => mappedRow(known, map, raw));
    const { counts } = await door.ingest(ctx, stream, rows, { source: `pull-${name}` });
    return { counts, cursor: cursorField === null ? cursor : nextCursor(raws, cursorField, cursor) };
  }

  /** Takes a due pull for this process by moving its next time on; null when another was faster. */
  async function claim(ctx: Ctx, record: StreamPull): Promise<StreamPull | null> {
    const nextAt = new Date(ctx.now.getTime() + record.everyMs);
    const trace = {
      history: { effectKey: ctx.effectKey, at: ctx.now, by: ctx.actor.id, operation: ctx.operation },
      items: [],
    };
    return pulls.scoped(record.tenant).compareAndSet(record, { nextAt }, trace);
  }

  async function work(): Promise<number> {
    const now = clock.now();
    const due = await pulls
      .acrossTenants('schedule')
      .find({ where: { status: 'active', nextAt: { lte: now } }, sort: [['nextAt', 1]], limit: DUE_AT_ONCE });
    let done = 0;
    for (const record of due) {
      const effectKey = `pull:${record._id}:${record.nextAt.toISOString()}`;
      const ctx = systemCtx(record.tenant, effectKey, now, parts.zone);
      const claimed = await claim(ctx, record);
      if (!claimed) continue;
      await pull(ctx, claimed);
      done += 1;
    }
    return done;
  }

  return {
    add,
    setStatus,
    work,
    list: ({ tenant }) =>
      pulls.scoped(tenant).find({ where: { status: { not: 'removed' } }, sort: [['name', 1]], limit: 200 }),
    run: async (ctx, name) => {
      const record = await pulls.scoped(ctx.tenant).get(idOf(ctx.tenant, name));
      if (!record) throw unknownPull(name);
      refuseRemoved(record, name);
      const isDone = record.history.some(({ effectKey }) => effectKey === `${ctx.effectKey}:done`);
      return isDone ? record : pull(ctx, record);
    },
  };
}

const unknownPull = (name: string): AppError =>
  new AppError('record.not_found', `There is no pull “${name.slice(0, 60)}” here.`, {
    inHindi: `“${name.slice(0, 60)}” नाम का कोई नियमित आयात नहीं है।`,
  });

function refuseRemoved({ status }: StreamPull, name: string): void {
  if (status === 'removed')
    throw new AppError('record.not_found', `The pull “${name.slice(0, 60)}” was removed.`, {
      inHindi: `“${name.slice(0, 60)}” नाम का नियमित आयात हटाया जा चुका है।`,
    });
}

/** @throws AppError `input.invalid` naming what cannot work. */
function judge(streams: Streams, { stream, map, cursorParameter, cursorField }: PullWish): void {
  const fields = Object.keys(streamNamed(streams, stream).row.shape);
  const known = new Set(fields.flatMap((one) => (one.endsWith('Paise') ? [one, one.slice(0, -5)] : [one])));
  for (const pair of map) {
    const at = pair.lastIndexOf('=');
    if (at < 1 || !known.has(pair.slice(at + 1)))
      throw new AppError(
        'input.invalid',
        `map: “${pair.slice(0, 60)}” is not theirs=ours, where ours is one of ${[...known].join(', ')}`,
      );
  }
  if ((cursorParameter === null) !== (cursorField === null))
    throw new AppError('input.invalid', 'A cursor needs both: --cursor-parameter and --cursor-field.');
}

function systemCtx(tenant: string, effectKey: string, now: Date, zone: string): Ctx {
  const plain = {
    tenant,
    actor: systemActor,
    door: 'job',
    operation: 'pull.run',
    zone,
    language: 'en',
  } as const;
  return { ...plain, effectKey, requestId: effectKey, now };
}
