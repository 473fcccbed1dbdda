// A Slack of one's own over real HTTP: people say, press and submit; the app answers within Slack's limits.
import type { AddressInfo } from 'node:net';
import { type AppDoor, createAppDoor, type Delivered, type Delivery } from './app-door.ts';
import { createFaults, createRateLimits, type Faults } from './faults.ts';
import { isJson, type Json, listOf, textOf } from './json.ts';
import type { World } from './methods.ts';
import { refusal, replaceView } from './methods-views.ts';
import * as payloads from './payloads.ts';
import { createSockets, type Sockets } from './sockets.ts';
import { createTriggers } from './triggers.ts';
import { type ApiCall, createWebApi } from './web-api.ts';
import {
  createWorkspace,
  type OpenView,
  type SlackChannel,
  type SlackMessage,
  type SlackUser,
  type Workspace,
} from './workspace.ts';

export interface SlackFakeOptions {
  /** 0 takes a free port. */
  readonly port?: number;
  readonly nowMs?: () => number;
  readonly tokens?: { readonly bot: string; readonly app: string };
  readonly signingSecret?: string;
  /** How long an uploaded file is looked at before a message may show it. */
  readonly fileReadyAfterMs?: number;
  /** Waits before the repeats of an event; none at all unless told, so that tests need not wait. */
  readonly retryDelaysMs?: readonly number[];
}

export interface Said {
  /** Absent for a slash command, which leaves no message. */
  readonly message?: SlackMessage;
  readonly delivered: readonly Delivered[];
}

export interface SlackFake {
  /** `http://127.0.0.1:PORT/api/`, for SLACK_API_URL. */
  readonly apiUrl: string;
  readonly tokens: { readonly bot: string; readonly app: string };
  readonly signingSecret: string;
  readonly workspace: Workspace;
  readonly faults: Faults;
  readonly sockets: Sockets;
  /** Every call of the app, oldest first. */
  readonly calls: readonly ApiCall[];
  readonly app: AppDoor;
  /** Where the app takes requests; undefined means Socket Mode. */
  setAppUrl(url: string | undefined): void;
  revokeToken(): void;
  /** A line in a channel: a slash command when it begins with `/`, else a message and, if any, a mention. */
  says(user: SlackUser, channel: SlackChannel, text: string, options?: SayOptions): Promise<Said>;
  /** A slash command that reaches the app when its trigger has passed. */
  staleCommand(said: {
    readonly user: SlackUser;
    readonly channel: SlackChannel;
    readonly text: string;
  }): Promise<Delivered>;
  edits(message: SlackMessage, text: string): Promise<Delivered>;
  /** Presses the button of that label on the newest message of the channel that this person sees with it. */
  presses(user: SlackUser, channel: SlackChannel, label: string): Promise<Delivered>;
  pressesOn(user: SlackUser, message: SlackMessage, label: string): Promise<Delivered>;
  shortcut(user: SlackUser, callbackId: string, message?: SlackMessage): Promise<Delivered>;
  /** The form this person has open, the newest. */
  viewOf(user: SlackUser): OpenView | undefined;
  /** Sends a form in; an answer of errors leaves it open. */
  submits(user: SlackUser, values: Readonly<Record<string, string | readonly string[]>>): Promise<Delivered>;
  asksOptions(user: SlackUser, blockId: string, value: string): Promise<Delivered>;
  verifiesUrl(): Promise<Delivered>;
  /** What this person sees in a channel, oldest first. */
  seenBy(user: SlackUser, channel: SlackChannel): readonly SlackMessage[];
  close(): Promise<void>;
}

export interface SayOptions {
  readonly thread?: SlackMessage;
  /** Shares somebody else's words: not said by this person. */
  readonly forwarded?: boolean;
}

export async function startSlackFake(options: SlackFakeOptions = {}): Promise<SlackFake> {
  const nowMs = options.nowMs ?? ((): number => Date.now());
  const tokens = options.tokens ?? { bot: 'xoxb-fake-bot', app: 'xapp-fake-app' };
  const signingSecret = options.signingSecret ?? 'fake-signing-secret-0123456789ab';
  const workspace = createWorkspace(nowMs);
  const triggers = createTriggers(nowMs, workspace.team.id);
  const faults = createFaults();
  const calls: ApiCall[] = [];
  const revoked = new Set<string>();
  let origin = '';
  let appUrl: string | undefined;
  const world: World = {
    workspace,
    triggers,
    nowMs,
    origin: () => origin,
    fileReadyAfterMs: options.fileReadyAfterMs ?? 0,
    socketUrl: () => origin.replace('http', 'ws') + sockets.ticket(),
  };
  const limits = createRateLimits(nowMs);
  const server = createWebApi({ world, tokens, faults, limits, calls, revoked });
  const sockets = createSockets(server);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const retryDelaysMs = options.retryDelaysMs ?? [];
  const app = createAppDoor({ signingSecret, nowMs, sockets, url: () => appUrl, retryDelaysMs });

  return {
    apiUrl: `${origin}/api/`,
    tokens,
    signingSecret,
    workspace,
    faults,
    sockets,
    calls,
    app,
    setAppUrl(url) {
      appUrl = url;
    },
    revokeToken: () => revoked.add(tokens.bot),
    ...actsOf({ workspace, triggers, origin: () => origin, nowMs }, app),
    async close() {
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Acts = Pick<
  SlackFake,
  | 'says'
  | 'staleCommand'
  | 'edits'
  | 'presses'
  | 'pressesOn'
  | 'shortcut'
  | 'viewOf'
  | 'submits'
  | 'asksOptions'
  | 'verifiesUrl'
  | 'seenBy'
>;

/** What people do in the workspace, and what of it the app is told. */
function actsOf(sender: payloads.Sender, app: AppDoor): Acts {
  const { workspace, nowMs } = sender;
  const tell = (kind: Delivery['kind'], payload: Json): Promise<Delivered> => app.deliver({ kind, payload });
  const event = (what: Json, channel: SlackChannel): Promise<Delivered> =>
    tell('event', payloads.eventPayload(sender, what, channel.shared));

  function seenBy(user: SlackUser, channel: SlackChannel): readonly SlackMessage[] {
    return workspace.messagesIn(channel.id).filter(({ onlyFor }) => onlyFor === null || onlyFor === user.id);
  }

  async function say(user: SlackUser, channel: SlackChannel, text: string, how: SayOptions): Promise<Said> {
    const message: SlackMessage = {
      ts: workspace.freshTs(),
      channel: channel.id,
      user: user.id,
      byBot: user.id === workspace.bot.id,
      text,
      blocks: [],
      threadTs: how.thread ? (how.thread.threadTs ?? how.thread.ts) : null,
      onlyFor: null,
      metadata: null,
      edits: 0,
      atMs: nowMs(),
    };
    workspace.messages.push(message);
    if (!channel.members.has(workspace.bot.id)) return { message, delivered: [] };
    const share = how.forwarded
      ? { attachments: [{ is_share: true, text, author_id: user.id }], text: '' }
      : {};
    const events = [{ ...payloads.messageEvent(message, user, channel), ...share }];
    // What somebody else wrote mentions nobody when it is passed on.
    const isMention = !how.forwarded && channel.kind !== 'im' && text.includes(`<@${workspace.bot.id}>`);
    if (isMention) events.push(payloads.mentionEvent(message, user, channel));
    return { message, delivered: await Promise.all(events.map((what) => event(what, channel))) };
  }

  async function pressesOn(user: SlackUser, message: SlackMessage, label: string): Promise<Delivered> {
    const button = buttonOf(message, label);
    if (!button) throw new Error(`no button “${label}” on the message ${message.ts}`);
    return tell('interaction', payloads.pressPayload(sender, user, message, button));
  }

  const viewOf = (user: SlackUser): OpenView | undefined =>
    [...workspace.views.values()].findLast((open) => open.user === user.id);
  const openView = (user: SlackUser): OpenView => {
    const open = viewOf(user);
    if (!open) throw new Error(`${user.name} has no form open`);
    return open;
  };

  return {
    seenBy,
    viewOf,
    pressesOn,
    async says(user, channel, text, how = {}) {
      if (!text.startsWith('/')) return say(user, channel, text, how);
      if (how.thread) throw new Error('Slack takes no slash commands in threads');
      return { delivered: [await tell('command', payloads.commandForm(sender, { user, channel, text }))] };
    },
    staleCommand(said) {
      const form = payloads.commandForm(sender, said);
      sender.triggers.age(form['trigger_id'] ?? '');
      return tell('command', form);
    },
    edits(message, text) {
      const user = workspace.users.get(message.user);
      const channel = workspace.channels.get(message.channel);
      if (!user || !channel) throw new Error('a message of nobody, nowhere');
      message.text = text;
      message.edits += 1;
      return event(payloads.editEvent(message, user, channel, workspace.freshTs()), channel);
    },
    presses(user, channel, label) {
      const message = seenBy(user, channel).findLast((one) => buttonOf(one, label) !== null);
      if (!message) throw new Error(`no message with a button “${label}” in ${channel.name || channel.id}`);
      return pressesOn(user, message, label);
    },
    shortcut: (user, callbackId, message) =>
      tell('interaction', payloads.shortcutPayload(sender, user, callbackId, message ?? null)),
    async submits(user, values) {
      const open = openView(user);
      const delivered = await tell('interaction', payloads.submissionPayload(sender, user, open, values));
      settleView(sender, open, delivered);
      return delivered;
    },
    asksOptions(user, blockId, value) {
      const open = openView(user);
      const block = listOf(open.view['blocks']).find((one) => isJson(one) && one['block_id'] === blockId);
      const element = isJson(block) && isJson(block['element']) ? block['element'] : {};
      const asked = { blockId, actionId: textOf(element['action_id']), value };
      return tell('interaction', payloads.suggestionPayload(sender, user, open, asked));
    },
    verifiesUrl: () => tell('event', { token: 'x', challenge: 'prove-it', type: 'url_verification' }),
  };
}

/** An empty answer closes the form; `update` and `push` put another in its place; errors leave it. */
function settleView(
  { workspace, ...rest }: payloads.Sender,
  open: OpenView,
  { status, answer }: Delivered,
): void {
  if (status !== 200) return;
  const action = isJson(answer) ? textOf(answer['response_action']) : '';
  if (action === 'errors') return;
  if (action === 'update' || action === 'push') {
    const world = { workspace, ...rest, fileReadyAfterMs: 0, socketUrl: () => '' };
    const view = isJson(answer) ? answer['view'] : undefined;
    const refused = refusal(world, view);
    if (refused) throw new Error(`Slack refuses the view: ${JSON.stringify(refused)}`);
    replaceView(world, open, view);
    return;
  }
  workspace.views.delete(open.id);
}

function buttonOf(message: SlackMessage, label: string): { element: Json; blockId: string } | null {
  for (const [n, block] of message.blocks.entries()) {
    const elements = [...listOf(block['elements']), block['accessory']].filter(isJson);
    const element = elements.find(
      ({ type, text }) => type === 'button' && isJson(text) && text['text'] === label,
    );
    if (element) return { element, blockId: textOf(block['block_id']) || `b${n}` };
  }
  return null;
}

/** A message's words in reading order: of its blocks, or its text where it has none. */
export function visibleText(message: Pick<SlackMessage, 'text' | 'blocks'>): string {
  const words = message.blocks.flatMap(wordsOf);
  return words.length === 0 ? message.text : words.join('\n');
}

function wordsOf(block: Json): readonly string[] {
  const texts = [block['text'], block['title'], ...listOf(block['fields']), ...listOf(block['elements'])];
  const own = block['type'] === 'image' ? [textOf(block['alt_text'])] : [];
  return [
    ...own,
    ...texts.filter(isJson).flatMap((one) => {
      if (one['type'] === 'button') return [];
      return [textOf(one['text'])];
    }),
  ];
}

/** The labels of a message's buttons. */
export function buttonsOf(message: SlackMessage): readonly string[] {
  return message.blocks
    .flatMap((block) => listOf(block['elements']))
    .filter(isJson)
    .filter((element) => element['type'] === 'button')
    .map((element) => (isJson(element['text']) ? textOf(element['text']['text']) : ''));
}
