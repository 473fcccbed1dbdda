// The only reader of the environment: every variable once, all mistakes reported together, secrets kept apart.
import { readFileSync } from 'node:fs';
import { chatVariables } from './config-chat.ts';
import type { ProcessRole } from './config-readers.ts';
import * as read from './config-readers.ts';
import { optional, text, type Variable } from './config-variable.ts';

/** Everything the environment may say, in the order of the reference page. */
export const variables = {
  PORT: {
    read: read.port,
    preset: 3000,
    written: '3000',
    meaning: 'Port of the web server; 0 takes a free one.',
  },
  HOST: {
    read: text,
    preset: '127.0.0.1',
    written: '127.0.0.1',
    meaning: 'Address the web server listens on.',
  },
  PUBLIC_URL: {
    read: optional(read.publicUrl),
    preset: undefined,
    written: '',
    meaning:
      'The address people use, such as https://ops.example.com. Decides cookie names, Secure and links.',
  },
  TRUST_PROXY: {
    read: read.trustProxy,
    preset: false as const,
    written: 'off',
    meaning: 'Proxies in front: off, a number of hops, or addresses as in Express “trust proxy”.',
  },
  DATA_DIR: {
    read: text,
    preset: '.data',
    written: '.data',
    meaning: 'Folder for keys and the embedded database.',
  },
  MONGODB_URI: {
    read: optional(read.mongodbUri),
    preset: undefined,
    written: '',
    meaning: 'A MongoDB replica set to use instead of the embedded database; a wrong one is an error.',
    secret: true,
  },
  MONGODB_POOL_SIZE: {
    read: read.whole(1, 1000),
    preset: 20,
    written: '20',
    meaning: 'Connections to the database that one process may hold.',
  },
  MONGOD_BINARY: {
    read: optional(),
    preset: undefined,
    written: '',
    meaning: 'A mongod to start in DATA_DIR instead of the embedded engine.',
  },
  ROLES: {
    read: read.rolesOf,
    preset: ['web', 'bots', 'jobs'] as readonly ProcessRole[],
    written: 'web,bots,jobs',
    meaning: 'What this process does; fewer than all three need MONGODB_URI.',
  },
  APP_ENV: {
    read: read.environment,
    preset: 'sandbox' as 'sandbox' | 'production',
    written: 'sandbox',
    meaning: 'sandbox or production; FREE11_ENV is read when this is unset.',
  },
  ALLOW_EMBEDDED_IN_PRODUCTION: {
    read: read.flag,
    preset: false,
    written: 'no',
    meaning: 'Lets the embedded database run with APP_ENV=production.',
  },
  BUSINESS_TIMEZONE: {
    read: read.zone,
    preset: 'Asia/Kolkata',
    written: 'Asia/Kolkata',
    meaning: 'IANA zone that days and times are shown and composed in.',
  },
  LOG_LEVEL: {
    read: read.logLevel,
    preset: 'info',
    written: 'info',
    meaning: 'trace, debug, info, warn, error or silent.',
  },
  SECRET_KEY: {
    read: optional(read.secretKey),
    preset: undefined,
    written: 'made and kept in DATA_DIR on a first start',
    meaning: 'Signs sessions and the audit chain; at least 32 characters. Must be given with MONGODB_URI.',
    secret: true,
  },
  OUTBOUND_ALLOW: {
    read: read.networks,
    preset: [] as readonly string[],
    written: '',
    meaning:
      'Private networks that endpoints set by staff may lead to, such as 10.1.0.0/16,fd00::/8. Others are refused.',
  },
  PROTOCOL_EVERY: {
    read: read.protocolEvery,
    preset: 2 * 60 * 60 * 1000,
    written: '2 hours',
    meaning: 'Length of a protocol slot; divides a day evenly, from 1 minute to 1 day.',
  },
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
  ...chatVariables,
  N8N_WEBHOOK_SECRET: {
    read: optional(read.webhookSecret),
    preset: undefined,
    written: 'made and kept in DATA_DIR on a first start',
    meaning: 'Standard Webhooks secret (whsec_…) that signs what is sent to n8n, and what n8n sends.',
    secret: true,
  },
  RESEND_API_KEY: {
    read: optional(read.apiKey),
    preset: undefined,
    written: '',
    meaning:
      'Key of Resend, which carries the mails; without it they are recorded in email_logs and not sent.',
    secret: true,
  },
  RESEND_FROM_EMAIL: {
    read: optional(read.sender),
    preset: undefined,
    written: '',
    meaning: 'The sender of mails, such as Wardroom <ops@example.com>; must be given with RESEND_API_KEY.',
  },
  RESEND_API_URL: {
    read: read.webUrl,
    preset: 'https://api.resend.com',
    written: 'https://api.resend.com',
    meaning: 'Where Resend’s API is.',
  },
  RESEND_WEBHOOK_SECRET: {
    read: optional(read.webhookSecrets),
    preset: undefined,
    written: '',
    meaning: 'Secret (whsec_…) of Resend’s webhook; two, the newer first, while it is changed.',
    secret: true,
  },
  MAIL_WORDS_DAYS: {
    read: read.whole(1, 3650),
    preset: 90,
    written: '90',
    meaning:
      'Days for which the words of a mail are kept; then its row says only to whom it went and how far it came.',
  },
  ALERT_EMAIL: {
    read: optional(read.mailAddress),
    preset: undefined,
    written: '',
    meaning: 'The address that alerts and test mails go to.',
  },
  EVENTS_WEBHOOK_SECRET: {
    read: optional(read.webhookSecrets),
    preset: undefined,
    written: '',
    meaning:
      'Standard Webhooks secret (whsec_…) of our own clients; two, the newer first, while it is changed.',
    secret: true,
  },
  SENTRY_CLIENT_SECRET: {
    read: optional(read.sharedSecrets),
    preset: undefined,
    written: '',
    meaning: 'Client secret of the Sentry integration; two, the newer first, while it is changed.',
    secret: true,
  },
  RAZORPAY_WEBHOOK_SECRET: {
    read: optional(read.sharedSecrets),
    preset: undefined,
    written: '',
    meaning: 'Secret of the Razorpay webhook; two, the newer first, while it is changed.',
    secret: true,
  },
  TWILIO_AUTH_TOKEN: {
    read: optional(read.sharedSecrets),
    preset: undefined,
    written: '',
    meaning:
      'Auth token of Twilio, which signs its callbacks over PUBLIC_URL; two, the newer first, while it is changed.',
    secret: true,
  },
  GITHUB_WEBHOOK_SECRET: {
    read: optional(read.sharedSecrets),
    preset: undefined,
    written: '',
    meaning: 'Secret of the GitHub webhook; two, the newer first, while it is changed.',
    secret: true,
  },
} as const satisfies Record<string, Variable<never> | Variable<unknown>>;

export type VariableName = keyof typeof variables;

export type Config = {
  readonly [K in VariableName]: ReturnType<(typeof variables)[K]['read']> | (typeof variables)[K]['preset'];
};

/** One mistake in the environment: which variable, what is wrong with it, and how to mend it. */
export interface ConfigMistake {
  readonly variable: string;
  readonly problem: string;
}

export class ConfigError extends Error {
  readonly mistakes: readonly ConfigMistake[];

  constructor(mistakes: readonly ConfigMistake[]) {
    const lines = mistakes.map(({ variable, problem }) => `  ${variable}: ${problem}`);
    super(`The configuration cannot work:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the whole configuration. A value `file:<path>` is read from that file, its last newline cut off.
 * @throws ConfigError naming every mistake at once.
 */
export function readConfig(env: Environment = process.env): Config {
  const mistakes: ConfigMistake[] = [];
  const read = Object.entries(variables).map(([name, variable]) => {
    try {
      const given = givenValue(env, name);
      return [name, given === undefined ? variable.preset : variable.read(given)];
    } catch (error) {
      mistakes.push({ variable: name, problem: error instanceof Error ? error.message : String(error) });
      return [name, variable.preset];
    }
  });
  const config = Object.fromEntries(read) as Config;
  mistakes.push(...contradictions(config));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config;
}

/** The values that must never be seen in a log: what the scrubber is told at the start. */
export function secretsOf(config: Config): readonly string[] {
  return Object.entries(variables).flatMap(([name, variable]) => {
    const value = config[name as VariableName];
    return 'secret' in variable && typeof value === 'string' ? value.split(/\s+/) : [];
  });
}

function givenValue(env: Environment, name: string): string | undefined {
  const given = env[name] ?? (name === 'APP_ENV' ? env['FREE11_ENV'] : undefined);
  if (given === undefined || given.trim() === '') return undefined;
  if (!given.startsWith('file:')) return given.trim();
  try {
    return readFileSync(given.slice('file:'.length), 'utf8').trim();
  } catch (error) {
    throw new Error(`cannot read the file it names (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

/** Mistakes that only show when two variables are read together. */
function contradictions(config: Config): ConfigMistake[] {
  const mistakes: ConfigMistake[] = [];
  const embedded = config.MONGODB_URI === undefined;
  if (!embedded && config.SECRET_KEY === undefined) {
    mistakes.push({
      variable: 'SECRET_KEY',
      problem:
        'must be given with MONGODB_URI, the same for every process; make one with: openssl rand -base64 48',
    });
  }
  if (config.RESEND_API_KEY !== undefined && config.RESEND_FROM_EMAIL === undefined) {
    mistakes.push({
      variable: 'RESEND_FROM_EMAIL',
      problem: 'must be given with RESEND_API_KEY; for example Wardroom <ops@example.com>',
    });
  }
  mistakes.push(...slackMistakes(config));
  if (embedded && config.ROLES.length < 3) {
    mistakes.push({
      variable: 'ROLES',
      problem: `“${config.ROLES.join(',')}” needs MONGODB_URI: the embedded database serves one full process`,
    });
  }
  if (embedded && config.APP_ENV === 'production' && !config.ALLOW_EMBEDDED_IN_PRODUCTION) {
    mistakes.push({
      variable: 'MONGODB_URI',
      problem:
        'is needed with APP_ENV=production: the embedded database has no authentication. ' +
        'Give a replica set, or set ALLOW_EMBEDDED_IN_PRODUCTION=yes on a machine that is yours alone',
    });
  }
  return mistakes;
}

/** Half a Slack app hears nothing or says nothing. */
function slackMistakes(config: Config): ConfigMistake[] {
  const { SLACK_BOT_TOKEN: bot, SLACK_SIGNING_SECRET: signing, SLACK_APP_TOKEN: app } = config;
  if (bot !== undefined && signing === undefined && app === undefined) {
    const problem =
      'must be given with SLACK_BOT_TOKEN (“Basic Information” of the app), or SLACK_APP_TOKEN for Socket Mode';
    return [{ variable: 'SLACK_SIGNING_SECRET', problem }];
  }
  const others = ['SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'SLACK_CHANNEL_ID'] as const;
  const lonely = others.filter((name) => config[name] !== undefined);
  if (bot !== undefined || lonely.length === 0) return [];
  const problem = `must be given with ${lonely.join(' and ')}; for example xoxb-… from “OAuth & Permissions” of the app`;
  return [{ variable: 'SLACK_BOT_TOKEN', problem }];
}
