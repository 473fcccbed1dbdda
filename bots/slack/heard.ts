// What Slack told, in our words: Bolt takes a stored body apart, one catch-all listener for each kind.
import { App, type Receiver } from '@slack/bolt';
import { z } from 'zod';
import type { Logger } from '../../src/core/logger.ts';
import { type Fields, slackLogger } from './api.ts';
import {
  commandBody,
  type entered,
  eventBody,
  type FormMemory,
  formMemory,
  type interaction,
  pressBody,
  shortcutBody,
  viewBody,
} from './shapes.ts';

interface Origin {
  readonly user: string;
  /** The workspace of whoever acted: another one in a shared channel. */
  readonly team: string;
  readonly channel: string;
  readonly thread?: string;
  /** For a moment only: lets a form be opened. */
  readonly trigger?: string;
  /** For half an hour: takes answers where the app is no member. */
  readonly answerUrl?: string;
  /** How the account calls itself, where Slack says it. */
  readonly name?: string;
}

/** The values of a form by field, as they were entered. */
export type Values = Readonly<Record<string, string>>;

export type Heard = Origin &
  (
    | { readonly kind: 'said'; readonly text: string; readonly ts: string; readonly shared: boolean }
    | { readonly kind: 'command'; readonly command: string; readonly text: string }
    | { readonly kind: 'pressed'; readonly button: string }
    | { readonly kind: 'sent'; readonly form: string; readonly values: Values }
    | { readonly kind: 'shortcut'; readonly callback: string; readonly text: string }
  );

export interface Listener {
  /** What the body tells; null for what nobody listens to, such as the app's own messages. */
  hear(body: unknown): Promise<Heard | null>;
}

/** @param me the app's own accounts, by which Bolt knows what it said itself. */
export function createListener(options: {
  readonly me: () => Promise<{ readonly botId: string; readonly botUser: string }>;
  readonly logger: Logger;
}): Listener {
  const heard = new WeakMap<object, Heard>();
  const receiver: Receiver = { init: () => undefined, start: async () => {}, stop: async () => {} };
  const app = new App({
    receiver,
    convoStore: false,
    logger: slackLogger(options.logger),
    authorize: async () => {
      const { botId, botUser } = await options.me();
      return { botId, botUserId: botUser };
    },
  });
  const keep = (body: object, what: Heard | null): void => {
    if (what) heard.set(body, what);
  };
  app.event(/.*/, async ({ body }) => keep(body, saidIn(body)));
  app.command(/.*/, async ({ body }) => keep(body, commandIn(body)));
  app.action(/.*/, async ({ body }) => keep(body, pressIn(body)));
  app.view(/.*/, async ({ body }) => keep(body, sentIn(body)));
  app.shortcut(/.*/, async ({ body }) => keep(body, shortcutIn(body)));

  return {
    async hear(body) {
      if (typeof body !== 'object' || body === null) return null;
      const own = { ...body };
      await app.processEvent({ body: own, ack: async () => {} });
      return heard.get(own) ?? null;
    },
  };
}

/** A line that a person wrote; what was edited, deleted, joined, forwarded or said by a bot is none. */
export function saidIn(body: unknown): Heard | null {
  const read = eventBody.safeParse(body);
  if (!read.success) return null;
  const { event, is_ext_shared_channel: shared = false, team_id: team } = read.data;
  if (!isLine(event)) return null;
  const { user: who, channel, ts, text, thread_ts: thread } = event;
  const origin = { user: who, team: event.user_team ?? event.team ?? team, channel };
  return { kind: 'said', ...origin, ...(thread === undefined ? {} : { thread }), text, ts, shared };
}

const LINES = new Set([undefined, 'file_share', 'thread_broadcast']);
const LINE_EVENTS = new Set(['message', 'app_mention']);

function isLine(event: Fields): boolean {
  const { type, subtype, bot_id: bot, edited, attachments } = event;
  const kind = typeof subtype === 'string' ? subtype : undefined;
  const isForwarded =
    Array.isArray(attachments) && attachments.some((one: unknown) => isShare.safeParse(one).success);
  const isOurs = bot === undefined && edited === undefined && !isForwarded;
  return LINE_EVENTS.has(String(type)) && LINES.has(kind) && isOurs;
}

const isShare = z.looseObject({ is_share: z.literal(true) });

function commandIn(body: unknown): Heard | null {
  const read = commandBody.safeParse(body);
  if (!read.success) return null;
  const {
    command,
    text,
    user_id,
    user_name: name,
    team_id: team,
    channel_id: channel,
    trigger_id,
  } = read.data;
  const { response_url: answerUrl } = read.data;
  const origin = { user: user_id, team, channel, trigger: trigger_id, ...given({ name, answerUrl }) };
  return { kind: 'command', ...origin, command, text };
}

function pressIn(body: unknown): Heard | null {
  const read = pressBody.safeParse(body);
  const button = read.data?.actions[0]?.value;
  const origin = read.success ? originOf(read.data) : null;
  return origin && button !== undefined ? { kind: 'pressed', ...origin, button } : null;
}

function shortcutIn(body: unknown): Heard | null {
  const read = shortcutBody.safeParse(body);
  const origin = read.success ? originOf(read.data) : null;
  if (!read.success || !origin) return null;
  return {
    kind: 'shortcut',
    ...origin,
    callback: read.data.callback_id,
    text: read.data.message?.text ?? '',
  };
}

export function sentIn(body: unknown): Heard | null {
  const read = viewBody.safeParse(body);
  if (!read.success) return null;
  const { view } = read.data;
  const memory = memoryOf(view.private_metadata);
  if (!memory) return null;
  const { form, channel, thread } = memory;
  const origin = originOf({ ...read.data, channel: { id: channel } });
  const values = Object.entries(view.state.values).map(([field, inputs]): [string, string] => [
    field,
    Object.values(inputs).map(enteredIn).join(', '),
  ]);
  if (!origin) return null;
  return { kind: 'sent', ...origin, ...given({ thread }), form, values: Object.fromEntries(values) };
}

function enteredIn({
  value,
  selected_option: one,
  selected_options: many,
}: z.output<typeof entered>): string {
  return value ?? one?.value ?? (many ?? []).map((option) => option.value).join(', ');
}

function memoryOf(text: string): FormMemory | null {
  try {
    return formMemory.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function originOf(body: z.output<typeof interaction>): Origin | null {
  const { user: who, team, trigger_id: trigger, response_url: answerUrl, container, message: on } = body;
  const channel = body.channel?.id ?? container?.channel_id;
  const from = who.team_id ?? team?.id;
  if (channel === undefined || from === undefined) return null;
  const thread = container?.thread_ts ?? on?.thread_ts;
  const name = who.name ?? who.username;
  return { user: who.id, team: from, channel, ...given({ trigger, answerUrl, thread, name }) };
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends Readonly<Record<string, string | undefined>>>(fields: T): Given<T> {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Given<T>;
}
