// Inbound webhooks as one service: the door's rule, the worker behind it, and what staff may see and do.
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { DEFAULT_TENANT } from '../../core/tenant.ts';
import type { WebhookSource } from '../../core/webhook-source.ts';
import { type Counts, createCounts } from './counts.ts';
import { createEndpoints } from './endpoints.ts';
import { type InboxHealth, inboxHealth } from './health.ts';
import { createOverview, type Overview } from './overview.ts';
import { endpointId, type WebhookParts } from './parts.ts';
import { createReceiver, type Receipt, type Receiver } from './receiver.ts';
import { sourceWithoutSecret, unknownSource } from './refusals.ts';
import { type ReplayWish, replayEvents } from './replay.ts';
import { sampleOf } from './sample.ts';
import { schemes } from './schemes/all.ts';
import { createSealer } from './sealing.ts';
import { createSetup, pathOf, type Setup } from './setup.ts';
import { createWorker, type WebhookWorker } from './worker.ts';

export interface Webhooks
  extends Pick<Receiver, 'receive' | 'refused'>,
    WebhookWorker,
    Setup,
    Pick<Counts, 'flush' | 'totals'> {
  /** How the inbox stands, over all tenants. */
  health(): Promise<InboxHealth>;
  /** Every source of the code, and last what those of staff send: what the documentation shows. */
  readonly sources: readonly Pick<
    WebhookSource<never>,
    'name' | 'summary' | 'scheme' | 'payload' | 'sample'
  >[];
  readonly overview: Overview;
  /** Where a sender posts to. */
  urlOf(tenant: string, name: string): string;
  /** Sends the source's own example through signature, inbox and worker; its handler does nothing. */
  test(ctx: Ctx, name: string): Promise<Receipt>;
  /** @throws AppError `record.not_found`, `record.conflict` */
  replay(ctx: Ctx, wish: ReplayWish): Promise<number>;
}

export function createWebhooks<S>(parts: WebhookParts<S>): Webhooks {
  const sealer = createSealer(parts.secretKey, parts.ids);
  const endpoints = createEndpoints(parts, sealer);
  const counts = createCounts(parts.counts, new Set(parts.sources.map(({ name }) => name)));
  const receiver = createReceiver(parts, endpoints, counts);

  async function test(ctx: Ctx, name: string): Promise<Receipt> {
    const id = ctx.tenant === DEFAULT_TENANT ? undefined : endpointId(ctx.tenant, name);
    const target = await endpoints.find(name, id, ctx.now);
    if (!target) throw unknownSource(name);
    const [secret] = target.secrets;
    if (secret === undefined) throw sourceWithoutSecret(name);
    const sampleId = `test-${ctx.effectKey}`.replaceAll(/[^\w:-]/g, '-').slice(0, 200);
    const body = Buffer.from(JSON.stringify(sampleOf(parts, target, sampleId, ctx.now)));
    const scheme = schemes[target.scheme];
    const plainUrl = parts.publicUrl();
    const url = scheme.addressOf?.(plainUrl, body) ?? plainUrl;
    const headers = scheme.sign({ id: sampleId, at: ctx.now, body, url, secret });
    const verdict = scheme.verify({ headers, body, url }, target.secrets, ctx.now);
    if (!verdict.authentic)
      throw new AppError('record.conflict', `“${name}” does not take what its own secret signs.`);
    return await receiver.store(target, { body, senderId: sampleId, testKey: ctx.effectKey });
  }

  return {
    ...receiver,
    ...createWorker(parts, endpoints, counts.ended),
    ...createSetup(parts, sealer, endpoints.forgetRecent),
    flush: counts.flush,
    totals: counts.totals,
    health: () => inboxHealth(parts),
    sources: [...parts.sources, parts.added],
    overview: createOverview(parts, endpoints),
    urlOf: (tenant, name) => parts.publicUrl() + pathOf(tenant, name),
    test,
    replay: async (ctx, wish) => {
      const revived = await replayEvents(parts.inbox, ctx, wish);
      parts.nudge();
      return revived;
    },
  };
}
