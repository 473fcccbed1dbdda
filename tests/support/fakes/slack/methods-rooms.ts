// Who and where: the app itself, people and channels.
import { type Json, textOf } from './json.ts';
import type { Answer, Method } from './methods.ts';
import type { SlackChannel, SlackUser, Workspace } from './workspace.ts';

export const roomMethods: Readonly<Record<string, Method>> = {
  'auth.test': ({ workspace, origin }) => ({
    url: `${origin()}/`,
    team: workspace.team.domain,
    team_id: workspace.team.id,
    user: workspace.bot.name,
    user_id: workspace.bot.id,
    bot_id: `B${workspace.bot.id.slice(1)}`,
  }),
  'users.info': ({ workspace }, given) => {
    const user = workspace.users.get(textOf(given['user']));
    return user ? { user: userJson(user) } : { error: 'user_not_found' };
  },
  'conversations.info': ({ workspace }, given) => {
    const channel = seenChannel(workspace, textOf(given['channel']));
    return channel ? { channel: channelJson(channel, workspace) } : { error: 'channel_not_found' };
  },
  'conversations.members': ({ workspace }, given) => {
    const channel = seenChannel(workspace, textOf(given['channel']));
    if (!channel) return { error: 'channel_not_found' };
    return { members: [...channel.members], response_metadata: { next_cursor: '' } };
  },
  'conversations.open': ({ workspace }, given): Answer => {
    const user = workspace.users.get(textOf(given['users']));
    if (!user || user.kind === 'deleted') return { error: 'user_not_found' };
    if (user.kind === 'bot') return { error: 'cannot_dm_bot' };
    return { channel: { id: workspace.directChannel(user).id } };
  },
  'users.conversations': ({ workspace }) => ({
    channels: [...workspace.channels.values()]
      .filter(({ kind, members }) => kind !== 'im' && members.has(workspace.bot.id))
      .map((channel) => channelJson(channel, workspace)),
    response_metadata: { next_cursor: '' },
  }),
};

/** A private channel without the bot is as if it were not there. */
function seenChannel(workspace: Workspace, id: string): SlackChannel | undefined {
  const channel = workspace.channels.get(id);
  return channel?.kind === 'public' || channel?.members.has(workspace.bot.id) ? channel : undefined;
}

export function userJson({ id, team, name, kind, email }: SlackUser): Json {
  return {
    id,
    team_id: team,
    name: name.toLowerCase(),
    real_name: name,
    deleted: kind === 'deleted',
    is_bot: kind === 'bot',
    is_restricted: kind === 'guest',
    is_ultra_restricted: false,
    is_stranger: kind === 'stranger',
    profile: { real_name: name, email },
  };
}

export function channelJson(channel: SlackChannel, workspace: Workspace): Json {
  const { id, name, kind, shared, archived, members } = channel;
  return {
    id,
    name,
    is_channel: kind === 'public',
    is_group: kind === 'private',
    is_im: kind === 'im',
    is_private: kind !== 'public',
    is_archived: archived,
    is_ext_shared: shared,
    is_shared: shared,
    is_member: members.has(workspace.bot.id),
    context_team_id: channel.team,
  };
}
