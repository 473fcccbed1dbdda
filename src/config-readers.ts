// How each kind of configuration value is read: a reader returns the value, or throws what is wrong and how to mend it.
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { parseDuration } from './core/duration.ts';
import { isMailAddress } from './core/mail.ts';
import { readNetwork } from './core/outbound-address.ts';

export type ProcessRole = 'web' | 'bots' | 'jobs';

function judged<T>(schema: z.ZodType<T, string>, wanted: string): (value: string) => T {
  return (value) => {
    const result = schema.safeParse(value);
    if (!result.success) throw new Error(`“${value.slice(0, 80)}” is not ${wanted}`);
    return result.data;
  };
}

export function whole(min: number, max: number): (value: string) => number {
  const schema = z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max));
  return judged(schema, `a whole number from ${min} to ${max}`);
}

export function port(value: string): number {
  return whole(0, 65_535)(value);
}

export function flag(value: string): boolean {
  return judged(z.stringbool(), 'yes or no')(value);
}

export function zone(value: string): string {
  if (!IANAZone.isValidZone(value))
    throw new Error(`“${value}” is not a time zone; for example Asia/Kolkata`);
  return value;
}

export function environment(value: string): 'sandbox' | 'production' {
  return judged(z.enum(['sandbox', 'production']), 'sandbox or production')(value);
}

export function logLevel(value: string): string {
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
  return judged(z.enum(levels), levels.join(', '))(value);
}

export function rolesOf(value: string): readonly ProcessRole[] {
  const roles = value.split(',').map((role) => role.trim());
  return roles.map((role) => judged(z.enum(['web', 'bots', 'jobs']), 'one of web, bots, jobs')(role));
}

export function webUrl(value: string): string {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') {
    throw new Error('is not a web address; for example https://n8n.example.com/webhook/ab-update');
  }
  return value;
}

function prefixed(prefix: string, what: string): (value: string) => string {
  return (value) => {
    if (!new RegExp(`^${prefix}\\S+$`).test(value))
      throw new Error(`is not ${what}: it begins with ${prefix}`);
    return value;
  };
}

export const slackBotToken = prefixed('xoxb-', 'the bot token of a Slack app');
export const slackAppToken = prefixed('xapp-', 'an app-level token of Slack');

export function slackChannel(value: string): string {
  if (!/^[CG][A-Z0-9]{3,20}$/.test(value))
    throw new Error(
      `“${value}” is not the id of a Slack channel; it looks like C0123ABCD, under “About” of the channel`,
    );
  return value;
}

export function networks(value: string): readonly string[] {
  return value.split(',').map((network) => readNetwork(network.trim()));
}

export function publicUrl(value: string): string {
  return new URL(webUrl(value)).origin;
}

export function mongodbUri(value: string): string {
  if (!/^mongodb(\+srv)?:\/\/[^/]+/.test(value)) {
    throw new Error(
      'is not a MongoDB address; for example mongodb://db.example.com:27017/wardroom?replicaSet=rs0',
    );
  }
  return value;
}

export function secretKey(value: string): string {
  if (value.length < 32) throw new Error(`is ${value.length} characters long; give at least 32`);
  return value;
}

export function webhookSecret(value: string): string {
  const body = value.startsWith('whsec_')
    ? Buffer.from(value.slice('whsec_'.length), 'base64')
    : Buffer.alloc(0);
  if (body.length < 24 || body.length > 64)
    throw new Error('is not whsec_ followed by 24 to 64 bytes in base64');
  return value;
}

/** One Standard Webhooks secret, or two with a space between. */
export function webhookSecrets(value: string): string {
  for (const secret of oneOrTwo(value)) webhookSecret(secret);
  return value;
}

/** One secret that another system made, or two with a space between. */
export function sharedSecrets(value: string): string {
  for (const secret of oneOrTwo(value)) {
    if (secret.length < 16)
      throw new Error(`holds a secret of ${secret.length} characters; give at least 16`);
  }
  return value;
}

function oneOrTwo(value: string): readonly string[] {
  const secrets = value.split(/\s+/);
  if (secrets.length > 2)
    throw new Error(`holds ${secrets.length} secrets; give one, or two with a space between`);
  return secrets;
}

export function mailAddress(value: string): string {
  if (!isMailAddress(value)) throw new Error('is not one mail address; for example ops@example.com');
  return value;
}

/** An address alone, or a name with the address in angle brackets. */
export function sender(value: string): string {
  const [, name = '', bracketed] = /^([^<>\p{Cc}"]{0,100}?)\s*<([^<>]+)>$/u.exec(value) ?? [];
  const address = bracketed ?? value;
  if (!isMailAddress(address) || name.includes(','))
    throw new Error('is not a sender; for example Wardroom <ops@example.com>');
  return value;
}

/** A key that goes into a header: printable, and nothing in between. */
export function apiKey(value: string): string {
  if (!/^[\x21-\x7e]{6,200}$/.test(value))
    throw new Error('is not a key of 6 to 200 characters without spaces');
  return value;
}

export function trustProxy(value: string): false | number | string {
  if (/^\d+$/.test(value)) return Number(value);
  const switched = z.stringbool().safeParse(value);
  if (switched.success) {
    if (switched.data)
      throw new Error('“yes” would trust anybody; give the number of proxies or their addresses');
    return false;
  }
  return value;
}

export function protocolEvery(value: string): number {
  const everyMs = parseDuration(value);
  const dayMs = 24 * 60 * 60 * 1000;
  if (everyMs === undefined || everyMs < 60_000 || everyMs > dayMs || dayMs % everyMs !== 0) {
    throw new Error(
      `“${value}” is not a length from 1 minute to 1 day that divides a day; for example 2 hours`,
    );
  }
  return everyMs;
}

export function telegramToken(value: string): string {
  if (!/^\d+:\S+$/.test(value))
    throw new Error('is no bot token; @BotFather gives one such as 123456789:AAE…');
  return value;
}

export function telegramChat(value: string): string {
  if (!/^(-?\d+|@\w{4,})$/.test(value))
    throw new Error(`“${value.slice(0, 80)}” is no chat; a group has a number such as -1001234567890`);
  return value;
}

export function telegramSecret(value: string): string {
  if (!/^[\w-]{1,256}$/.test(value))
    throw new Error(
      'holds other characters than letters, digits, _ and -; make one with: openssl rand -hex 32',
    );
  return value;
}

export function telegramMode(value: string): 'auto' | 'polling' | 'webhook' {
  return judged(z.enum(['auto', 'polling', 'webhook']), 'auto, polling or webhook')(value);
}
