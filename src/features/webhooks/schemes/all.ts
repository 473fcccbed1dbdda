// Every scheme by its name: what a source declares, and what staff choose from.
import type { WebhookScheme } from '../../../core/webhook-source.ts';
import { bearer } from './bearer.ts';
import { github } from './github.ts';
import { hmacBody } from './hmac-body.ts';
import { razorpay } from './razorpay.ts';
import type { Scheme } from './scheme.ts';
import { sentry } from './sentry.ts';
import { standardWebhooks, svix } from './standard-webhooks.ts';
import { stripeStyle } from './stripe-style.ts';
import { twilio } from './twilio.ts';

export const schemes: Readonly<Record<WebhookScheme, Scheme>> = {
  standard: standardWebhooks,
  svix,
  razorpay,
  sentry,
  github,
  twilio,
  stripe: stripeStyle,
  'hmac-body': hmacBody,
  bearer,
};
