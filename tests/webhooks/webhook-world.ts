// Inbound webhooks behind a real web server on a free port, over a store of the test's choice.

import { emailLogs } from '../../models/email-log.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { razorpayPlans } from '../../models/razorpay-plan.ts';
import type { Store } from '../../models/store.ts';
import { streamFacts } from '../../models/stream-fact.ts';
import { streamReceipts } from '../../models/stream-receipt.ts';
import { streamRejects } from '../../models/stream-reject.ts';
import { suppressions } from '../../models/suppression.ts';
import { webhookCounts } from '../../models/webhook-count.ts';
import { webhookEndpoints } from '../../models/webhook-endpoint.ts';
import { webhookInbox } from '../../models/webhook-inbox.ts';
import { createIds } from '../../src/core/ids.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import type { WebhookScheme } from '../../src/core/webhook-source.ts';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import type { RateLimits } from '../../src/http/rate-limits.ts';
import { createWebhookWork, type WebhookWork } from '../../src/webhook-work.ts';
import { ingestionWorld } from '../support/ingestion-world.ts';
import { mailOver } from '../support/mail-service.ts';
import { type Answer, ask, type SetClock, setClock, type WebWorld, webWorld } from '../support/web-world.ts';

export const webhookDefinitions = [
  emailLogs,
  razorpayPlans,
  streamFacts,
  streamReceipts,
  streamRejects,
  suppressions,
  webhookCounts,
  webhookEndpoints,
  webhookInbox,
];

const standardSecret = (fill: number): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;

export const secrets = {
  events: standardSecret(1),
  n8n: standardSecret(2),
  sentry: 'sentry-client-secret-of-64-hex-digits',
  github: 'a-github-secret-that-is-long-enough',
  resend: standardSecret(3),
  razorpay: 'a-razorpay-secret-0123456789',
  twilio: 'a-twilio-auth-token-0123456789ab',
} as const;

const variables: Readonly<Record<string, string>> = {
  EVENTS_WEBHOOK_SECRET: secrets.events,
  N8N_WEBHOOK_SECRET: secrets.n8n,
  SENTRY_CLIENT_SECRET: secrets.sentry,
  GITHUB_WEBHOOK_SECRET: secrets.github,
  RAZORPAY_WEBHOOK_SECRET: secrets.razorpay,
  RESEND_WEBHOOK_SECRET: secrets.resend,
  TWILIO_AUTH_TOKEN: secrets.twilio,
};

export interface WebhookWorld extends WebhookWork {
  readonly facts: ReturnType<typeof ingestionWorld>;
  readonly store: Store;
  readonly web: WebWorld;
  readonly url: string;
  readonly clock: SetClock;
  readonly logs: string[];
  /** Posts bytes as they are. */
  post(path: string, body: Buffer | string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Posts what the sender of that source would, signed now under this id. */
  deliver(source: keyof typeof secrets, payload: unknown, id?: string): Promise<Answer>;
  /** Works until nothing is due. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const schemeOf: Readonly<Record<keyof typeof secrets, WebhookScheme>> = {
  events: 'standard',
  n8n: 'standard',
  sentry: 'sentry',
  github: 'github',
  resend: 'svix',
  razorpay: 'razorpay',
  twilio: 'twilio',
};

export async function webhookWorld(
  options: {
    readonly store?: Store;
    readonly unset?: readonly string[];
    readonly random?: () => number;
    readonly rateLimits?: RateLimits;
    /** Keeps no logs. */
    readonly quiet?: boolean;
  } = {},
): Promise<WebhookWorld> {
  const { store = createMemoryStore(), unset = [], random = () => 0.5, rateLimits, quiet = false } = options;
  const clock = setClock();
  const facts = ingestionWorld(store, clock);
  const logs: string[] = [];
  const sink = { write: (line: string) => void logs.push(line) };
  const logger = createLogger({ level: quiet ? 'silent' : 'debug', sink, scrub: createScrubber() });
  const work = createWebhookWork({
    store,
    clock,
    ids: createIds(),
    random,
    logger,
    publicUrl: () => 'http://127.0.0.1',
    secretKey: 'a secret key of thirty-two characters',
    zone: 'Asia/Kolkata',
    worker: 'worker-1',
    mail: mailOver(store),
    ingestion: facts.ingestion,
    secretOf: (variable) => (unset.includes(variable) ? undefined : variables[variable]),
  });
  const web = await webWorld({ webhooks: work.webhooks, clock, logger, ...(rateLimits && { rateLimits }) });
  let sent = 0;

  const post: WebhookWorld['post'] = (path, body, headers = {}) =>
    ask(web.url + path, { method: 'POST', body, headers });

  return {
    ...work,
    facts,
    store,
    web,
    clock,
    logs,
    post,
    url: web.url,
    deliver: (source, payload, id = `msg_${++sent}`) => {
      const body = Buffer.from(JSON.stringify(payload));
      const secret = secrets[source];
      const scheme = schemes[schemeOf[source]];
      const plain = `${web.url}/webhooks/${source}`;
      const url = scheme.addressOf?.(plain, body) ?? plain;
      return post(url.slice(web.url.length), body, scheme.sign({ id, at: clock.now(), body, url, secret }));
    },
    settle: async () => {
      while (await work.webhooks.work());
      await work.webhooks.flush();
    },
    close: () => web.close(),
  };
}

export const incident = (key: string, type = 'incident.opened', at = '2026-11-02T09:29:00Z') => ({
  type,
  at,
  data: { key, title: `Incident ${key}` },
});
