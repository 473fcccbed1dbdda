// What the environment says of mails: who carries them, from whom, and how long their words are kept.
import * as read from './config-readers.ts';
import { optional, type Variable } from './config-variable.ts';

export const mailVariables = {
  RESEND_API_KEY: {
    read: optional(read.apiKey),
    preset: undefined,
    written: '',
    meaning:
      'Key of Resend, which carries the mails; without it they are recorded in email_logs and not sent.',
    secret: true,
  },
  RESEND_FROM_EMAIL: {
    read: optional(read.sender),
    preset: undefined,
    written: '',
    meaning: 'The sender of mails, such as Wardroom <ops@example.com>; must be given with RESEND_API_KEY.',
  },
  RESEND_API_URL: {
    read: read.webUrl,
    preset: 'https://api.resend.com',
    written: 'https://api.resend.com',
    meaning: 'Where Resend’s API is.',
  },
  RESEND_WEBHOOK_SECRET: {
    read: optional(read.webhookSecrets),
    preset: undefined,
    written: '',
    meaning: 'Secret (whsec_…) of Resend’s webhook; two, the newer first, while it is changed.',
    secret: true,
  },
  MAIL_WORDS_DAYS: {
    read: read.whole(1, 3650),
    preset: 90,
    written: '90',
    meaning:
      'Days for which the words of a mail are kept; then its row says only to whom it went and how far it came.',
  },
  ALERT_EMAIL: {
    read: optional(read.mailAddress),
    preset: undefined,
    written: '',
    meaning: 'The address that alerts and test mails go to.',
  },
} as const satisfies Record<string, Variable<never> | Variable<unknown>>;
