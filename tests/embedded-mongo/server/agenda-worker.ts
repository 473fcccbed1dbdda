/** One worker process for the Agenda test: `agenda-worker <uri> <database>`. */
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda, type Job } from 'agenda';
import { MongoClient } from 'mongodb';

const LOCK_LIFETIME_MS = 1500;

const [uri = '', databaseName = ''] = process.argv.slice(2);
const client = await MongoClient.connect(uri);
const db = client.db(databaseName);
const agenda = new Agenda({
  backend: new MongoBackend({ mongo: db, collection: 'jobs' }),
  processEvery: 100,
  defaultLockLifetime: LOCK_LIFETIME_MS,
  maxConcurrency: 4,
});
const runs = db.collection('runs');

async function count(job: Job<{ n: number }>): Promise<void> {
  await runs.insertOne({ n: job.attrs.data.n, pid: process.pid });
}

async function hang(): Promise<void> {
  const earlier = await db.collection('hangs').countDocuments({});
  await db.collection('hangs').insertOne({ pid: process.pid });
  if (earlier === 0) await new Promise(() => undefined);
}

agenda.define('count', count);
agenda.define('hang', hang);
await agenda.start();
process.stdout.write('working\n');
