// What staff see of each source: what came last, what was refused and why, how late, and what was given up.
import type { WebhookMapping } from '../../../models/webhook-endpoint.ts';
import type { WebhookEvent, WebhookEventStatus } from '../../../models/webhook-inbox.ts';
import type { Ctx } from '../../core/context.ts';
import { DEFAULT_TENANT } from '../../core/tenant.ts';
import type { WebhookScheme } from '../../core/webhook-source.ts';
import { curlOf } from './curl.ts';
import type { Endpoints } from './endpoints.ts';
import { maskedBody } from './masking.ts';
import { endpointId, type WebhookParts } from './parts.ts';
import { unknownEvent, unknownSource } from './refusals.ts';
import { sampleOf } from './sample.ts';
import { payloadOf } from './schemes/payload.ts';
import { pathOf } from './setup.ts';

const MOST_ENDPOINTS = 200;
const MOST_COUNTS = 2_000;
const LAG_SAMPLE = 100;
const DAY_MS = 86_400_000;
const COUNTED_DAYS = 7;

export interface SourceView {
  readonly name: string;
  readonly summary: string;
  readonly scheme: WebhookScheme;
  /** How many secrets are live now; none means that everything is refused. */
  readonly secrets: number;
  /** Where its secrets are kept. */
  readonly keptIn: string;
  readonly url: string;
  readonly waiting: number;
  readonly dead: number;
  readonly last: { readonly at: Date; readonly status: WebhookEventStatus } | null;
  /** From receipt to done, the median and the worst of the last 100 that were done; null when none was. */
  readonly lag: { readonly medianMs: number; readonly worstMs: number } | null;
  /** Deliveries of the last 7 days by outcome. */
  readonly counts: Readonly<Record<string, number>>;
  /** How bodies of a foreign shape are read; null for its own. */
  readonly mapping: WebhookMapping | null;
  /** How many of its events are worked on in a minute. */
  readonly perMinute: number;
  /** What a sender runs to deliver an event; $SECRET is theirs. */
  readonly curl: string;
}

export interface EventView {
  readonly event: WebhookEvent;
  /** With secrets and personal data masked; null when it was forgotten. */
  readonly body: string | null;
}

export interface Overview {
  /** Every source of the tenant, and what was sent to none of them. */
  list(ctx: Ctx): Promise<{ readonly sources: readonly SourceView[]; readonly unknown: number }>;
  /** One source. @throws AppError `record.not_found` */
  source(ctx: Ctx, name: string): Promise<SourceView>;
  /** The newest first. */
  events(
    ctx: Ctx,
    filter: { readonly source?: string | undefined; readonly status?: WebhookEventStatus | undefined },
    limit: number,
  ): Promise<readonly WebhookEvent[]>;
  /** @throws AppError `record.not_found` */
  event(ctx: Ctx, id: string): Promise<EventView>;
  /** Dead letters of all sources. */
  dead(ctx: Ctx): Promise<number>;
}

export function createOverview<S>(parts: WebhookParts<S>, endpoints: Endpoints<S>): Overview {
  const { inbox, sources, publicUrl } = parts;

  async function list(ctx: Ctx): ReturnType<Overview['list']> {
    const rows = await parts.endpoints
      .scoped(ctx.tenant)
      .find({ where: { removedAt: null }, sort: [['name', 1]], limit: MOST_ENDPOINTS });
    const own = rows.map(({ name }) => name);
    const builtIn = ctx.tenant === DEFAULT_TENANT ? sources.map(({ name }) => name) : [];
    const names = [...new Set([...builtIn, ...own])];
    const counts = await countsOf(ctx);
    const views = await Promise.all(
      names.map((name) => view(ctx, name, own.includes(name), counts.get(name) ?? {})),
    );
    return {
      sources: views.filter((found) => found !== null),
      unknown: counts.get('unknown')?.['unknown'] ?? 0,
    };
  }

  async function view(
    ctx: Ctx,
    name: string,
    isOwn: boolean,
    counts: Readonly<Record<string, number>>,
  ): Promise<SourceView | null> {
    const id = isOwn && ctx.tenant !== DEFAULT_TENANT ? endpointId(ctx.tenant, name) : undefined;
    const target = await endpoints.find(name, id, ctx.now);
    if (!target) return null;
    const { scheme, source, secrets, mapping } = target;
    const { perMinute } = await endpoints.senderOf(ctx.tenant, name);
    const events = inbox.scoped(ctx.tenant);
    const [last] = await events.find({ where: { source: name }, sort: [['createdAt', -1]], limit: 1 });
    const url = publicUrl() + pathOf(ctx.tenant, name);
    return {
      name,
      summary: source.summary,
      scheme,
      secrets: secrets.length,
      keptIn: isOwn ? 'the database' : source.secretVariable,
      url,
      waiting: await events.count({ status: 'received', source: name }),
      dead: await events.count({ status: 'dead', source: name }),
      last: last ? { at: last.createdAt, status: last.status } : null,
      lag: await lagOf(ctx, name),
      counts,
      mapping,
      perMinute,
      curl: curlOf(scheme, url, JSON.stringify(sampleOf(parts, target, 'example-1', ctx.now))),
    };
  }

  async function lagOf(ctx: Ctx, source: string): Promise<SourceView['lag']> {
    const done = await inbox
      .scoped(ctx.tenant)
      .find({ where: { status: 'done', source }, sort: [['createdAt', -1]], limit: LAG_SAMPLE });
    const lags = done.flatMap(({ createdAt, doneAt }) =>
      doneAt ? [doneAt.getTime() - createdAt.getTime()] : [],
    );
    lags.sort((a, b) => a - b);
    const medianMs = lags[Math.floor(lags.length / 2)];
    const worstMs = lags.at(-1);
    return medianMs === undefined || worstMs === undefined ? null : { medianMs, worstMs };
  }

  async function countsOf(ctx: Ctx): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> {
    const since = new Date(ctx.now.getTime() - (COUNTED_DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
    const days = await parts.counts
      .scoped(ctx.tenant)
      .find({ where: { day: { gte: since } }, sort: [['day', -1]], limit: MOST_COUNTS });
    const sums = new Map<string, Record<string, number>>();
    for (const { source, counts } of days) {
      const sum = sums.get(source) ?? {};
      for (const [outcome, times] of Object.entries(counts)) sum[outcome] = (sum[outcome] ?? 0) + times;
      sums.set(source, sum);
    }
    return sums;
  }

  async function source(ctx: Ctx, name: string): Promise<SourceView> {
    const found = (await list(ctx)).sources.find((view) => view.name === name);
    if (found) return found;
    throw unknownSource(name);
  }

  return {
    list,
    source,
    events: ({ tenant }, { source, status }, limit) =>
      inbox.scoped(tenant).find({
        where: { ...(source === undefined ? {} : { source }), ...(status === undefined ? {} : { status }) },
        sort: [['createdAt', -1]],
        limit,
      }),
    event: async ({ tenant }, id) => {
      const event = await inbox.scoped(tenant).get(id);
      if (!event) throw unknownEvent(id);
      return { event, body: event.body === null ? null : maskedBody(payloadOf(event.scheme, event.body)) };
    },
    dead: ({ tenant }) => inbox.scoped(tenant).count({ status: 'dead' }),
  };
}
