// The fake of Slack as the page and the control door use it.
import { buttonsOf, startSlackFake, visibleText } from '../support/fakes/slack/fake.ts';
import type { Fault } from '../support/fakes/slack/faults.ts';
import { isJson, listOf, textOf } from '../support/fakes/slack/json.ts';
import type { SlackChannel, SlackMessage, SlackUser } from '../support/fakes/slack/workspace.ts';
import { type FakePlatform, firstAccounts, NotThere, type ShownForm, type ShownMessage } from './platform.ts';

/** @param appUrl where the program takes Slack's requests while it holds no socket. */
export async function startSlack(port: number, appUrl: string): Promise<FakePlatform> {
  const fake = await startSlackFake({ port, retryDelaysMs: [500, 2_000, 5_000] });
  const { workspace } = fake;
  const users = new Map<string, SlackUser>();
  const ops = workspace.addChannel({ name: 'ops' });

  function userOf(account: string): SlackUser {
    const key = account.trim().toLowerCase();
    const known = users.get(key) ?? [...users.values()].find(({ id }) => id.toLowerCase() === key);
    if (known) return known;
    if (key === '') throw new NotThere('Name an account, such as Asha.');
    const user = workspace.addUser(account.trim());
    users.set(key, user);
    ops.members.add(user.id);
    workspace.directChannel(user);
    return user;
  }
  firstAccounts.forEach(userOf);

  function channelOf(user: SlackUser, chat: string | undefined): SlackChannel {
    const own = workspace.directChannel(user);
    if (chat === undefined || ['', 'private', own.id].includes(chat)) return own;
    const named = chat.replace(/^#/, '').toLowerCase();
    const found = [...workspace.channels.values()].find(
      (one) => one.kind !== 'im' && (one.id === chat || one.name === named),
    );
    if (found) return found;
    throw new NotThere(`There is no channel “${chat}” in Slack; there are private and ${ops.name}.`);
  }

  /** Slack reaches a program by its socket where it holds one, else at its address. */
  const reach = (): void => fake.setAppUrl(fake.sockets.count() > 0 ? undefined : appUrl);
  const idOf = ({ channel, ts }: SlackMessage): string => `${channel}:${ts}`;

  function shown(message: SlackMessage): ShownMessage {
    const channel = workspace.channels.get(message.channel);
    const owner = [...users.values()].find((user) => channel?.members.has(user.id));
    return {
      id: idOf(message),
      platform: 'slack',
      chat: message.channel,
      chatName: channel?.kind === 'im' ? `private: ${owner?.name ?? ''}` : `#${channel?.name ?? ''}`,
      from: workspace.users.get(message.user)?.name ?? '',
      byBot: message.byBot,
      text: asShown(visibleText(message)),
      buttons: buttonsOf(message),
      onlyFor: message.onlyFor === null ? null : (workspace.users.get(message.onlyFor)?.name ?? ''),
      picture: false,
      atMs: message.atMs,
    };
  }

  function formOf(user: SlackUser): ShownForm | null {
    const open = fake.viewOf(user);
    if (!open) return null;
    const { title, blocks } = open.view;
    const inputs = listOf(blocks)
      .filter(isJson)
      .filter(({ type }) => type === 'input');
    return {
      title: isJson(title) ? textOf(title['text']) : '',
      fields: inputs.map((block) => ({
        id: textOf(block['block_id']),
        label: isJson(block['label']) ? textOf(block['label']['text']) : '',
        choices: isJson(block['element'])
          ? listOf(block['element']['options'])
              .filter(isJson)
              .map(({ value }) => textOf(value))
          : [],
      })),
    };
  }

  return {
    name: 'slack',
    environment: () => [
      `SLACK_BOT_TOKEN=${fake.tokens.bot}`,
      `SLACK_SIGNING_SECRET=${fake.signingSecret}`,
      `SLACK_API_URL=${fake.apiUrl}`,
      `SLACK_CHANNEL_ID=${ops.id}`,
    ],
    accounts: () => [...users.values()].map(({ name }) => name),
    chats: (account) => [
      { id: workspace.directChannel(userOf(account)).id, name: 'private' },
      { id: ops.id, name: 'ops' },
    ],
    messages: () => workspace.messages.map(shown),
    async say(account, text, chat) {
      const user = userOf(account);
      reach();
      const channel = channelOf(user, chat);
      // Slack does not keep people waiting until the program has heard them.
      void fake.says(user, channel, text);
    },
    async press(account, button, message) {
      const user = userOf(account);
      reach();
      const seen = workspace.messages.filter(({ onlyFor, channel }) => {
        const isMember = workspace.channels.get(channel)?.members.has(user.id) === true;
        return isMember && (onlyFor === null || onlyFor === user.id);
      });
      const found = message
        ? seen.find((one) => idOf(one) === message || one.ts === message)
        : seen.findLast((one) => buttonsOf(one).includes(button));
      if (!found) throw new NotThere(`There is no message ${message ?? `with a button “${button}”`} here.`);
      if (!buttonsOf(found).includes(button))
        throw new NotThere(`It has no button “${button}”; it has: ${buttonsOf(found).join(', ') || 'none'}.`);
      await fake.pressesOn(user, found, button);
    },
    form: (account) => formOf(userOf(account)),
    async submit(account, values) {
      reach();
      const { status, answer } = await fake.submits(userOf(account), values);
      return { status, answer };
    },
    fail: ({ method, chat, times, ...rule }) => {
      fake.faults.add({
        fault: faultOf(rule),
        ...(typeof method === 'string' ? { method } : {}),
        ...(typeof chat === 'string' ? { channel: chat } : {}),
        ...(times === undefined ? {} : { times: Number(times) }),
      });
    },
    mend: () => fake.faults.clear(),
    picture: () => null,
    stop: () => fake.close(),
  };
}

/** Slack's three escapes, as people see them. */
function asShown(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** The same words as for Telegram, so that one script drives both. */
function faultOf({ kind, status, retryAfter, error }: Readonly<Record<string, unknown>>): Fault {
  if (kind === 'rate') return { kind: 'rate_limited', retryAfterSeconds: Number(retryAfter ?? 1) };
  if (kind === 'status') return { kind: 'status', status: Number(status ?? 500) };
  if (kind === 'reset' || kind === 'outage') return { kind: 'reset' };
  if (kind === 'hang') return { kind: 'silent' };
  if (kind === 'accept-then-reset' || kind === 'accept-then-hang') return { kind: 'lost' };
  if (kind === 'error') return { kind: 'error', error: String(error ?? 'internal_error') };
  throw new NotThere('kind is one of outage, status, rate, reset, hang, accept-then-reset, error.');
}
