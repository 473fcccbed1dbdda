// The variables of the chat platforms: which bots speak for the team, where, and what proves their platforms.
import * as read from './config-readers.ts';
import { optional, type Variable } from './config-variable.ts';

export const chatVariables = {
  SLACK_BOT_TOKEN: {
    read: optional(read.slackBotToken),
    preset: undefined,
    written: '',
    meaning:
      'Bot token (xoxb-…) of the Slack app; “npm run cli -- slack-manifest” prints the app’s manifest.',
    secret: true,
  },
  SLACK_SIGNING_SECRET: {
    read: optional(read.sharedSecrets),
    preset: undefined,
    written: '',
    meaning: 'Signing secret of the Slack app: it proves what comes to /slack/events.',
    secret: true,
  },
  SLACK_APP_TOKEN: {
    read: optional(read.slackAppToken),
    preset: undefined,
    written: '',
    meaning:
      'App-level token (xapp-…) of the Slack app: updates then come by Socket Mode, without an address.',
    secret: true,
  },
  SLACK_CHANNEL_ID: {
    read: optional(read.slackChannel),
    preset: undefined,
    written: '',
    meaning: 'The Slack channel that announcements go to, such as C0123ABCD; answers may be read there.',
  },
  SLACK_API_URL: {
    read: read.webUrl,
    preset: 'https://slack.com/api/',
    written: 'https://slack.com/api/',
    meaning: 'Where Slack’s Web API is.',
  },
  TELEGRAM_BOT_TOKEN: {
    read: optional(read.telegramToken),
    preset: undefined,
    written: '',
    meaning: 'Token of the Telegram bot, as @BotFather gives it; without it there is no Telegram.',
    secret: true,
  },
  TELEGRAM_CHAT_ID: {
    read: optional(read.telegramChat),
    preset: undefined,
    written: '',
    meaning:
      'The Telegram group that announcements go to, such as -1001234567890; it may be answered openly.',
  },
  TELEGRAM_API_ROOT: {
    read: read.webUrl,
    preset: 'https://api.telegram.org',
    written: 'https://api.telegram.org',
    meaning: 'Where the Bot API answers: Telegram, a server of your own, or a fake for trying out.',
  },
  TELEGRAM_WEBHOOK_SECRET: {
    read: optional(read.telegramSecret),
    preset: undefined,
    written: 'made from SECRET_KEY',
    meaning: 'What Telegram says to prove itself at /telegram/webhook: 1 to 256 letters, digits, _ and -.',
    secret: true,
  },
  TELEGRAM_MODE: {
    read: read.telegramMode,
    preset: 'auto' as 'auto' | 'polling' | 'webhook',
    written: 'auto',
    meaning: 'polling, webhook, or auto: webhook where PUBLIC_URL is https, polling elsewhere.',
  },
} as const satisfies Record<string, Variable<never> | Variable<unknown>>;
