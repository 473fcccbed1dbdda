import { describe, expect, it } from 'vitest';
import { EVENTS_PATH, shortcutNamed, slackManifest } from '../../bots/slack/manifest.ts';
import { readConfig } from '../../src/config.ts';
import { operations } from '../../src/features.ts';

const reachable = slackManifest({ verbs: operations, publicUrl: 'https://ops.example.com' });
const socket = slackManifest({ verbs: operations, publicUrl: null });
const url = `https://ops.example.com${EVENTS_PATH}`;

describe('the manifest of the Slack app', () => {
  it('sends commands, presses, forms and events to the one address', () => {
    expect(reachable.settings).toMatchObject({
      socket_mode_enabled: false,
      event_subscriptions: { request_url: url },
      interactivity: { is_enabled: true, request_url: url, message_menu_options_url: url },
    });
    expect(reachable.features.slash_commands.map((command) => 'url' in command && command.url)).toEqual(
      reachable.features.slash_commands.map(() => url),
    );
  });

  it('names no address where updates come by Socket Mode', () => {
    expect(socket.settings.socket_mode_enabled).toBe(true);
    expect(JSON.stringify(socket)).not.toContain('http');
  });

  it('has the command for everything first, and commands that Slack takes and that are verbs here', () => {
    const [first, ...own] = reachable.features.slash_commands.map(({ command }) => command);
    expect(first).toBe('/ops');
    expect(own).toContain('/tasks');
    expect(new Set(own).size).toBe(own.length);
    expect(own.length).toBeLessThan(25);
    for (const command of own) expect(command).toMatch(/^\/[a-z-]{2,32}$/);
    for (const builtIn of ['/help', '/me', '/feedback', '/remind']) expect(own).not.toContain(builtIn);
    const names = operations.flatMap((verb) => verb.chat.aliases ?? []);
    for (const command of own) expect(names).toContain(command.slice(1));
  });

  it('has a shortcut for each thing that a message can be made into', () => {
    expect(reachable.features.shortcuts).toMatchObject([{ callback_id: 'task_add', type: 'message' }]);
    for (const { callback_id: callback } of reachable.features.shortcuts) {
      const shortcut = shortcutNamed(callback);
      const verb = operations.find(({ name }) => name === shortcut?.operation);
      expect(Object.keys(verb?.input.shape ?? {})).toContain(shortcut?.field);
    }
  });

  it('asks for the rights that it uses, and for no others than a bot has', () => {
    const { bot } = reachable.oauth_config.scopes;
    for (const scope of ['chat:write', 'commands', 'files:write', 'users:read', 'im:history'])
      expect(bot).toContain(scope);
    expect(bot.some((scope) => /admin|search|users:read\.email/.test(scope))).toBe(false);
  });
});

describe('the configuration of Slack', () => {
  const whole = { SLACK_BOT_TOKEN: 'xoxb-1-2-abc', SLACK_SIGNING_SECRET: '8f742231b10e8888abcd99yyyzzz85a5' };

  it('is whole with a bot token and a signing secret, or an app token', () => {
    expect(readConfig(whole).SLACK_BOT_TOKEN).toBe('xoxb-1-2-abc');
    expect(readConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }).SLACK_APP_TOKEN).toBe(
      'xapp-1',
    );
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1-2-abc' }, /SLACK_SIGNING_SECRET: must be given with SLACK_BOT_TOKEN/],
    [
      { SLACK_SIGNING_SECRET: whole.SLACK_SIGNING_SECRET },
      /SLACK_BOT_TOKEN: must be given with SLACK_SIGNING_SECRET/,
    ],
    [
      { SLACK_APP_TOKEN: 'xapp-1', SLACK_CHANNEL_ID: 'C0123ABCD' },
      /with SLACK_APP_TOKEN and SLACK_CHANNEL_ID/,
    ],
    [{ ...whole, SLACK_BOT_TOKEN: 'xoxp-1' }, /SLACK_BOT_TOKEN: is not the bot token/],
    [{ ...whole, SLACK_APP_TOKEN: 'xoxb-1' }, /SLACK_APP_TOKEN: is not an app-level token/],
    [{ ...whole, SLACK_CHANNEL_ID: '#ops' }, /SLACK_CHANNEL_ID: “#ops” is not the id/],
    [{ ...whole, SLACK_API_URL: 'slack' }, /SLACK_API_URL: is not a web address/],
  ])('that is half or wrong names what is missing: %o', (env, problem) => {
    expect(() => readConfig(env)).toThrow(problem);
  });
});
