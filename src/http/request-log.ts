// One log line and one measurement for each request, once its answer has left.
import type { Express } from 'express';
import type { WebMetrics } from './metrics.ts';
import type { WebParts } from './options.ts';
import { beginState } from './request-state.ts';

type Needs = Pick<WebParts, 'clock' | 'ids' | 'logger'>;

/**
 * The first step of every request. Its id is ours: one from outside could forge lines of the log. The address
 * is logged by its pattern, because a path or query may hold a code.
 */
export function addRequestLog(app: Express, { clock, ids, logger }: Needs, metrics: WebMetrics): void {
  app.use((req, res, next) => {
    const state = beginState(req, ids.fresh('req'), clock.monotonicMs());
    res.setHeader('X-Request-Id', state.requestId);
    res.on('close', () => {
      const durationMs = clock.monotonicMs() - state.startedMs;
      const status = res.writableFinished ? res.statusCode : 499;
      const path: unknown = req.route?.path;
      const route = typeof path === 'string' ? path : 'none';
      metrics.observe(req.method, route, status, durationMs);
      const { requestId, operation, principal } = state;
      logger.info(
        {
          requestId,
          method: req.method,
          route,
          status,
          ms: Math.round(durationMs * 10) / 10,
          operation,
          actor: principal?.actor.id ?? null,
        },
        'request',
      );
    });
    next();
  });
}
