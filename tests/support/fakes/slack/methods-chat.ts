// Messages over the Web API: posted, shown to one person, edited and deleted, within Slack's limits.
import { refuseBlocks } from './block-limits.ts';
import { isJson, type Json, listOf, textOf } from './json.ts';
import type { Answer, Method, World } from './methods.ts';
import type { SlackChannel, SlackMessage } from './workspace.ts';

const LONGEST_TEXT = 40_000;

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': (world, given) => post(world, given, null),
  'chat.postEphemeral': (world, given) => {
    const user = textOf(given['user']);
    const channel = world.workspace.channels.get(textOf(given['channel']));
    if (channel && !channel.members.has(user)) return { error: 'user_not_in_channel' };
    return post(world, given, user);
  },
  'chat.update': (world, given) => {
    const found = ownMessage(world, given);
    if ('error' in found) return found;
    const refused = refuseContent(world, given);
    if (refused) return refused;
    found.text = textOf(given['text']);
    found.blocks = listOf(given['blocks']).filter(isJson);
    found.edits += 1;
    return { channel: found.channel, ts: found.ts, text: found.text };
  },
  'chat.delete': (world, given) => {
    const found = ownMessage(world, given);
    if ('error' in found) return found;
    world.workspace.messages.splice(world.workspace.messages.indexOf(found), 1);
    return { channel: found.channel, ts: found.ts };
  },
};

function post(world: World, given: Json, onlyFor: string | null): Answer {
  const { workspace, nowMs } = world;
  const channel = channelOf(world, textOf(given['channel']));
  if ('error' in channel) return channel;
  const refused = refuseContent(world, given) ?? refuseThread(world, channel, given['thread_ts']);
  if (refused) return refused;
  const message: SlackMessage = {
    ts: workspace.freshTs(),
    channel: channel.id,
    user: workspace.bot.id,
    byBot: true,
    text: textOf(given['text']),
    blocks: listOf(given['blocks']).filter(isJson),
    threadTs: textOf(given['thread_ts']) || null,
    onlyFor,
    metadata: given['metadata'] ?? null,
    edits: 0,
    atMs: nowMs(),
  };
  workspace.messages.push(message);
  if (onlyFor !== null) return { message_ts: message.ts };
  return { channel: channel.id, ts: message.ts, message: { text: message.text, ts: message.ts } };
}

/** A channel's id, or a person's: then their private channel. */
function channelOf({ workspace }: World, id: string): SlackChannel | { readonly error: string } {
  const user = workspace.users.get(id);
  if (user) {
    if (user.kind === 'deleted') return { error: 'user_not_found' };
    return user.kind === 'bot' ? { error: 'cannot_dm_bot' } : workspace.directChannel(user);
  }
  const channel = workspace.channels.get(id);
  if (!channel) return { error: 'channel_not_found' };
  if (channel.archived) return { error: 'is_archived' };
  if (channel.members.has(workspace.bot.id)) return channel;
  return { error: channel.kind === 'public' ? 'not_in_channel' : 'channel_not_found' };
}

export function refuseContent({ workspace, nowMs }: World, given: Json): Answer | null {
  const { text, blocks, metadata } = given;
  if (textOf(text) === '' && listOf(blocks).length === 0) return { error: 'no_text' };
  if (textOf(text).length > LONGEST_TEXT) return { error: 'msg_too_long' };
  if (metadata !== undefined && !(isJson(metadata) && textOf(metadata['event_type']) !== ''))
    return { error: 'invalid_metadata_format' };
  if (blocks === undefined) return null;
  const isReady = (id: string): boolean => (workspace.files.get(id)?.readyMs ?? Infinity) <= nowMs();
  const refused = refuseBlocks(blocks, 'message', isReady);
  return refused && { error: refused.error, response_metadata: { messages: refused.reasons } };
}

function refuseThread({ workspace }: World, channel: SlackChannel, threadTs: unknown): Answer | null {
  if (threadTs === undefined) return null;
  const parent = workspace.messages.find(
    (message) => message.channel === channel.id && message.ts === threadTs && message.onlyFor === null,
  );
  return parent ? null : { error: 'thread_not_found' };
}

function ownMessage({ workspace }: World, given: Json): SlackMessage | { readonly error: string } {
  const channel = workspace.channels.get(textOf(given['channel']));
  if (!channel) return { error: 'channel_not_found' };
  const found = workspace.messages.find(
    ({ ts, channel: id, onlyFor }) => id === channel.id && ts === given['ts'] && onlyFor === null,
  );
  if (!found) return { error: 'message_not_found' };
  return found.byBot ? found : { error: 'cant_update_message' };
}
