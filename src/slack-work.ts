// Slack over one store: its parts with what they ask of the registry, its loops, and what /health says of it.
import type { Update } from '../bots/adapter.ts';
import { createLease } from '../bots/lease.ts';
import type { Intake, Questions } from '../bots/slack/intake.ts';
import { homeRoom, placeOf } from '../bots/slack/places.ts';
import { createSlackPlatform, type SlackPlatform } from '../bots/slack/platform.ts';
import type { Forms } from '../bots/slack/read.ts';
import { createSocketDoor, type SocketDoor } from '../bots/slack/socket.ts';
import { leases } from '../models/lease.ts';
import { slackSends } from '../models/slack-send.ts';
import type { ChatPlatform, ChatWorkOptions } from './chat-work.ts';
import type { Config } from './config.ts';
import { digestOf } from './core/canonical.ts';
import { fieldsOf } from './core/fields.ts';
import { DEFAULT_TENANT } from './core/tenant.ts';
import type { HealthCheck } from './http/options.ts';
import { postSigned } from './outbox/signed-post.ts';

const ANSWER_TIMEOUT_MS = 10_000;

/** The rooms that announcements go to in Slack: the channel that the operator named, if any. */
export function slackRooms({ SLACK_BOT_TOKEN, SLACK_CHANNEL_ID }: Config): readonly string[] {
  return SLACK_BOT_TOKEN === undefined || SLACK_CHANNEL_ID === undefined ? [] : [homeRoom(SLACK_CHANNEL_ID)];
}

/** Null where no bot token is given. */
export function createSlackWork(options: ChatWorkOptions): ChatPlatform | null {
  const { config, store, clock, logger, identities, rooms, actions, breathe, publicUrl } = options;
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signing, SLACK_CHANNEL_ID: homeChannel } = config;
  if (botToken === undefined) return null;
  const platform = createSlackPlatform({
    botToken,
    signingSecrets: signing?.split(/\s+/) ?? [],
    apiUrl: config.SLACK_API_URL,
    homeChannel,
    tenant: DEFAULT_TENANT,
    actions,
    sends: store.records(slackSends),
    accounts: identities,
    isBound: rooms.isBound,
    verbNames: verbNamesOf(options),
    questions: questionsTo(options),
    post: (url, body) => postSigned({ url, body, headers: {}, timeoutMs: ANSWER_TIMEOUT_MS }),
    publicUrl,
    breathe,
    clock,
    logger,
  });
  let socket: SocketDoor | null = null;
  let stopping = new AbortController();
  let loops: Promise<unknown> = Promise.resolve();
  return {
    adapter: platform.adapter,
    channel: platform.channel,
    health: [healthOf(platform, () => socket)],
    placeOf: async (_tenant, room) => placeOf(room),
    connect(inbox) {
      const { door, intake } = platform.connect(inbox);
      socket = socketOf(options, intake);
      return door ? [door] : [];
    },
    start() {
      stopping = new AbortController();
      const { signal } = stopping;
      loops = Promise.all([platform.keepWatch(signal), socket?.run(signal)]);
    },
    async stop() {
      stopping.abort();
      await loops;
    },
  };
}

/** The words that a command of its own may be: the first word of a verb, or another name of it. */
function verbNamesOf({ dispatcher }: ChatWorkOptions): () => ReadonlySet<string> {
  let names: ReadonlySet<string> | undefined;
  return () => {
    names ??= new Set(
      [...dispatcher().verbs.values()].flatMap((verb) =>
        [verb.name, ...(verb.chat.aliases ?? [])].map((name) => name.split(/[. ]/, 1)[0] ?? ''),
      ),
    );
    return names;
  };
}

function questionsTo(options: ChatWorkOptions): Questions & Forms {
  const { registry, dispatcher, conversations, actions, clock } = options;
  return {
    formAhead: (principal, content) => registry().formAhead(principal, content),
    formProblems: (principal, form, values) => registry().formProblems(principal, form, values),
    async choicesOf(principal, form, field) {
      const action = await actions.seen(principal, form);
      const verb = action ? dispatcher().verbs.get(action.operation) : undefined;
      return (verb && fieldsOf(verb.input).find(({ name }) => name === field)?.choices) ?? [];
    },
    async isAsked(principal, spot) {
      const content = { kind: 'text' as const, text: '' };
      const update: Update = { ...spot, id: '', door: 'slack', principal, content, receivedAt: clock.now() };
      return (await conversations.current(update)) !== null;
    },
  };
}

/** Null where updates come to an address. */
function socketOf(options: ChatWorkOptions, intake: Intake): SocketDoor | null {
  const { config, store, clock, logger, worker: holder } = options;
  const { SLACK_APP_TOKEN: appToken, SLACK_API_URL: apiUrl } = config;
  if (appToken === undefined) return null;
  const name = `slack:${digestOf(appToken).slice(0, 16)}`;
  const lease = createLease({ leases: store.records(leases), tenant: DEFAULT_TENANT, name, holder, clock });
  return createSocketDoor({ appToken, apiUrl, intake, lease, clock, logger });
}

/** Slack is never needed to serve: what cannot be sent waits. */
function healthOf(platform: SlackPlatform, socket: () => SocketDoor | null): HealthCheck {
  return {
    name: 'slack:connection',
    componentType: 'component',
    read: async () => {
      const state = platform.state();
      const door = socket()?.state() ?? 'webhook';
      if (state.kind === 'up' && door === 'connecting')
        return { status: 'warn', output: 'Socket Mode is not connected.' };
      if (state.kind === 'up') return { status: 'pass', observedValue: door };
      const output = state.kind === 'starting' ? 'Slack has not answered yet.' : state.problem;
      return { status: 'warn', output };
    },
  };
}
