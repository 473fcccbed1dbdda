// The places that the operator named in the environment, by the name under which messages are sent there.
import type { EndpointKind } from '../models/webhook-subscription.ts';
import type { Config } from './config.ts';
import type { Hook } from './outbox/hook-channel.ts';

const named = {
  slack: { kind: 'slack', variable: 'SLACK_WEBHOOK_URL' },
  discord: { kind: 'discord', variable: 'DISCORD_WEBHOOK_URL' },
  teams: { kind: 'teams', variable: 'TEAMS_WEBHOOK_URL' },
  'n8n-scale': { kind: 'n8n', variable: 'N8N_WEBHOOK_SCALE' },
} as const satisfies Record<string, { kind: EndpointKind; variable: keyof Config }>;

type HookConfig = Pick<Config, (typeof named)[keyof typeof named]['variable']>;

export interface OperatorHook extends Hook {
  /** What follows `hook:` in a destination. */
  readonly name: string;
  readonly variable: string;
}

/** Those that are set. @param n8nSecret signs what goes to n8n. */
export function operatorHooks(config: HookConfig, n8nSecret: string): readonly OperatorHook[] {
  return Object.entries(named).flatMap(([name, { kind, variable }]) => {
    const url = config[variable];
    if (url === undefined) return [];
    return [{ name, kind, variable, url, secrets: kind === 'n8n' ? [n8nSecret] : [] }];
  });
}
