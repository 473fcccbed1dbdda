// The OpenAPI 3.1 document, made from the same schemas that judge the requests.
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { Verb } from '../core/dispatcher.ts';
import { eventCatalogue } from '../core/event-catalogue.ts';
import { afterInput, pressInput, sayInput } from './api-console.ts';
import { inboundPaths } from './openapi-inbound.ts';
import type { InboundSource } from './options.ts';

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z
      .array(z.object({ field: z.string(), problem: z.string(), example: z.string().exactOptional() }))
      .exactOptional(),
  })
  .meta({ id: 'Problem', description: 'What went wrong, after RFC 9457; requestId finds it in the logs.' });

const replies = z.object({
  replies: z.array(
    z.object({
      text: z.string(),
      blocks: z.array(z.looseObject({ kind: z.string() })),
      buttons: z.array(z.object({ id: z.string(), label: z.string() })),
    }),
  ),
});

const messages = z.object({ messages: z.array(z.looseObject({ id: z.string() })), next: z.string() });

const listing = z.object({
  operations: z.array(
    z.object({
      name: z.string(),
      summary: z.string(),
      permission: z.string(),
      effect: z.enum(['read', 'write']),
      danger: z.enum(['none', 'confirm', 'approve']),
      input: z.looseObject({}),
      paths: z.array(z.object({ method: z.string(), path: z.string() })),
    }),
  ),
});

const idempotencyKey = z.object({
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('names the effect: the same key again gives the first outcome, and nothing is done twice'),
});

const failure = { description: 'A problem', content: { 'application/problem+json': { schema: problem } } };

function answers(schema: z.ZodType, description = 'Done'): ZodOpenApiOperationObject['responses'] {
  return { 200: { description, content: { 'application/json': { schema } } }, default: failure };
}

const requested = z
  .object({
    approval: z.string().describe('id of the request; GET /api/approvals/{approval} says how it stands'),
    state: z.string(),
    title: z.string(),
    needed: z.int(),
    expiresAt: z.string(),
    payloadHash: z.string(),
  })
  .meta({ id: 'ApprovalRequested', description: 'Nothing is done yet: people must approve it first.' });

/** What an operation that people must approve answers: the request, and never the deed itself. */
const asked: ZodOpenApiOperationObject['responses'] = {
  202: { description: 'Asked for approval', content: { 'application/json': { schema: requested } } },
  default: failure,
};

const json = (schema: z.ZodType): NonNullable<ZodOpenApiOperationObject['requestBody']> => ({
  content: { 'application/json': { schema } },
});

/** @param verbs every operation; the document is the same for everybody. */
export function openApiDocument(
  verbs: readonly Verb[],
  about: { version: string; url: string; inbound?: readonly InboundSource[] },
) {
  const { inbound = [] } = about;
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Wardroom',
      version: about.version,
      description: 'An operations room in chat: every verb of it, over HTTP.',
    },
    servers: [{ url: about.url }],
    security: [{ token: [] }],
    tags: [...new Set([...verbs.map(nounOf), 'events', 'webhooks in'])].map((name) => ({ name })),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'An API token: wr_…' } },
    },
    webhooks: eventWebhooks(),
    paths: verbs.reduce<ZodOpenApiPathsObject>(withVerb, {
      ...fixedPaths,
      ...inboundPaths(inbound, failure),
    }),
  });
}

/** What endpoints set by staff are sent; signed after Standard Webhooks. */
function eventWebhooks(): Record<string, { post: ZodOpenApiOperationObject }> {
  const headers = z.object({
    'webhook-id': z.string().describe('names the event: the same over all attempts and endpoints'),
    'webhook-timestamp': z.string().describe('seconds since 1970 of this attempt'),
    'webhook-signature': z.string().describe('v1,<base64>; two of them, apart by a space, during a rotation'),
  });
  return Object.fromEntries(
    Object.entries(eventCatalogue).map(([type, { summary, version, payload }]) => [
      type,
      {
        post: {
          summary,
          tags: ['events'],
          security: [],
          requestParams: { header: headers },
          requestBody: json(
            z.object({
              type: z.literal(type),
              version: z.literal(version),
              tenant: z.string(),
              data: payload,
            }),
          ),
          responses: { '2XX': { description: 'Taken' }, 410: { description: 'Gone: nothing more is sent' } },
        },
      },
    ]),
  );
}

const fixedPaths: ZodOpenApiPathsObject = {
  '/api/operations': {
    get: { summary: 'List what you may do', tags: ['operations'], responses: answers(listing) },
  },
  '/api/console/messages': {
    post: {
      summary: 'Say something in the console',
      tags: ['console'],
      requestParams: { header: idempotencyKey },
      requestBody: json(sayInput),
      responses: answers(replies),
    },
    get: {
      summary: 'Read what was said and pushed',
      tags: ['console'],
      requestParams: { query: afterInput },
      responses: answers(messages),
    },
  },
  '/api/console/press': {
    post: {
      summary: 'Press a button',
      tags: ['console'],
      requestParams: { header: idempotencyKey },
      requestBody: json(pressInput),
      responses: answers(replies),
    },
  },
};

function withVerb(paths: ZodOpenApiPathsObject, verb: Verb): ZodOpenApiPathsObject {
  const byName = `/api/operations/${verb.name}`;
  const named: ZodOpenApiPathsObject = {
    ...paths,
    [byName]: {
      post: {
        ...sharedOf(verb),
        operationId: verb.name,
        requestBody: json(verb.input),
        responses: verb.danger === 'approve' ? asked : answers(z.object({ output: verb.output })),
      },
    },
  };
  if (!verb.http) return named;
  const path = verb.http.path.replaceAll(/:(\w+)/g, '{$1}');
  const method = methods[verb.http.method];
  return { ...named, [path]: { ...named[path], [method]: atOwnPath(verb, path) } };
}

const methods = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

function atOwnPath(verb: Verb, path: string): ZodOpenApiOperationObject {
  const inPath = (name: string): boolean => path.includes(`{${name}}`);
  const rest = partOf(verb.input, (name) => !inPath(name));
  const inQuery = verb.http?.method === 'GET' || verb.http?.method === 'DELETE';
  const shared = sharedOf(verb);
  return {
    ...shared,
    operationId: `${verb.name}.path`,
    requestParams: {
      ...shared.requestParams,
      path: inPathOf(verb.input, inPath),
      ...(inQuery ? { query: rest } : {}),
    },
    ...(inQuery ? {} : { requestBody: json(rest) }),
    responses: verb.danger === 'approve' ? asked : answers(verb.output),
  };
}

function sharedOf(verb: Verb) {
  return {
    summary: verb.summary.en,
    description: `Needs \`${verb.permission}\`. In chat: \`${verb.chat.examples[0] ?? verb.name}\``,
    tags: [nounOf(verb)],
    requestParams: verb.effect === 'write' ? { header: idempotencyKey } : {},
  };
}

/** `.pick` refuses refined objects, so the parts are made anew. */
function partOf(input: z.ZodObject, wanted: (name: string) => boolean): z.ZodObject {
  return z.strictObject(Object.fromEntries(Object.entries(input.shape).filter(([name]) => wanted(name))));
}

/** A parameter in a path is always there, also where the input has a preset for it. */
function inPathOf(input: z.ZodObject, wanted: (name: string) => boolean): z.ZodObject {
  const { shape } = partOf(input, wanted);
  return z.strictObject(
    Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, z.nonoptional(field)])),
  );
}

const nounOf = (verb: Verb): string => verb.name.split('.')[0] ?? verb.name;
