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

function cookieLine(config: Config, url: string | null): string[] {
  if (!url || config.PUBLIC_URL?.startsWith('https:')) return [];
  return ['  cookies    plain, for http on this machine; an https PUBLIC_URL makes them secure'];
}
