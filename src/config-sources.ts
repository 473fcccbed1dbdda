// What the environment says of the systems that send webhooks: the secret of each.
import * as read from './config-readers.ts';
import { optional, type Variable } from './config-variable.ts';

export const sourceVariables = {
  EVENTS_WEBHOOK_SECRET: {
    read: optional(read.webhookSecrets),
    preset: undefined,
    written: '',
    meaning:
      'Standard Webhooks secret (whsec_…) of our own clients; two, the newer first, while it is changed.',
    secret: true,
  },
  SENTRY_CLIENT_SECRET: {
    read: optional(read.sharedSecrets),
    preset: undefined,
    written: '',
    meaning: 'Client secret of the Sentry integration; two, the newer first, while it is changed.',
    secret: true,
  },
  RAZORPAY_WEBHOOK_SECRET: {
    read: optional(read.sharedSecrets),
    preset: undefined,
    written: '',
    meaning: 'Secret of the Razorpay webhook; two, the newer first, while it is changed.',
    secret: true,
  },
  TWILIO_AUTH_TOKEN: {
    read: optional(read.sharedSecrets),
    preset: undefined,
    written: '',
    meaning:
      'Auth token of Twilio, which signs its callbacks over PUBLIC_URL; two, the newer first, while it is changed.',
    secret: true,
  },
  GITHUB_WEBHOOK_SECRET: {
    read: optional(read.sharedSecrets),
    preset: undefined,
    written: '',
    meaning: 'Secret of the GitHub webhook; two, the newer first, while it is changed.',
    secret: true,
  },
} as const satisfies Record<string, Variable<never> | Variable<unknown>>;
