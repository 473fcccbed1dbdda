// The verbs of access: API tokens and one's own sessions.
import { z } from 'zod';
import type { ApiToken } from '../../../models/api-token.ts';
import { operationsOf } from '../../core/operation.ts';
import { roles } from '../../core/permissions.ts';
import { code, context, fields, reply, table, withStatus } from '../../core/reply.ts';
import type { People } from './service.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly people: People }>();

const shownToken = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['person', 'service']),
  user: z.string().nullable(),
  role: z.enum(roles).nullable(),
  expiresAt: z.iso.datetime(),
});
const shownSession = z.object({ id: z.string(), browser: z.string(), since: z.iso.datetime() });

const tokenId = z
  .string()
  .trim()
  .min(4)
  .max(40)
  .describe('the id of a token')
  .meta({ example: 'tok_4mq0x9k2p7' });

function show(token: ApiToken): z.output<typeof shownToken> {
  const { _id: id, name, kind, personId: user, role, expiresAt } = token;
  return { id, name, kind, user, role, expiresAt: expiresAt.toISOString() };
}

export const accessOperations = [
  operation({
    name: 'token.create',
    summary: { en: 'Make an API token for yourself or for a service', hi: 'एपीआई टोकन बनाएँ' },
    permission: 'people.manage',
    effect: 'write',
    danger: 'none',
    audience: 'person',
    http: { method: 'POST', path: '/api/tokens' },
    input: z.strictObject({
      user: z
        .string()
        .trim()
        .min(1)
        .max(80)
        .exactOptional()
        .describe('whose token it is: me, or, at the machine, anybody')
        .meta({ example: 'me' }),
      role: z.enum(roles).exactOptional().describe('the role of a service account, in place of a person'),
      name: z
        .string()
        .trim()
        .min(1)
        .max(80)
        .exactOptional()
        .describe('what it is for')
        .meta({ example: 'n8n' }),
      days: z.int().min(1).max(365).default(90).describe('how long it works'),
    }),
    output: shownToken.extend({ token: z.string() }),
    chat: { examples: ['token create --role viewer --name n8n', 'token create --user me --days 30'] },
    run: async ({ services, ...ctx }, input) => {
      const { text, token } = await services.people.createToken(ctx, input);
      return { token: text, ...show(token) };
    },
    reply: (made, _input, { language }) =>
      withStatus(
        'ok',
        reply(
          words[language].tokenWorks(made.name, made.expiresAt.slice(0, 10)),
          code(made.token),
          context(words[language].tokenShownOnce(made.id)),
        ),
      ),
  }),
  operation({
    name: 'token.list',
    summary: { en: 'List the API tokens that work', hi: 'चालू एपीआई टोकन दिखाएँ' },
    permission: 'people.manage',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/tokens' },
    input: z.strictObject({}),
    output: z.object({ tokens: z.array(shownToken) }),
    chat: { aliases: ['tokens'], examples: ['token list'] },
    run: async ({ services, ...ctx }) => ({ tokens: (await services.people.listTokens(ctx)).map(show) }),
    reply: ({ tokens }, _input, { language }) => {
      const say = words[language];
      if (tokens.length === 0) return reply(say.tokens(0));
      return reply(
        say.tokens(tokens.length),
        table(
          say.tokenColumns.map((label) => ({ label })),
          tokens.map((token) => [
            token.name,
            token.user ?? say.service(token.role),
            token.expiresAt.slice(0, 10),
            [{ code: token.id }],
          ]),
        ),
      );
    },
  }),
  operation({
    name: 'token.revoke',
    summary: { en: 'End an API token at once', hi: 'एपीआई टोकन तुरंत बंद करें' },
    permission: 'people.manage',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'DELETE', path: '/api/tokens/:token' },
    input: z.strictObject({ token: tokenId }),
    output: shownToken,
    chat: {
      positional: ['token'],
      examples: ['token revoke tok_4mq0x9k2p7'],
      questions: { token: { en: 'Which token?', hi: 'कौन सा टोकन?' } },
    },
    run: async ({ services, ...ctx }, input) => show(await services.people.revokeToken(ctx, input.token)),
    reply: (token, _input, { language }) => withStatus('ok', reply(words[language].tokenEnded(token.name))),
  }),
  operation({
    name: 'session.list',
    summary: { en: 'List the browsers you are signed in with', hi: 'आप किन ब्राउज़रों में साइन इन हैं' },
    permission: 'room.use',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    input: z.strictObject({}),
    output: z.object({ sessions: z.array(shownSession) }),
    chat: { aliases: ['sessions'], examples: ['session list'] },
    run: async ({ services, ...ctx }) => {
      const sessions = await services.people.listSessions(ctx);
      return {
        sessions: sessions.map(({ _id: id, browser, createdAt }) => ({
          id,
          browser,
          since: createdAt.toISOString(),
        })),
      };
    },
    reply: ({ sessions }, _input, { zone, language }) => {
      const say = words[language];
      if (sessions.length === 0) return reply(say.signedIn(0));
      return reply(
        say.signedIn(sessions.length),
        table(
          say.sessionColumns(zone).map((label) => ({ label })),
          sessions.map(({ id, browser, since }) => [
            browser || say.unknownBrowser,
            saidTime(since, zone),
            [{ code: id }],
          ]),
        ),
      );
    },
  }),
  operation({
    name: 'session.revoke',
    summary: { en: 'Sign yourself out of a browser', hi: 'किसी ब्राउज़र से साइन आउट करें' },
    permission: 'room.use',
    effect: 'write',
    danger: 'none',
    input: z.strictObject({
      session: z
        .string()
        .trim()
        .min(4)
        .max(40)
        .describe('the id of a session')
        .meta({ example: 'ses_4mq0x9k2p7' }),
    }),
    output: shownSession,
    chat: {
      positional: ['session'],
      examples: ['session revoke ses_4mq0x9k2p7'],
      questions: { session: { en: 'Which session?', hi: 'कौन सा सत्र?' } },
    },
    run: async ({ services, ...ctx }, input) => {
      const { _id: id, browser, createdAt } = await services.people.endSession(ctx, input.session);
      return { id, browser, since: createdAt.toISOString() };
    },
    reply: ({ id }, _input, { language }) =>
      withStatus('ok', reply(words[language].sessionEnded, fields({ id: [{ code: id }] }))),
  }),
];

function saidTime(instant: string, zone: string): string {
  const format = new Intl.DateTimeFormat('en-IN', {
    timeZone: zone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return format.format(new Date(instant));
}
