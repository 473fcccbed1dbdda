// One process of the webhook crash test: the door, the inbox and its worker over the database, until it is killed.
import { allDefinitions } from '../../models/all.ts';
import { connectDatabase } from '../../models/connection.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createIds, systemRandom } from '../../src/core/ids.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { rateLimits } from '../../src/http/rate-limits.ts';
import { createWebhookWork } from '../../src/webhook-work.ts';
import { wrapStore } from '../simulation/wrap-store.ts';
import { ingestionWorld } from '../support/ingestion-world.ts';
import { webWorld } from '../support/web-world.ts';
import { type Mortality, mortal, told } from './worker-process.ts';

export interface WebhookLife extends Mortality {
  readonly uri: string;
  readonly name: string;
  readonly secret: string;
  /** How far this life's clock is ahead: the leases of those before it are over. */
  readonly aheadMs: number;
  /** The first life makes the indexes; the others find them. */
  readonly makesIndexes: boolean;
}

async function live(life: WebhookLife): Promise<void> {
  const now = (): Date => new Date(systemClock.now().getTime() + life.aheadMs);
  const clock: Clock = { ...systemClock, now };
  const scrub = createScrubber();
  const logger = createLogger({ level: 'fatal', sink: { write: () => undefined }, scrub });
  const database = await connectDatabase({ uri: life.uri });
  if (life.makesIndexes) await database.ensureIndexes(allDefinitions);
  const store = wrapStore(createMongoStore(database.connection), mortal(life));
  const work = createWebhookWork({
    store,
    // No event of this test is about mail, and its templates would be half of every start.
    mail: null as never,
    ingestion: ingestionWorld(store, clock).ingestion,
    clock,
    logger,
    ids: createIds(),
    random: systemRandom,
    publicUrl: () => 'http://127.0.0.1',
    secretKey: 'a secret key of thirty-two characters',
    zone: 'UTC',
    worker: life.name,
    secretOf: (variable) => (variable === 'EVENTS_WEBHOOK_SECRET' ? life.secret : undefined),
  });
  const roomy = { limit: 1_000_000_000, windowMs: 60_000 };
  const limits = { ...rateLimits, address: roomy, webhook: roomy };
  const web = await webWorld({ webhooks: work.webhooks, clock, logger, rateLimits: limits });
  process.stdout.write(`${web.url}\n`);
  await told();
  work.start();
  process.once('SIGTERM', () => {
    void web
      .close()
      .then(work.stop)
      .then(() => database.close());
  });
}

const [given] = process.argv.slice(2);
if (given?.startsWith('{')) await live(JSON.parse(given) as WebhookLife);
