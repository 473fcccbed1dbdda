// The web server: every request gets an id, headers, limits and a caller, then an answer or a problem document.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import compression from 'compression';
import cookieParser from 'cookie-parser';
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { addConsoleApi } from './api-console.ts';
import { addOperationRoutes } from './api-operations.ts';
import { bearerTokens } from './bearer.ts';
import { addChatDoors } from './chat-door.ts';
import { addConsolePages } from './console-pages.ts';
import { addDocumentation } from './documentation.ts';
import { addDownloads } from './downloads.ts';
import { errorPage, isForMachines, wantsPage } from './error-page.tsx';
import { createFormGuard } from './form-guard.ts';
import { createFrames, type Frames } from './frames.ts';
import { addHealthRoutes } from './health.ts';
import { addIngestDoor } from './ingest-door.ts';
import { addMetricsRoute, createWebMetrics } from './metrics.ts';
import { nothingHere } from './not-found.ts';
import { addOperationForms } from './operation-forms.ts';
import type { WebServerOptions } from './options.ts';
import { addPages } from './page-host.ts';
import { requestErrorOf, sendProblem, setErrorHeaders, statusOf } from './problem.ts';
import { createRateLimiters, rateLimits } from './rate-limits.ts';
import { addRequestLog } from './request-log.ts';
import { stateOf } from './request-state.ts';
import { routesOf } from './routes.ts';
import { createRunOperation } from './run-operation.ts';
import { securityHeaders } from './security-headers.ts';
import { recogniseSession, sessionCookies } from './sessions.ts';
import { addSignIn } from './sign-in.ts';
import { addUnsubscribe } from './unsubscribe.tsx';
import { addWebhookDoor } from './webhook-door.ts';

/** How long open requests may still take when the server closes. */
const CLOSING_MS = 10_000;
const IDLE_LOOK_MS = 20;

export interface WebServer {
  readonly app: Express;
  readonly server: Server;
  /** @throws Error when the address cannot be listened on. */
  listen(): Promise<{ readonly url: string }>;
  /** Answers on, but is not ready any more: a balancer in front sends new requests elsewhere. */
  drain(): void;
  /** Stops taking requests, lets those under way end for at most 10 s, and closes every connection. */
  close(): Promise<void>;
}

export function createWebServer<S>(options: WebServerOptions<S>): WebServer {
  let open = true;
  let address = `http://${urlHost(options.host)}:${options.port}`;
  const publicUrl = (): string => options.publicUrl ?? address;
  const app = createApp(options, publicUrl, () => open);
  const server = withTimeouts(createServer(app));
  server.prependListener('request', (_req, res) => {
    // A connection that is kept alive would keep a closing server waiting for its next request.
    if (!open) res.shouldKeepAlive = false;
  });
  return {
    app,
    server,
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, options.host, () => {
          server.off('error', reject);
          address = `http://${urlHost(options.host)}:${portOf(server)}`;
          resolve({ url: address });
        });
      }),
    drain: () => {
      open = false;
    },
    close: async () => {
      open = false;
      if (!server.listening) return;
      const ended = new AbortController();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      void closeIdle(server, options.clock, ended.signal);
      const late = options.clock.sleep(CLOSING_MS, ended.signal).then(() => server.closeAllConnections());
      await Promise.race([closed, late]);
      await closed;
      ended.abort();
    },
  };
}

/** A connection that was kept alive before the end began falls idle when its request is answered. */
async function closeIdle(server: Server, clock: Clock, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    server.closeIdleConnections();
    await clock.sleep(IDLE_LOOK_MS, ended);
  }
}

function createApp<S>(options: WebServerOptions<S>, publicUrl: () => string, isOpen: () => boolean): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', options.trustProxy);
  app.set('query parser', 'simple');
  const https = publicUrl().startsWith('https:');
  const metrics = createWebMetrics(options.metrics);
  const limiters = createRateLimiters(options.rateLimits ?? rateLimits, options.clock, metrics.refused);
  const guard = createFormGuard(options, https, publicUrl);
  const frames = createFrames(options, guard);
  addRequestLog(app, options, metrics);
  const routes = routesOf(app);
  // Before everything that serves browsers and callers with tokens: a delivery is neither, and comes by the thousand.
  if (options.webhooks)
    addWebhookDoor(routes, { webhooks: options.webhooks, limit: limiters.webhook, publicUrl });
  addChatDoors(routes, options.chatDoors ?? [], limiters.address);
  app.use(securityHeaders(https), limiters.address, compression());
  app.use(['/api', '/health', '/metrics'], bearerTokens(options.people), limiters.caller, noStore);
  for (const step of [
    sessionCookies(options, https),
    cookieParser(),
    recogniseSession(options),
    limiters.caller,
  ])
    app.use(forPeople(step));

  const run = createRunOperation(options);
  const { dispatcher, logger, people, clock, ids, version, health: checks } = options;
  addHealthRoutes(routes, { version, clock, checks, takesRequests: isOpen });
  addMetricsRoute(routes, options.metrics);
  addDocumentation(routes, options, publicUrl);
  addOperationRoutes(routes, options, run);
  if (dispatcher.verbs.has('ingest.rows')) addIngestDoor(routes, run);
  if (options.unsubscribe) addUnsubscribe(routes, { door: options.unsubscribe, frames });
  addSignIn(routes, { people, clock, guard, frames, limiters, publicUrl });
  addOperationForms(routes, { dispatcher, logger, run, guard, frames });
  addDownloads(routes, options, run);
  addPages(routes, options, frames);
  if (options.console) {
    addConsoleApi(routes, options.console, ids);
    addConsolePages(routes, options.console, { ids, guard });
  }
  routes.close();
  app.use(() => {
    throw nothingHere();
  });
  app.use(answerError(logger, frames));
  return app;
}

/** A step for pages only: machines have no session, and their cookies count for nothing. */
function forPeople(step: RequestHandler): RequestHandler {
  return (req, res, next) => (isForMachines(req) ? next() : step(req, res, next));
}

/** The last step: nothing of the cause leaves but its code and public text; the log gets the rest. */
function answerError(logger: Logger, frames: Frames) {
  return (thrown: unknown, req: Request, res: Response, _next: NextFunction): void => {
    const error = requestErrorOf(thrown);
    const { requestId } = stateOf(req);
    if (error.kind === 'bug') logger.error({ requestId, err: error, cause: error.cause }, error.message);
    else logger.debug({ requestId, code: error.code }, error.message);
    if (res.headersSent) {
      res.destroy();
      return;
    }
    if (!wantsPage(req)) {
      sendProblem(res, error, requestId);
      return;
    }
    setErrorHeaders(res, error);
    res
      .status(statusOf(error))
      .type('html')
      .send(errorPage(frames.plain(req, res), error, requestId));
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
