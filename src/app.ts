// The composition root: createApp(config, ports) gives a program that starts and stops, in a process or in a test.
import { timingSafeEqual } from 'node:crypto';
import { userInfo } from 'node:os';
import { Registry } from 'prom-client';
import { watchJob } from '../jobs/alerts.ts';
import { createScheduler, type Scheduler } from '../jobs/scheduler.ts';
import { allDefinitions } from '../models/all.ts';
import { createMongoStore } from '../models/mongo-store.ts';
import { requestKeys } from '../models/request-key.ts';
import { type Config, ConfigError } from './config.ts';
import type { Principal } from './core/actor.ts';
import { DEFAULT_TENANT } from './core/tenant.ts';
import { type DataDir, forget, openDataDir, writeSecret } from './data-dir.ts';
import { type OpenDatabase, openDatabase } from './database.ts';
import { pages } from './features.ts';
import { healthChecks } from './health-checks.ts';
import type { HealthCheck } from './http/options.ts';
import { createWebServer, type WebServer } from './http/server.ts';
import { createSessionStore } from './http/session-store.ts';
import { checkSecretKey } from './key-check.ts';
import { startMetrics } from './metrics.ts';
import { createProgram, type Ports, type Program } from './program.ts';
import { version } from './version.ts';

export interface Started {
  /** Where the web server listens; null when this process has no such role. */
  readonly url: string | null;
  readonly database: Pick<OpenDatabase, 'kind' | 'where' | 'uri' | 'lost'>;
  readonly program: Program;
  /** The first owner's link; null once there is an owner. */
  readonly ownerLink: string | null;
  readonly nextRunAt: Date;
}

export interface App {
  /** @throws ConfigError, AppError `database.unavailable` or `database.owned`; what was opened is closed again. */
  start(): Promise<Started>;
  /** Stops taking work, finishes or hands back what runs, and closes everything; safe to call at any time. */
  stop(): Promise<void>;
}

const DRAIN_MS = 6000;

export function createApp(config: Config, ports: Ports): App {
  const { clock, ids, logger } = ports;
  const closers: (() => Promise<void>)[] = [];
  let stopped: Promise<void> | undefined;

  async function start(): Promise<Started> {
    try {
      return await open();
    } catch (error) {
      await stop();
      throw error;
    }
  }

  async function open(): Promise<Started> {
    const dataDir = openDataDir(config, ids);
    const database = await openDatabase({ config, dataDir, logger });
    closers.push(database.close);
    await database.database.ensureIndexes(allDefinitions);
    const store = createMongoStore(database.database.connection);
    await checkSecretKey(store, dataDir.keys.secretKey);
    let url: string | null = null;
    const publicUrl = (): string => config.PUBLIC_URL ?? url ?? `http://${config.HOST}:${config.PORT}`;
    const working = new AbortController();
    const work = createKick(() => program.services.protocol.tick(working.signal), ports);
    const program = createProgram({
      ...ports,
      config,
      keys: dataDir.keys,
      store,
      publicUrl,
      // Elsewhere the beat of a process with jobs finds the run.
      startWork: config.ROLES.includes('jobs') ? work.kick : () => undefined,
    });
    closers.push(async () => {
      working.abort();
      await work.idle();
    });
    let checks: readonly HealthCheck[] = [];
    const scheduler = await startRoles(database, program, () => checks);
    const { webhooks } = program.services;
    const { outbox } = program;
    checks = [
      ...healthChecks({
        database: database.database,
        outbox,
        webhooks,
        facts: program.facts.seen,
        scheduler,
        clock,
      }),
      ...(config.ROLES.includes('bots') ? program.chat.health : []),
    ];
    if (config.ROLES.includes('web')) url = await startWeb(dataDir, database, program, checks);
    if (config.ROLES.includes('jobs')) work.kick();
    const link = await program.services.people.ensureOwnerLink();
    const { nextAt } = await program.services.protocol.status(DEFAULT_TENANT, clock.now());
    return { url, database, program, ownerLink: link?.url ?? null, nextRunAt: nextAt };
  }

  /** @param checks what the watch asks, which is known once everything runs. */
  async function startRoles(
    { database }: OpenDatabase,
    program: Program,
    checks: () => readonly HealthCheck[],
  ): Promise<Scheduler | null> {
    for (const worker of program.workers) {
      worker.start();
      closers.push(worker.stop);
    }
    const connected = database.connection.db;
    if (!config.ROLES.includes('jobs') || !connected) return null;
    const { jobEnded, watch } = program.alerting;
    const jobs = [...program.jobs, watchJob(() => watch(checks()))];
    const scheduler = createScheduler({ database: connected, jobs, logger, ended: jobEnded });
    closers.push(() => scheduler.stop(DRAIN_MS));
    await scheduler.start();
    return scheduler;
  }

  async function startWeb(
    dataDir: DataDir,
    open: OpenDatabase,
    program: Program,
    health: readonly HealthCheck[],
  ): Promise<string> {
    const { connection } = open.database;
    const metrics = new Registry();
    const { webhooks } = program.services;
    closers.push(
      startMetrics(metrics, { outbox: program.outbox, webhooks, facts: program.facts.seen, logger }),
    );
    const web: WebServer = createWebServer({
      host: config.HOST,
      port: config.PORT,
      publicUrl: config.PUBLIC_URL,
      trustProxy: config.TRUST_PROXY,
      secretKey: dataDir.keys.secretKey,
      environment: config.APP_ENV,
      zone: config.BUSINESS_TIMEZONE,
      version,
      clock,
      ids,
      logger,
      metrics,
      pages,
      dispatcher: program.dispatcher,
      services: program.services,
      auditDirectly: program.services.audit.recordDirectly,
      people: withTerminal(program, dataDir.keys.chatToken, config.BUSINESS_TIMEZONE),
      console: program.services.console,
      webhooks,
      unsubscribe: program.unsubscribe,
      chatDoors: program.chat.doors(),
      requestKeys: createMongoStore(connection).records(requestKeys),
      sessionStore: createSessionStore(connection.getClient(), connection.name),
      health,
    });
    const { url } = await listen(web);
    closers.push(async () => {
      web.drain();
      await web.close();
    });
    writeSecret(dataDir.urlFile, url);
    closers.push(async () => forget(dataDir.urlFile));
    return url;
  }

  /** @throws ConfigError naming the variable when the address cannot be had. */
  async function listen(web: WebServer): Promise<{ readonly url: string }> {
    try {
      return await web.listen();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      const at = `${config.HOST}:${config.PORT}`;
      if (code === 'EADDRINUSE')
        throw new ConfigError([
          { variable: 'PORT', problem: `another program listens on ${at}; choose a free port` },
        ]);
      if (code === 'EACCES')
        throw new ConfigError([
          { variable: 'PORT', problem: `this user may not listen on ${at}; choose a port above 1023` },
        ]);
      if (code === 'EADDRNOTAVAIL')
        throw new ConfigError([{ variable: 'HOST', problem: `this machine has no address ${config.HOST}` }]);
      throw error;
    }
  }

  /** Closes in the reverse order of opening: doors first, the database last. */
  function stop(): Promise<void> {
    stopped ??= (async () => {
      for (const close of closers.reverse()) {
        await close().catch((error: unknown) =>
          logger.error({ err: error }, 'a part did not close in order'),
        );
      }
    })();
    return stopped;
  }

  return { start, stop };
}

/** Runs the work in the background, at most once at a time; a kick during it makes it run once more. */
function createKick(work: () => Promise<void>, { logger }: Ports) {
  let running: Promise<void> | undefined;
  let again = false;
  const loop = async (): Promise<void> => {
    do {
      again = false;
      await work().catch((error: unknown) => logger.error({ err: error }, 'the protocol could not work'));
    } while (again);
    running = undefined;
  };
  return {
    kick: (): void => {
      if (running !== undefined) again = true;
      else running = loop();
    },
    idle: async (): Promise<void> => {
      await running;
    },
  };
}

/** The people of the program, and the terminal chat of this machine, which acts as its operator. */
function withTerminal({ services: { people } }: Program, chatToken: string, zone: string) {
  const known = Buffer.from(chatToken);
  const operator: Principal = {
    tenant: DEFAULT_TENANT,
    actor: { kind: 'cli', id: `cli:${userInfo().username}`, name: userInfo().username, role: 'owner' },
    zone,
    language: 'en',
  };
  return {
    ...people,
    authenticateToken: async (text: string): Promise<Principal | null> => {
      const given = Buffer.from(text);
      if (given.length === known.length && timingSafeEqual(given, known)) return operator;
      return people.authenticateToken(text);
    },
  };
}
