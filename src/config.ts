// The only reader of the environment: every variable once, all mistakes reported together, secrets kept apart.
import { readFileSync } from 'node:fs';
import { chatVariables } from './config-chat.ts';
import { hookVariables } from './config-hooks.ts';
import { mailVariables } from './config-mail.ts';
import { programVariables } from './config-program.ts';
import { sourceVariables } from './config-sources.ts';
import type { Variable } from './config-variable.ts';

/** Everything the environment may say, in the order of the reference page. */
export const variables = {
  ...programVariables,
  ...hookVariables,
  ...chatVariables,
  ...mailVariables,
  ...sourceVariables,
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
