// The webhook sources that tell of incidents and deploys.
import type { WebhookSource } from '../../core/webhook-source.ts';
import { eventsTarget } from './events.ts';
import { githubSource } from './github.ts';
import { sentrySource } from './sentry.ts';
import type { Operational } from './service.ts';

export const operationalSources: readonly WebhookSource<{ readonly operational: Operational }>[] = [
  sentrySource,
  githubSource,
];

/** What bodies of a foreign shape may be mapped to here. */
export const operationalTarget = eventsTarget;
