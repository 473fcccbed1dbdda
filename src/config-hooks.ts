// What the environment says of addresses that decisions and alerts are told to.
import * as read from './config-readers.ts';
import { optional, type Variable } from './config-variable.ts';

export const hookVariables = {
  N8N_WEBHOOK_AB_UPDATE: {
    read: optional(read.webUrl),
    preset: undefined,
    written: '',
    meaning: 'Address that is told of every variant switch and roll-back.',
    secret: true,
  },
  N8N_WEBHOOK_SCALE: {
    read: optional(read.webUrl),
    preset: undefined,
    written: '',
    meaning: 'Address of n8n that is told of every capacity decision.',
    secret: true,
  },
  SLACK_WEBHOOK_URL: {
    read: optional(read.webUrl),
    preset: undefined,
    written: '',
    meaning: 'Incoming webhook of a Slack channel: alerts go there too.',
    secret: true,
  },
  DISCORD_WEBHOOK_URL: {
    read: optional(read.webUrl),
    preset: undefined,
    written: '',
    meaning: 'Webhook of a Discord channel: alerts go there too.',
    secret: true,
  },
  TEAMS_WEBHOOK_URL: {
    read: optional(read.webUrl),
    preset: undefined,
    written: '',
    meaning: 'Webhook of a Teams channel (a workflow): alerts go there too.',
    secret: true,
  },
  N8N_WEBHOOK_SECRET: {
    read: optional(read.webhookSecret),
    preset: undefined,
    written: 'made and kept in DATA_DIR on a first start',
    meaning: 'Standard Webhooks secret (whsec_…) that signs what is sent to n8n, and what n8n sends.',
    secret: true,
  },
} as const satisfies Record<string, Variable<never> | Variable<unknown>>;
