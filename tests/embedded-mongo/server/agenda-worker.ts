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

agenda.define('count', async (job: Job<{ n: number }>) => {
  await runs.insertOne({ n: job.attrs.data.n, pid: process.pid });
});
agenda.define('hang', async () => {
  const earlier = await db.collection('hangs').countDocuments({});
  await db.collection('hangs').insertOne({ pid: process.pid });
  if (earlier === 0) await new Promise(() => undefined);
});
await agenda.start();
process.stdout.write('working\n');
