// What Slack sends to an app, built from the world: events, commands, presses, forms and shortcuts.
import { isJson, type Json, listOf, textOf } from './json.ts';
import { viewJson } from './methods-views.ts';
import type { Triggers } from './triggers.ts';
import type { OpenView, SlackChannel, SlackMessage, SlackUser, Workspace } from './workspace.ts';

export interface Sender {
  readonly workspace: Workspace;
  readonly triggers: Triggers;
  readonly origin: () => string;
  readonly nowMs: () => number;
}

const APP_ID = 'A0WARDROOM';

export function eventPayload({ workspace, nowMs }: Sender, event: Json, shared = false): Json {
  return {
    token: 'deprecated',
    team_id: workspace.team.id,
    context_team_id: workspace.team.id,
    api_app_id: APP_ID,
    event,
    type: 'event_callback',
    event_id: workspace.freshId('Ev'),
    event_time: Math.floor(nowMs() / 1_000),
    is_ext_shared_channel: shared,
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.team.id,
        user_id: workspace.bot.id,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
  };
}

const channelTypes = { public: 'channel', private: 'group', im: 'im' } as const;

export function messageEvent(message: SlackMessage, user: SlackUser, channel: SlackChannel): Json {
  return {
    type: 'message',
    ...(user.kind === 'bot' ? { bot_id: `B${user.id.slice(1)}` } : {}),
    user: user.id,
    team: user.team,
    ts: message.ts,
    client_msg_id: `client-${message.ts}`,
    text: message.text,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    channel: channel.id,
    event_ts: message.ts,
    channel_type: channelTypes[channel.kind],
  };
}

export function mentionEvent(message: SlackMessage, user: SlackUser, channel: SlackChannel): Json {
  const { channel_type: _, ...event } = messageEvent(message, user, channel);
  return { ...event, type: 'app_mention' };
}

export function editEvent(message: SlackMessage, user: SlackUser, channel: SlackChannel, ts: string): Json {
  const edited = { user: user.id, ts };
  return {
    type: 'message',
    subtype: 'message_changed',
    message: { ...messageEvent(message, user, channel), edited },
    previous_message: messageEvent(message, user, channel),
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: channelTypes[channel.kind],
  };
}

export function commandForm(
  { workspace, triggers, origin }: Sender,
  said: { readonly user: SlackUser; readonly channel: SlackChannel; readonly text: string },
): Readonly<Record<string, string>> {
  const [command = '', ...rest] = said.text.split(' ');
  const { user, channel } = said;
  const place = { channel: channel.id, user: user.id, threadTs: null, messageTs: null };
  return {
    token: 'deprecated',
    team_id: user.team,
    team_domain: workspace.team.domain,
    channel_id: channel.id,
    channel_name: channel.kind === 'im' ? 'directmessage' : channel.name,
    user_id: user.id,
    user_name: user.name.toLowerCase(),
    command,
    text: rest.join(' ').trim(),
    api_app_id: APP_ID,
    is_enterprise_install: 'false',
    response_url: origin() + triggers.responsePath(place),
    trigger_id: triggers.trigger(user.id),
  };
}

/** The part of an interaction that says who, where and when. */
function interaction(sender: Sender, user: SlackUser): Json {
  const { workspace, triggers } = sender;
  return {
    user: { id: user.id, username: user.name.toLowerCase(), name: user.name, team_id: user.team },
    api_app_id: APP_ID,
    token: 'deprecated',
    team: { id: workspace.team.id, domain: workspace.team.domain },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: triggers.trigger(user.id),
  };
}

function messageJson(message: SlackMessage): Json {
  const { ts, user, text, blocks, threadTs } = message;
  return {
    type: 'message',
    user,
    ts,
    text,
    blocks,
    ...(message.byBot ? { bot_id: `B${user.slice(1)}` } : {}),
    ...(threadTs === null ? {} : { thread_ts: threadTs }),
  };
}

export function pressPayload(
  sender: Sender,
  user: SlackUser,
  message: SlackMessage,
  button: { readonly element: Json; readonly blockId: string },
): Json {
  const { workspace, triggers, origin } = sender;
  const channel = workspace.channels.get(message.channel);
  const isEphemeral = message.onlyFor !== null;
  const { ts: messageTs, threadTs, channel: channelId } = message;
  const place = { channel: channelId, user: user.id, threadTs, messageTs };
  return {
    type: 'block_actions',
    ...interaction(sender, user),
    container: {
      type: 'message',
      message_ts: messageTs,
      channel_id: channelId,
      is_ephemeral: isEphemeral,
      ...(threadTs === null ? {} : { thread_ts: threadTs }),
    },
    channel: { id: channelId, name: channel?.kind === 'im' ? 'directmessage' : (channel?.name ?? '') },
    ...(isEphemeral ? {} : { message: messageJson(message) }),
    response_url: origin() + triggers.responsePath(place),
    actions: [{ ...button.element, block_id: button.blockId, action_ts: workspace.freshTs() }],
  };
}

export function shortcutPayload(
  sender: Sender,
  user: SlackUser,
  callbackId: string,
  message: SlackMessage | null,
): Json {
  const { workspace, triggers, origin } = sender;
  const base = { ...interaction(sender, user), callback_id: callbackId, action_ts: workspace.freshTs() };
  if (!message) return { type: 'shortcut', ...base };
  const { channel, threadTs, ts } = message;
  const place = { channel, user: user.id, threadTs, messageTs: ts };
  return {
    type: 'message_action',
    ...base,
    channel: { id: channel, name: workspace.channels.get(channel)?.name ?? '' },
    message_ts: ts,
    message: messageJson(message),
    response_url: origin() + triggers.responsePath(place),
  };
}

export function submissionPayload(
  sender: Sender,
  user: SlackUser,
  open: OpenView,
  values: Readonly<Record<string, string | readonly string[]>>,
): Json {
  const inputs = listOf(open.view['blocks'])
    .filter(isJson)
    .filter((block) => block['type'] === 'input');
  const state = Object.fromEntries(
    inputs.map((block) => {
      const blockId = textOf(block['block_id']);
      const element = isJson(block['element']) ? block['element'] : {};
      const given = values[blockId];
      return [blockId, { [textOf(element['action_id'])]: stateOf(element, given) }];
    }),
  );
  return {
    type: 'view_submission',
    ...interaction(sender, user),
    view: { ...viewJson(open), state: { values: state }, team_id: sender.workspace.team.id },
    response_urls: [],
  };
}

/** What a person entered, as Slack hands it in; what the form began with where they left it alone. */
function stateOf(element: Json, given: string | readonly string[] | undefined): Json {
  const type = textOf(element['type']);
  const options = listOf(element['options']).filter(isJson);
  const chosen = (value: string): Json | null => options.find((option) => option['value'] === value) ?? null;
  if (type === 'static_select' || type === 'radio_buttons') {
    const initial = isJson(element['initial_option']) ? element['initial_option'] : null;
    return { type, selected_option: typeof given === 'string' ? chosen(given) : initial };
  }
  if (type === 'external_select') {
    const label = { type: 'plain_text', text: String(given) };
    return { type, selected_option: given === undefined ? null : { text: label, value: given } };
  }
  if (type === 'checkboxes' || type === 'multi_static_select') {
    const wanted = typeof given === 'string' ? [given] : (given ?? []);
    return { type, selected_options: wanted.map(chosen).filter((option) => option !== null) };
  }
  if (type === 'datepicker') return { type, selected_date: given ?? element['initial_date'] ?? null };
  if (type === 'timepicker') return { type, selected_time: given ?? element['initial_time'] ?? null };
  return { type, value: given ?? element['initial_value'] ?? null };
}

export function suggestionPayload(
  sender: Sender,
  user: SlackUser,
  open: OpenView,
  asked: { readonly blockId: string; readonly actionId: string; readonly value: string },
): Json {
  const { trigger_id: _, ...who } = interaction(sender, user);
  return {
    type: 'block_suggestion',
    ...who,
    action_id: asked.actionId,
    block_id: asked.blockId,
    value: asked.value,
    view: viewJson(open),
    container: { type: 'view', view_id: open.id },
  };
}
