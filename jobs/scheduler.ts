// The alarm clock: Agenda rings the jobs of this program over any number of processes; what they do is fenced elsewhere.
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import type { Logger } from '../src/core/logger.ts';
import { outsideTenants } from '../src/core/tenant.ts';
import type { Job } from './job.ts';

export interface JobHealth {
  readonly name: string;
  readonly lastRunAt: Date | null;
  readonly nextRunAt: Date | null;
  readonly lastError: string | null;
}

export interface Scheduler {
  start(): Promise<void>;
  /** Lets what runs finish for up to `drainMs`, then stops. */
  stop(drainMs: number): Promise<void>;
  health(): Promise<readonly JobHealth[]>;
}

type AgendaDatabase = Extract<ConstructorParameters<typeof MongoBackend>[0], { mongo: unknown }>['mongo'];

const LOCK_LIFETIME_MS = 2 * 60_000;

/** A scheduler on the collection `jobs`. A job that throws is logged and rings again at its next beat. */
export function createScheduler(options: {
  readonly database: AgendaDatabase;
  readonly jobs: readonly Job[];
  readonly logger: Logger;
  /** Told after every beat of a job: null when it went well. */
  readonly ended?: (job: Job, failure: Error | null) => Promise<void>;
}): Scheduler {
  const { jobs, logger, ended = async () => undefined } = options;
  const backend = new MongoBackend({ mongo: options.database, collection: 'jobs' });
  const agenda = new Agenda({ backend, processEvery: 1000, defaultLockLifetime: LOCK_LIFETIME_MS });
  const stopping = new AbortController();
  agenda.on('error', (error: unknown) => logger.error({ err: error }, 'job scheduler error'));

  /** Whoever is told may fail with the same fault: the beat itself must not depend on it. */
  const told = (job: Job, failure: Error | null): Promise<void> =>
    ended(job, failure).catch((error: unknown) =>
      logger.error({ err: error, job: job.name }, 'the end of a job could not be told'),
    );

  /** Rings one job; what it throws is logged here, and Agenda keeps it as the job's last failure. */
  const ringer = (job: Job) => async (): Promise<void> => {
    if (stopping.signal.aborted) return;
    try {
      await job.run(stopping.signal);
    } catch (error) {
      logger.error({ err: error, job: job.name }, 'job failed');
      await told(job, error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
    await told(job, null);
  };

  return {
    async start() {
      for (const job of jobs) agenda.define(job.name, ringer(job), { concurrency: 1 });
      // Handlers inherit the context in which the scheduler was started: it must be nobody's tenant.
      await outsideTenants(() => agenda.start());
      for (const job of jobs)
        await agenda.every(job.every, job.name, undefined, { skipImmediate: job.misfire === 'skip' });
      logger.info({ jobs: jobs.map((job) => job.name) }, `scheduler started with ${jobs.length} jobs`);
    },
    async stop(drainMs) {
      stopping.abort();
      await agenda.drain(drainMs);
      await agenda.stop(false);
    },
    async health() {
      const found = await agenda.queryJobs();
      return found.jobs.map(({ name, lastRunAt, nextRunAt, failReason }) => ({
        name,
        lastRunAt: lastRunAt ?? null,
        nextRunAt: nextRunAt ?? null,
        lastError: failReason ?? null,
      }));
    },
  };
}
