// The process of the bench that has the product's door: the real web server and inbox over a database, with or without its work.
import { allDefinitions } from '../../models/all.ts';
import { connectDatabase } from '../../models/connection.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createIds, systemRandom } from '../../src/core/ids.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { rateLimits } from '../../src/http/rate-limits.ts';
import { createIngestionWork } from '../../src/ingestion-work.ts';
import { createWebhookWork } from '../../src/webhook-work.ts';
import { testCtx } from '../support/context.ts';
import { webWorld } from '../support/web-world.ts';

export interface BenchDoor {
  readonly uri: string;
  /** Of the source `events`, and of `shop`, whose bodies become transactions. */
  readonly secret: string;
  /** Whether what comes in is worked on and folded; else the door alone is there. */
  readonly works: boolean;
}

async function serve({ uri, secret, works }: BenchDoor): Promise<void> {
  const clock = systemClock;
  const logger = createLogger({ level: 'error', sink: process.stderr, scrub: createScrubber() });
  const database = await connectDatabase({ uri });
  await database.ensureIndexes(allDefinitions);
  const store = createMongoStore(database.connection);
  const shared = { store, clock, logger, ids: createIds(), zone: 'Asia/Kolkata', worker: 'bench' };
  const facts = createIngestionWork(shared);
  const work = createWebhookWork({
    ...shared,
    // No event of the bench is about mail.
    mail: null as never,
    ingestion: facts.ingestion,
    random: systemRandom,
    publicUrl: () => 'http://127.0.0.1',
    secretKey: 'a secret key of thirty-two characters',
    secretOf: (variable) => (variable === 'EVENTS_WEBHOOK_SECRET' ? secret : undefined),
  });
  if (works) {
    const setUp = (effectKey: string) => testCtx({ effectKey, now: clock.now() });
    await work.webhooks.add(setUp('add'), { name: 'shop', scheme: 'standard', secret });
    const fields = ['id=id', 'at=at', 'amountPaise=paise', 'source=from'];
    await work.webhooks.map(setUp('map'), 'shop', { to: 'transactions', fields, words: [], each: null });
    work.start();
    facts.start();
  }
  const roomy = { limit: 1_000_000_000, windowMs: 60_000 };
  const limits = { ...rateLimits, address: roomy, webhook: roomy };
  const web = await webWorld({ webhooks: work.webhooks, clock, logger, rateLimits: limits });
  process.stdout.write(`${web.url}\n`);
}

const [given] = process.argv.slice(2);
if (given?.startsWith('{')) await serve(JSON.parse(given) as BenchDoor);
