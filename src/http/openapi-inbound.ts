// The addresses at which other systems deliver, for the OpenAPI document: one for each source, with its own schema.
import { z } from 'zod';
import type { ZodOpenApiPathsObject, ZodOpenApiResponseObject } from 'zod-openapi';
import type { WebhookScheme } from '../core/webhook-source.ts';
import type { InboundSource } from './options.ts';

const EXAMPLE_AT = new Date(Date.UTC(2026, 10, 2, 9, 30));

const text = (about: string) => z.string().describe(about);
const family = (name: string) =>
  z.object({
    [`${name}-id`]: text('names the event, the same over all attempts'),
    [`${name}-timestamp`]: text('seconds since 1970, at most 300 s away'),
    [`${name}-signature`]: text(
      'v1,<base64 of HMAC-SHA256 over id.timestamp.body>; several apart by a space',
    ),
  });
const hex = 'hex of HMAC-SHA256 over the body';

const headersOf: Readonly<Record<WebhookScheme, z.ZodObject>> = {
  standard: family('webhook'),
  svix: family('svix'),
  razorpay: z.object({ 'x-razorpay-signature': text(hex) }),
  sentry: z.object({ 'sentry-hook-signature': text(hex) }),
  github: z.object({ 'x-hub-signature-256': text(`sha256=<${hex}>`) }),
  'hmac-body': z.object({ 'x-webhook-signature': text(`sha256=<${hex}>`) }),
  stripe: z.object({ 'stripe-signature': text('t=<seconds>,v1=<hex of HMAC-SHA256 over t.body>') }),
  twilio: z.object({ 'x-twilio-signature': text('base64 of HMAC-SHA1 over address and sorted fields') }),
  bearer: z.object({ authorization: text('Bearer <the secret>') }),
};

const twiml = z.string().describe('an empty TwiML document: nothing is replied');

/** Twilio posts forms; all others JSON. */
const bodyType = (scheme: WebhookScheme): string =>
  scheme === 'twilio' ? 'application/x-www-form-urlencoded' : 'application/json';

/** @param failure what every refusal looks like. */
export function inboundPaths(
  sources: readonly InboundSource[],
  failure: ZodOpenApiResponseObject,
): ZodOpenApiPathsObject {
  const receipt = z.object({ id: z.string().describe('the event in the inbox: webhook show tells its end') });
  const answer = (description: string, scheme: WebhookScheme) => ({
    description,
    content:
      scheme === 'twilio' ? { 'text/xml': { schema: twiml } } : { 'application/json': { schema: receipt } },
  });
  return Object.fromEntries(
    sources.map(({ name, summary, scheme, payload, sample }) => [
      `/webhooks/${name === 'generic' ? '{source}' : name}`,
      {
        post: {
          summary,
          description: `Signed by \`${scheme}\`. A tenant's own address ends in \`/{endpointId}\`.`,
          tags: ['webhooks in'],
          security: [],
          requestParams: {
            header: headersOf[scheme],
            ...(name === 'generic'
              ? { path: z.object({ source: text('the name it was added under') }) }
              : {}),
          },
          requestBody: {
            content: { [bodyType(scheme)]: { schema: payload, example: sample('example-1', EXAMPLE_AT) } },
          },
          responses: {
            202: answer('Stored', scheme),
            200: answer('Stored before: a repeat', scheme),
            default: failure,
          },
        },
      },
    ]),
  );
}
