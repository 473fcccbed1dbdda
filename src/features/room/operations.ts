// The verbs of the room itself: what may I do here, and why may I not.
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { operationsOf } from '../../core/operation.ts';
import { roles } from '../../core/permissions.ts';
import { helpReply, overviewReply, whyReply } from './replies.ts';
import type { Room } from './service.ts';

const operation = operationsOf<{ room: Room }>();

const line = { verb: z.string(), example: z.string(), summary: z.string() };
const holder = z.strictObject({ name: z.string(), role: z.enum(roles) });

const argument = z.strictObject({
  name: z.string(),
  flag: z.string(),
  meaning: z.string(),
  required: z.boolean(),
  choices: z.array(z.string()).readonly(),
  preset: z.string().nullable(),
  example: z.string().nullable(),
});

const helpOutput = z.strictObject({
  /** What may be run, by noun; empty when one verb is explained. */
  groups: z
    .array(z.strictObject({ noun: z.string(), verbs: z.array(z.strictObject(line)).readonly() }))
    .readonly(),
  verb: z
    .strictObject({
      ...line,
      permission: z.string(),
      asksFirst: z.boolean(),
      approvers: z.string().nullable(),
      aliases: z.array(z.string()).readonly(),
      examples: z.array(z.string()).readonly(),
      arguments: z.array(argument).readonly(),
    })
    .nullable(),
});

export const roomOperations = [
  operation({
    name: 'help.show',
    summary: { en: 'Show what you may do here', hi: 'आप यहाँ क्या कर सकते हैं' },
    permission: 'room.use',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    input: z.strictObject({
      verb: z
        .string()
        .max(100)
        .meta({ description: 'the verb, or its first word', example: 'task add' })
        .exactOptional(),
    }),
    output: helpOutput,
    http: { method: 'GET', path: '/api/help' },
    chat: {
      said: ['what can I do here', 'main kya kar sakta hun', 'मैं क्या कर सकता हूँ'],
      aliases: ['help'],
      positional: ['verb'],
      examples: ['help', 'help task add'],
    },
    run: async ({ services: { room }, actor, language }, { verb: words }) => {
      if (words === undefined) return { groups: room.overview(actor, language), verb: null };
      const verb = room.explain(actor, language, words);
      if (verb) return { groups: [], verb };
      const groups = room.overview(actor, language, words);
      if (groups.length > 0) return { groups, verb: null };
      throw new AppError(
        'input.unknown_operation',
        `You have no verb “${words}”. Say /help for all of yours, or /why ${words} for the reason.`,
        {
          inHindi: `आपके पास “${words}” आदेश नहीं है। अपने सभी आदेश देखने के लिए /help लिखें, और कारण के लिए /why ${words}`,
        },
      );
    },
    reply: ({ groups, verb }, { verb: about }, { actor, language }) =>
      verb ? helpReply(verb, language) : overviewReply(groups, about, actor.role, language),
  }),
  operation({
    name: 'why.show',
    summary: { en: 'Show why you may or may not run a verb', hi: 'कोई आदेश क्यों चल या नहीं चल सकता' },
    permission: 'room.use',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    input: z.strictObject({
      verb: z.string().min(1).max(100).meta({ description: 'the verb in question', example: 'task add' }),
    }),
    output: z.strictObject({
      verb: z.string(),
      allowed: z.boolean(),
      role: z.enum(roles),
      permission: z.string(),
      allows: z.string(),
      leastRole: z.enum(roles),
      forPeopleAlone: z.boolean(),
      holders: z.array(holder).readonly(),
      granters: z.array(holder).readonly(),
    }),
    http: { method: 'GET', path: '/api/why/:verb' },
    chat: {
      aliases: ['why'],
      positional: ['verb'],
      examples: ['why task add'],
      questions: { verb: { en: 'Which verb do you mean?', hi: 'कौन सा आदेश?' } },
    },
    run: ({ services: { room }, tenant, actor }, { verb }) => room.why(tenant, actor, verb),
    reply: (reason, _input, { language }) => whyReply(reason, language),
  }),
];
