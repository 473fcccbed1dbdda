/** Agenda and connect-mongo, unchanged, on the engine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import { MongoStore } from 'connect-mongo';
import type { SessionData } from 'express-session';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../support/engine.ts';

const WAIT = { timeout: 25_000, interval: 50 };

describe('on the engine', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(inject('mongodbUri'));
  });
  afterEach(() => database.drop());

  it('two Agenda processes run each job once, and a killed one is taken over', async () => {
    const agenda = new Agenda({ backend: new MongoBackend({ mongo: database.db, collection: 'jobs' }) });
    await agenda.ready;
    const workers = await Promise.all([startWorker(database), startWorker(database)]);
    try {
      const jobs = Array.from({ length: 40 }, (_, n) => n);
      for (const n of jobs) await agenda.now('count', { n });
      const runs = database.db.collection<{ n: number; pid: number }>('runs');
      await expect.poll(() => runs.countDocuments({}), WAIT).toBe(jobs.length);

      await agenda.now('hang', {});
      const hangs = database.db.collection<{ pid: number }>('hangs');
      await expect.poll(() => hangs.countDocuments({}), WAIT).toBe(1);
      const victim = (await hangs.findOne({}))?.pid ?? 0;
      expect(workers.map((worker) => worker.pid)).toContain(victim);
      process.kill(victim, 'SIGKILL');
      await expect.poll(() => hangs.countDocuments({ pid: { $ne: victim } }), WAIT).toBe(1);

      const ran = await runs.find().toArray();
      expect(ran.map((run) => run.n).sort((a, b) => a - b)).toEqual(jobs);
    } finally {
      for (const worker of workers) worker.kill('SIGKILL');
    }
  });

  it('a session is kept, touched and removed by connect-mongo', async () => {
    const store = MongoStore.create({
      client: database.client,
      dbName: database.name,
      ttl: 60,
      touchAfter: 0,
    });
    const session = { cookie: { originalMaxAge: null }, user: 'asha' } as unknown as SessionData;
    await call((done) => store.set('one', session, done));
    expect(await call((done) => store.get('one', done))).toMatchObject({ user: 'asha' });
    const expires = async (): Promise<Date> =>
      (await database.db.collection('sessions').findOne<{ expires: Date }>({}))?.expires ?? new Date(0);
    const before = await expires();
    await call((done) => store.touch('one', session, done));
    expect((await expires()).getTime()).toBeGreaterThanOrEqual(before.getTime());
    await call((done) => store.destroy('one', done));
    expect(await call((done) => store.get('one', done))).toBeFalsy();
    const indexes = await database.db.collection('sessions').indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { expires: 1 }, expireAfterSeconds: 0 }));
  });
});

function startWorker(database: TestDatabase): Promise<ChildProcess> {
  const script = join(import.meta.dirname, 'agenda-worker.ts');
  const worker = spawn(process.execPath, ['--import', 'tsx', script, database.uri, database.name]);
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('working')) resolve(worker);
    };
    worker.stdout.on('data', listen);
    worker.stderr.on('data', listen);
    worker.once('exit', (code) => reject(new Error(`the worker ended with ${code}: ${said}`)));
  });
}

function call<T>(act: (done: (error: unknown, value?: T) => void) => unknown): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    act((error, value) => {
      if (error) reject(error instanceof Error ? error : new Error(String(error)));
      else resolve(value);
    });
  });
}
