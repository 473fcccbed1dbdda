// The operator's own webhook for switches of experiments: where it is as a destination, and the channel that posts there.
import type { Config } from './config.ts';
import type { Channel } from './core/channel.ts';
import { createWebhookChannel } from './outbox/webhook-channel.ts';
import type { ProgramOptions } from './program.ts';

const ENDPOINT = 'n8n-ab-update';

/** Null when the environment names none. */
export function switchHookOf({ N8N_WEBHOOK_AB_UPDATE: url }: Config): string | null {
  return url === undefined ? null : `webhook:${ENDPOINT}`;
}

export function createSwitchChannel({
  config,
  keys,
  clock,
}: Pick<ProgramOptions, 'config' | 'keys' | 'clock'>): Channel {
  const { N8N_WEBHOOK_AB_UPDATE: url } = config;
  const endpoints = url === undefined ? {} : { [ENDPOINT]: { url, secret: keys.n8nSecret } };
  return createWebhookChannel({ endpoints, clock });
}
