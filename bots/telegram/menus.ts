// The menus of commands: in private what this person may do, in groups what everybody may, for strangers the way in.
import type { Actor, Principal } from '../../src/core/actor.ts';
import { digestOf } from '../../src/core/canonical.ts';
import type { Language } from '../../src/core/context.ts';
import type { Verb } from '../../src/core/dispatcher.ts';
import type { Accounts } from '../adapter.ts';
import { phrasesOf } from '../verb-book.ts';
import type { TelegramApi } from './api.ts';
import { type Chats, TELEGRAM } from './chats.ts';

export interface BotCommand {
  readonly command: string;
  readonly description: string;
}

const MOST_COMMANDS = 100;
const LONGEST_DESCRIPTION = 256;
/** Stands for the menus of all chats among those of single ones. */
const EVERYWHERE = '*';

const stranger: Actor = { kind: 'stranger', id: 'stranger', name: '', role: 'viewer' };
const viewer: Actor = { kind: 'person', id: 'viewer', name: '', role: 'viewer' };

export interface Menus {
  /** Sets every menu that does not show what it should: after a start, a new verb, or a change of role. */
  refresh(): Promise<void>;
}

export function createMenus(options: {
  readonly api: TelegramApi;
  readonly chats: Chats;
  readonly accounts: Accounts;
  readonly allowedTo: (actor: Actor) => readonly Verb[];
  readonly tenant: string;
}): Menus {
  const { api, chats, accounts, allowedTo, tenant } = options;

  async function refresh(): Promise<void> {
    await everywhere();
    for (const { chat, name } of await chats.privateChats(tenant)) {
      const principal = await accounts.principalOf({ tenant, platform: TELEGRAM, account: chat, name });
      await privately(chat, principal);
    }
  }

  async function everywhere(): Promise<void> {
    const forGroups = allowedTo(viewer).filter(({ audience }) => audience !== 'person');
    const menus = (['en', 'hi'] as const).flatMap((language) => [
      { scope: 'all_private_chats', language, commands: commandsOf(allowedTo(stranger), language) },
      { scope: 'all_group_chats', language, commands: commandsOf(forGroups, language) },
    ]);
    const digest = digestOf(menus);
    if ((await chats.menuOf(tenant, EVERYWHERE)) === digest) return;
    for (const { scope, language, commands } of menus) {
      const code = language === 'en' ? {} : { language_code: language };
      await api.call('setMyCommands', { commands, scope: { type: scope }, ...code });
    }
    await chats.setMenu(tenant, EVERYWHERE, digest);
  }

  /** A stranger's chat falls back to the menu of all. */
  async function privately(chat: string, { actor, language }: Principal): Promise<void> {
    const commands = actor.kind === 'stranger' ? [] : commandsOf(allowedTo(actor), language);
    const digest = digestOf(commands);
    const shown = await chats.menuOf(tenant, chat);
    if (shown === digest || (shown === null && commands.length === 0)) return;
    const scope = { type: 'chat', chat_id: Number(chat) };
    if (commands.length === 0) await api.call('deleteMyCommands', { scope });
    else await api.call('setMyCommands', { commands, scope });
    await chats.setMenu(tenant, chat, digest);
  }

  return { refresh };
}

/** At most 100, those with a short name of their own first, then those that only read. */
export function commandsOf(verbs: readonly Verb[], language: Language): readonly BotCommand[] {
  const named = verbs.flatMap((verb) => {
    const command = commandName(verb);
    return command === null ? [] : [{ verb, command }];
  });
  const rank = ({ verb, command }: (typeof named)[number]): number =>
    (command.includes('_') ? 2 : 0) + (verb.effect === 'read' ? 0 : 1);
  const sorted = named.sort((a, b) => rank(a) - rank(b) || a.command.localeCompare(b.command));
  const unique = new Map(sorted.map((one) => [one.command, one.verb]));
  return [...unique].slice(0, MOST_COMMANDS).map(([command, verb]) => ({
    command,
    description: verb.summary[language].slice(0, LONGEST_DESCRIPTION),
  }));
}

/** `tasks` where there is such an alias, `task_add` otherwise; null where no such name can be made. */
function commandName(verb: Verb): string | null {
  const phrases = phrasesOf(verb);
  const isName = (text: string): boolean => /^[a-z0-9_]{1,32}$/.test(text);
  const [words = ''] = phrases;
  const joined = words.replaceAll(' ', '_');
  return phrases.find((phrase) => isName(phrase)) ?? (isName(joined) ? joined : null);
}
