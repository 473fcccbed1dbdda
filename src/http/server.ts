// The web server: every request gets an id, headers, limits and a caller, then an answer or a problem document.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import compression from 'compression';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { addConsoleApi } from './api-console.ts';
import { addOperationRoutes } from './api-operations.ts';
import { bearerTokens } from './bearer.ts';
import { addDocumentation } from './documentation.ts';
import { addHealthRoutes } from './health.ts';
import { addMetricsRoute, createWebMetrics } from './metrics.ts';
import { nothingHere } from './not-found.ts';
import type { WebServerOptions } from './options.ts';
import { requestErrorOf, sendProblem } from './problem.ts';
import { createRateLimiters } from './rate-limits.ts';
import { addRequestLog } from './request-log.ts';
import { stateOf } from './request-state.ts';
import { routesOf } from './routes.ts';
import { createRunOperation } from './run-operation.ts';
import { securityHeaders } from './security-headers.ts';

/** How long open requests may still take when the server closes. */
const CLOSING_MS = 10_000;

export interface WebServer {
  readonly app: Express;
  /** @throws Error when the address cannot be listened on. */
  listen(): Promise<{ readonly url: string }>;
  /** Stops taking requests, lets those under way end for at most 10 s, and closes every connection. */
  close(): Promise<void>;
}

export function createWebServer(options: WebServerOptions): WebServer {
  let open = true;
  let address = `http://${urlHost(options.host)}:${options.port}`;
  const publicUrl = (): string => options.publicUrl ?? address;
  const app = createApp(options, publicUrl, () => open);
  const server = withTimeouts(createServer(app));
  return {
    app,
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, options.host, () => {
          server.off('error', reject);
          address = `http://${urlHost(options.host)}:${portOf(server)}`;
          resolve({ url: address });
        });
      }),
    close: async () => {
      open = false;
      if (!server.listening) return;
      const ended = new AbortController();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const late = options.clock.sleep(CLOSING_MS, ended.signal).then(() => server.closeAllConnections());
      await Promise.race([closed, late]);
      await closed;
      ended.abort();
    },
  };
}

function createApp(options: WebServerOptions, publicUrl: () => string, isOpen: () => boolean): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', options.trustProxy);
  app.set('query parser', 'simple');
  const metrics = createWebMetrics(options.metrics);
  const limiters = createRateLimiters(metrics.refused);
  addRequestLog(app, options, metrics);
  app.use(securityHeaders(publicUrl().startsWith('https:')));
  app.use(limiters.address);
  app.use(compression());
  app.use(['/api', '/health', '/metrics'], bearerTokens(options.people), limiters.caller, noStore);

  const routes = routesOf(app);
  const run = createRunOperation(options);
  const { version, clock, health: checks } = options;
  addHealthRoutes(routes, { version, clock, checks, takesRequests: isOpen });
  addMetricsRoute(routes, options.metrics);
  addDocumentation(routes, options, publicUrl);
  addOperationRoutes(routes, options, run);
  if (options.console) addConsoleApi(routes, options.console, options.ids);
  routes.close();
  app.use(() => {
    throw nothingHere();
  });
  app.use(answerError(options));
  return app;
}

/** The last step: nothing of the cause leaves but its code and public text; the log gets the rest. */
function answerError({ logger }: WebServerOptions) {
  return (thrown: unknown, req: Request, res: Response, _next: NextFunction): void => {
    const error = requestErrorOf(thrown);
    const { requestId } = stateOf(req);
    if (error.kind === 'bug') logger.error({ requestId, err: error, cause: error.cause }, error.message);
    else logger.debug({ requestId, code: error.code }, error.message);
    if (res.headersSent) {
      res.destroy();
      return;
    }
    sendProblem(res, error, requestId);
  };
}

function noStore(_req: Request, res: Response, next: NextFunction): void {
  res.set('Cache-Control', 'no-store');
  next();
}

/** A slow or silent client holds a connection for so long, and no longer. */
function withTimeouts(server: Server): Server {
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 10_000;
  server.timeout = 120_000;
  server.maxHeadersCount = 100;
  return server;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server listens on no port');
  return address.port;
}

/** An IPv6 address stands in brackets in a URL, and one that means “everywhere” is reached on loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
