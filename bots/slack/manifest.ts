// The app's manifest, made from the verbs: what to paste into Slack to have commands, shortcuts, events and rights.
import type { Operation } from '../../src/core/operation.ts';

type Verb = Operation<never>;

/** The command that every verb is said under: `/ops task add …`. */
export const NAMESPACE = '/ops';

/** One path takes commands, presses, forms and events. */
export const EVENTS_PATH = '/slack/events';

/** What a message can be made into from its menu: the operation, and the input that gets its words. */
export interface Shortcut {
  readonly callback: string;
  readonly name: string;
  readonly description: string;
  readonly operation: string;
  readonly field: string;
  /** Characters of the message that are taken at most. */
  readonly most: number;
}

const shortcuts: readonly Shortcut[] = [
  {
    callback: 'task_add',
    name: 'Add as task',
    description: 'Make a task of this message',
    operation: 'task.add',
    field: 'title',
    most: 300,
  },
];

export const shortcutNamed = (callback: string): Shortcut | undefined =>
  shortcuts.find((shortcut) => shortcut.callback === callback);

/** Slack's own commands, which an app cannot have. */
const RESERVED = new Set(
  (
    'apps archive away call collapse dm dnd expand feed feedback help invite join keys leave list me mpdm msg mute ' +
    'open prefs remind remove rename search shrug star status topic who'
  ).split(' '),
);

const MOST_COMMANDS = 25;
const SCOPES = [
  'app_mentions:read',
  'channels:history',
  'channels:read',
  'chat:write',
  'commands',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'users:read',
];
const EVENTS = ['app_mention', 'message.channels', 'message.groups', 'message.im'];

/**
 * The manifest as Slack takes it under “Create an app from a manifest”. Source: docs.slack.dev/reference/app-manifest.
 * @param publicUrl where Slack reaches this server; null for Socket Mode, which needs no address.
 */
export function slackManifest(options: {
  readonly verbs: readonly Verb[];
  readonly publicUrl: string | null;
}) {
  const { verbs, publicUrl } = options;
  const url = publicUrl === null ? null : `${publicUrl.replace(/\/$/, '')}${EVENTS_PATH}`;
  const at = url === null ? {} : { request_url: url };
  const known = new Set<string>(verbs.map((verb) => verb.name));
  return {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: {
      name: 'Wardroom',
      description: 'The operations room in chat',
      background_color: '#1d3b5c',
    },
    features: {
      app_home: {
        home_tab_enabled: false,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: false,
      },
      bot_user: { display_name: 'Wardroom', always_online: true },
      shortcuts: shortcuts
        .filter(({ operation }) => known.has(operation))
        .map(({ name, callback, description }) => ({
          name,
          type: 'message',
          callback_id: callback,
          description,
        })),
      slash_commands: commandsOf(verbs).map((command) => ({ ...command, ...(url === null ? {} : { url }) })),
    },
    oauth_config: { scopes: { bot: SCOPES } },
    settings: {
      event_subscriptions: { ...at, bot_events: EVENTS },
      interactivity: { is_enabled: true, ...at, ...(url === null ? {} : { message_menu_options_url: url }) },
      org_deploy_enabled: false,
      socket_mode_enabled: url === null,
      token_rotation_enabled: false,
    },
  };
}

/** The namespace, and one command for each name of one word that a verb goes by. */
function commandsOf(verbs: readonly Verb[]) {
  const own = verbs.flatMap((verb) => {
    const name = verb.chat.aliases?.find(
      (alias) => /^[a-z][a-z-]{1,30}$/.test(alias) && !RESERVED.has(alias),
    );
    if (name === undefined) return [];
    const hint = (verb.chat.positional ?? []).map((field) => `[${field}]`).join(' ');
    return [{ command: `/${name}`, description: verb.summary.en, ...hintOf(hint) }];
  });
  const first = verbs[0]?.chat.examples[0] ?? 'why task add';
  const namespace = {
    command: NAMESPACE,
    description: 'Everything Wardroom can do',
    ...hintOf(`help, or ${first}`),
  };
  return [namespace, ...own].slice(0, MOST_COMMANDS).map((command) => ({ ...command, should_escape: true }));
}

const hintOf = (hint: string): { readonly usage_hint?: string } =>
  hint === '' ? {} : { usage_hint: hint.slice(0, 1_000) };
