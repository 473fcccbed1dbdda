// Command lists of the fake: one for each scope and language, and the one a person would see in a chat.
import { objectField, textField } from './fields.ts';
import { BotApiError, badRequest, type Params } from './types.ts';
import type { Room } from './world.ts';

const MOST_COMMANDS = 100;

export interface BotCommand {
  readonly command: string;
  readonly description: string;
}

export class CommandLists {
  private readonly lists = new Map<string, readonly BotCommand[]>();

  set(params: Params): true {
    const given = objectField(params, 'commands');
    if (!Array.isArray(given)) throw badRequest("can't parse commands: expected an array of commands");
    const commands = (given as readonly BotCommand[]).map(({ command, description }) => ({
      command: String(command ?? '').replace(/^\//, ''),
      description: String(description ?? '').trim(),
    }));
    if (commands.length > MOST_COMMANDS) throw badRequest('BOT_COMMANDS_TOO_MUCH');
    for (const { command, description } of commands) {
      if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID');
      if (description.length < 1 || description.length > 256)
        throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    }
    this.lists.set(keyOf(params), commands);
    return true;
  }

  remove(params: Params): true {
    this.lists.delete(keyOf(params));
    return true;
  }

  get(params: Params): readonly BotCommand[] {
    return this.lists.get(keyOf(params)) ?? [];
  }

  /** What this person's menu shows in this chat: the narrowest scope that has a list, in their language first. */
  seenBy(user: number, room: Room, language: string): readonly BotCommand[] {
    const { id, type } = room.chat;
    const isAdmin = /creator|administrator/.test(room.members.get(user) ?? '');
    const scopes =
      type === 'private'
        ? [{ type: 'chat', chat_id: id }, { type: 'all_private_chats' }, { type: 'default' }]
        : [
            { type: 'chat_member', chat_id: id, user_id: user },
            ...(isAdmin ? [{ type: 'chat_administrators', chat_id: id }] : []),
            { type: 'chat', chat_id: id },
            ...(isAdmin ? [{ type: 'all_chat_administrators' }] : []),
            { type: 'all_group_chats' },
            { type: 'default' },
          ];
    const found = scopes
      .flatMap((scope) => [language, ''].map((language_code) => ({ scope, language_code })))
      .find((params) => this.lists.has(keyOf(params)));
    return found ? this.get(found) : [];
  }
}

function keyOf(params: Params): string {
  const scope = objectField(params, 'scope') ?? { type: 'default' };
  const language = textField(params, 'language_code') ?? '';
  if (!/^([a-z]{2})?$/.test(language))
    throw new BotApiError(400, 'Bad Request: invalid language code specified');
  return [scope['type'], scope['chat_id'] ?? '', scope['user_id'] ?? '', language].join(':');
}
