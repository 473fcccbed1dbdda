// What the web server measures of itself, and the page that Prometheus reads.
import { Counter, Histogram, type Registry } from 'prom-client';
import { AppError } from '../core/errors.ts';
import { maySeeDetails } from './health.ts';
import type { Routes } from './routes.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export interface WebMetrics {
  /** @param route the pattern that matched, such as `/api/operations/:name`; never the address itself. */
  observe(method: string, route: string, status: number, durationMs: number): void;
  refused(tier: string): void;
}

export function createWebMetrics(registry: Registry): WebMetrics {
  const durations = new Histogram({
    name: 'wardroom_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'wardroom_http_rate_limited_total',
    help: 'Requests refused by a rate limit',
    labelNames: ['tier'],
    registers: [registry],
  });
  const labelled = new Map<string, Histogram.Internal<string>>();
  return {
    observe: (method, route, status, durationMs) => {
      const known = METHODS.has(method) ? method : 'other';
      const key = `${known} ${status} ${route}`;
      const labels = labelled.get(key) ?? durations.labels(known, route, String(status));
      labelled.set(key, labels);
      labels.observe(durationMs / 1000);
    },
    refused: (tier) => refusals.inc({ tier }),
  };
}

export function addMetricsRoute(routes: Routes, registry: Registry): void {
  routes.add('GET', '/metrics', async (req, res) => {
    if (!maySeeDetails(req))
      throw new AppError(
        'auth.required',
        'Metrics need a token that holds operations.read, or a caller at the machine itself.',
      );
    res.set('Content-Type', registry.contentType).send(await registry.metrics());
  });
}
