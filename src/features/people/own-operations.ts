// The verbs of oneself: a sign-in link for the pages, language and time zone.
import { z } from 'zod';
import { operationsOf } from '../../core/operation.ts';
import { context, reply, text, withStatus } from '../../core/reply.ts';
import { personIn } from './parts.ts';
import type { People } from './service.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly people: People }>();

export const ownOperations = [
  operation({
    name: 'me.login',
    summary: { en: 'Get a link that signs you in to the pages', hi: 'पन्नों में साइन इन करने का लिंक लें' },
    permission: 'room.use',
    effect: 'write',
    danger: 'none',
    audience: 'person',
    input: z.strictObject({}),
    output: z.object({ link: z.string(), expiresAt: z.iso.datetime() }),
    chat: { aliases: ['login'], examples: ['login'] },
    run: async ({ services, ...ctx }) => {
      const { link } = await services.people.relink(ctx, personIn(ctx));
      return { link: link.url, expiresAt: link.expiresAt.toISOString() };
    },
    reply: (output, _input, { language }) =>
      reply(
        words[language].loginOnce,
        text([{ link: output.link, href: output.link }]),
        context(words[language].giveItToNobody),
      ),
  }),
  operation({
    name: 'me.set',
    summary: { en: 'Set your language and time zone', hi: 'अपनी भाषा और समय क्षेत्र चुनें' },
    permission: 'room.use',
    effect: 'write',
    danger: 'none',
    audience: 'person',
    http: { method: 'PUT', path: '/api/me' },
    input: z.strictObject({
      language: z.enum(['en', 'hi']).describe('English or Hindi').exactOptional(),
      zone: z
        .string()
        .trim()
        .max(60)
        .refine(isZone, 'this is no IANA time zone')
        .describe('IANA time zone')
        .meta({ example: 'Asia/Kolkata' })
        .exactOptional(),
    }),
    output: z.object({ language: z.enum(['en', 'hi']), zone: z.string() }),
    chat: {
      aliases: ['language'],
      positional: ['language'],
      examples: ['language hi', 'me set --zone Europe/London'],
    },
    run: async ({ services, ...ctx }, { language, zone }) => {
      const person = await services.people.setOwn(ctx, personIn(ctx), {
        ...(language === undefined ? {} : { language }),
        ...(zone === undefined ? {} : { zone }),
      });
      return { language: person.language, zone: person.zone };
    },
    reply: ({ language, zone }) =>
      withStatus('ok', reply(words[language].language, context(words[language].zone(zone)))),
  }),
];
function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
