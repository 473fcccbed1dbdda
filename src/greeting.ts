// What a start says to the person who started it: the database, the doors, the sign-in link, and what comes next.
import { DateTime } from 'luxon';
import type { Started } from './app.ts';
import type { Config } from './config.ts';
import { version } from './version.ts';

/** About a dozen lines of plain text. */
export function greeting(config: Config, started: Started): string {
  const { database, url, ownerLink, nextRunAt } = started;
  const next = DateTime.fromJSDate(nextRunAt, { zone: config.BUSINESS_TIMEZONE }).toFormat('HH:mm');
  return [
    `Wardroom ${version} (${config.APP_ENV})`,
    `  database   ${database.kind} at ${database.where}`,
    ...(database.kind === 'embedded database'
      ? ['             no authentication, for one machine; MONGODB_URI moves to a replica set']
      : []),
    `  web        ${url ?? 'off in this process: add web to ROLES'}`,
    ...(url ? [`  console    ${url}/console, or: npm run chat`] : []),
    ...cookieLine(config, url),
    `  slack      ${slackWords(config)}`,
    `  telegram   ${telegramWords(config)}`,
    `  protocol   next run at ${next} ${config.BUSINESS_TIMEZONE}`,
    `  switches   ${config.N8N_WEBHOOK_AB_UPDATE ? 'are sent to N8N_WEBHOOK_AB_UPDATE' : 'are not sent on: set N8N_WEBHOOK_AB_UPDATE'}`,
    ...(ownerLink
      ? [
          `  sign in    ${ownerLink}`,
          '             opens the room for its first owner, once, within 24 hours',
        ]
      : []),
    '  docs       README.md, docs/, and /api/documentation',
  ].join('\n');
}

/** Doors of chat connect by themselves and say in /health how they stand: no start waits for them. */
function slackWords({ SLACK_BOT_TOKEN, SLACK_APP_TOKEN, PUBLIC_URL }: Config): string {
  if (SLACK_BOT_TOKEN === undefined) return 'is not set up: npm run fakes tries it without a token';
  if (SLACK_APP_TOKEN !== undefined) return 'over Socket Mode';
  return `is heard at ${PUBLIC_URL ?? '<your https address>'}/slack/events`;
}

function telegramWords({ TELEGRAM_BOT_TOKEN, TELEGRAM_MODE, PUBLIC_URL }: Config): string {
  if (TELEGRAM_BOT_TOKEN === undefined) return 'is not set up: npm run fakes tries it without a token';
  const isWebhook =
    TELEGRAM_MODE === 'webhook' || (TELEGRAM_MODE === 'auto' && PUBLIC_URL?.startsWith('https:') === true);
  return isWebhook ? `is heard at ${PUBLIC_URL ?? ''}/telegram/webhook` : 'is asked for updates (polling)';
}

function cookieLine(config: Config, url: string | null): string[] {
  if (!url || config.PUBLIC_URL?.startsWith('https:')) return [];
  return ['  cookies    plain, for http on this machine; an https PUBLIC_URL makes them secure'];
}
