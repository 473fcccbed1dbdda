// Limits per caller and minute, said in RateLimit headers: loose for those we know, tight for attempts to sign in.
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, MemoryStore, type Options, rateLimit } from 'express-rate-limit';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { stateOf } from './request-state.ts';

const MINUTE_MS = 60_000;

export type Tier = 'address' | 'caller' | 'anonymous' | 'signIn' | 'webhook';
export type RateLimits = Readonly<Record<Tier, { readonly limit: number; readonly windowMs: number }>>;

/** Requests per window; docs/api.md says the same numbers. */
export const rateLimits: RateLimits = {
  /** Per address, before anybody is looked up: 400 a second. */
  address: { limit: 24_000, windowMs: MINUTE_MS },
  /** Per person or service: 200 a second. */
  caller: { limit: 12_000, windowMs: MINUTE_MS },
  /** Per address without a token or session: 100 a second. */
  anonymous: { limit: 6_000, windowMs: MINUTE_MS },
  /** Failed attempts to use a sign-in link, per address. */
  signIn: { limit: 30, windowMs: 10 * MINUTE_MS },
  /** Deliveries of other systems, per address: 100 a second. */
  webhook: { limit: 6_000, windowMs: MINUTE_MS },
};

export interface RateLimiters {
  readonly address: RequestHandler;
  readonly caller: RequestHandler;
  readonly signIn: RequestHandler;
  /** Counts a delivery. @throws AppError `rate.limited` */
  readonly webhook: (req: Request) => Promise<void>;
}

/** @param onRefusal counts refusals by tier. */
export function createRateLimiters(
  limits: RateLimits,
  clock: Pick<Clock, 'now'>,
  onRefusal: (tier: Tier) => void,
): RateLimiters {
  const limiter = (tier: 'address' | 'signIn', options: { standardHeaders: boolean }): RequestHandler =>
    rateLimit({
      ...limits[tier],
      standardHeaders: options.standardHeaders ? 'draft-8' : false,
      legacyHeaders: false,
      identifier: tier,
      validate: false,
      skipSuccessfulRequests: tier === 'signIn',
      keyGenerator: (req) => ipKeyGenerator(req.ip ?? ''),
      handler: (_req, res, next) => refuse(tier, res.getHeader('Retry-After'), next),
    });
  const refusal = (tier: Tier, retryAfterMs: number): AppError => {
    onRefusal(tier);
    const seconds = Math.ceil(retryAfterMs / 1000);
    return new AppError('rate.limited', `Too many requests; try again in ${seconds} s.`, { retryAfterMs });
  };
  const refuse = (tier: Tier, after: unknown, next: (error: AppError) => void): void =>
    next(refusal(tier, Number(after) > 0 ? Number(after) * 1000 : limits[tier].windowMs));
  const caller = rateLimit({
    windowMs: limits.caller.windowMs,
    limit: (req) => limits[tierOf(req)].limit,
    identifier: tierOf,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    keyGenerator: (req) => stateOf(req).principal?.actor.id ?? ipKeyGenerator(req.ip ?? ''),
    handler: (req, res, next) => refuse(tierOf(req), res.getHeader('Retry-After'), next),
  });
  return {
    address: limiter('address', { standardHeaders: false }),
    caller,
    signIn: limiter('signIn', { standardHeaders: true }),
    webhook: deliveries(limits.webhook, clock, (afterMs) => refusal('webhook', afterMs)),
  };
}

/** The library's count alone: its headers, which no sender of webhooks reads, cost as much as reading the delivery. */
function deliveries(
  { limit, windowMs }: RateLimits['webhook'],
  clock: Pick<Clock, 'now'>,
  refusal: (afterMs: number) => AppError,
): RateLimiters['webhook'] {
  const counts = new MemoryStore();
  counts.init({ windowMs } as Options);
  return async (req) => {
    const { totalHits, resetTime } = await counts.increment(ipKeyGenerator(req.ip ?? ''));
    if (totalHits > limit)
      throw refusal(Math.max(1_000, (resetTime?.getTime() ?? 0) - clock.now().getTime()));
  };
}

const tierOf = (req: Parameters<typeof stateOf>[0]): 'caller' | 'anonymous' =>
  stateOf(req).principal ? 'caller' : 'anonymous';
