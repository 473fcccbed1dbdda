// The verbs that bind rooms of chat platforms to the team: answers may be read there, and announcements go there.
import { z } from 'zod';
import type { ChatRoom } from '../../../models/chat-room.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, reply, table, withStatus } from '../../core/reply.ts';
import { bindingWords } from './binding-words.ts';
import type { Rooms } from './rooms.ts';

const operation = operationsOf<{ readonly rooms: Rooms }>();

const room = z
  .string()
  .trim()
  .regex(/^(slack|telegram):[\w-]+\/[\w@-]+$/, 'a room is written as platform:team/room')
  .max(200)
  .describe('the room; the one this is said in unless named')
  .meta({ example: 'slack:T0123/C0456' })
  .exactOptional();
const shownRoom = z.object({ room: z.string(), status: z.string() });
const shown = ({ room: named, status }: ChatRoom): z.output<typeof shownRoom> => ({ room: named, status });

/** @throws AppError `input.invalid` where the verb is said outside a chat room. */
function roomIn(ctx: Ctx, named: string | undefined): string {
  if (named !== undefined) return named;
  if (ctx.room && !ctx.room.startsWith('console:')) return ctx.room;
  throw new AppError(
    'input.invalid',
    'Say this in the Slack channel or Telegram group it is about, or name the room, such as slack:T0123/C0456.',
    {
      inHindi: 'इसे उसी Slack चैनल या Telegram ग्रुप में लिखें, या कमरे का नाम दें, जैसे slack:T0123/C0456',
    },
  );
}

export const bindingOperations = [
  operation({
    name: 'room.list',
    summary: { en: 'List the chat rooms that belong to the team', hi: 'टीम के चैट कमरे' },
    permission: 'people.read',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/rooms' },
    input: z.strictObject({}),
    output: z.object({ rooms: z.array(shownRoom) }),
    chat: { aliases: ['rooms'], examples: ['room list'] },
    run: async ({ services, ...ctx }) => ({ rooms: (await services.rooms.list(ctx)).map(shown) }),
    reply: ({ rooms }, _input, { language }) => {
      const say = bindingWords[language];
      if (rooms.length === 0) return reply(say.none, context(say.howToBind));
      return reply(
        say.belong(rooms.length),
        table(
          [{ label: say.room }],
          rooms.map((one) => [[{ code: one.room }]]),
        ),
      );
    },
  }),
  operation({
    name: 'room.bind',
    summary: { en: 'Let a chat room read answers and announcements', hi: 'इस कमरे में जवाब और सूचनाएँ दिखाएँ' },
    permission: 'people.manage',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'POST', path: '/api/rooms' },
    input: z.strictObject({ room }),
    output: shownRoom,
    chat: { positional: ['room'], examples: ['room bind', 'room bind slack:T0123/C0456'] },
    run: async ({ services, ...ctx }, input) =>
      shown(await services.rooms.bind(ctx, roomIn(ctx, input.room))),
    reply: (output, _input, { language }) =>
      withStatus('ok', reply(bindingWords[language].bound(output.room))),
  }),
  operation({
    name: 'room.unbind',
    summary: {
      en: 'Let a chat room read no answers or announcements any more',
      hi: 'इस कमरे में जवाब और सूचनाएँ न दिखाएँ',
    },
    permission: 'people.manage',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'POST', path: '/api/rooms/unbind' },
    input: z.strictObject({ room }),
    output: shownRoom,
    chat: { positional: ['room'], examples: ['room unbind'] },
    run: async ({ services, ...ctx }, input) =>
      shown(await services.rooms.unbind(ctx, roomIn(ctx, input.room))),
    reply: (output, _input, { language }) =>
      withStatus('ok', reply(bindingWords[language].unbound(output.room))),
  }),
];
