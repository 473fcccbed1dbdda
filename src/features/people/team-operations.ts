// The verbs of the team: who is on it, inviting, changing roles, removing, and new sign-in links.
import { z } from 'zod';
import type { Person } from '../../../models/person.ts';
import type { Language } from '../../core/context.ts';
import { mailAddress } from '../../core/mail.ts';
import { operationsOf } from '../../core/operation.ts';
import { roles } from '../../core/permissions.ts';
import { context, fields, type Reply, reply, table, withStatus } from '../../core/reply.ts';
import type { IssuedLink, People } from './service.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly people: People }>();

const who = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .describe('somebody on the team, by name or id, or me')
  .meta({ example: 'Asha' });
const role = z.enum(roles).describe('what they may do: each role holds what the lesser ones hold');

const shownPerson = z.object({ id: z.string(), name: z.string(), role: z.enum(roles), status: z.string() });
const shownInvitation = shownPerson.extend({ link: z.string(), expiresAt: z.iso.datetime() });

const show = ({ _id: id, name, role, status }: Person): z.output<typeof shownPerson> => ({
  id,
  name,
  role,
  status,
});

const showInvitation = (made: { readonly person: Person; readonly link: IssuedLink }) => ({
  ...show(made.person),
  link: made.link.url,
  expiresAt: made.link.expiresAt.toISOString(),
});

function invitation(made: z.output<typeof shownInvitation>, language: Language, mailedTo?: string): Reply {
  const say = words[language];
  return withStatus(
    'ok',
    reply(
      say.joined(made.name, made.role),
      fields({ [say.signInLink]: [{ link: made.link, href: made.link }], id: [{ code: made.id }] }),
      context(mailedTo === undefined ? say.giveTheLink : say.mailedTo(mailedTo)),
    ),
  );
}

export const teamOperations = [
  operation({
    name: 'team.list',
    summary: { en: 'List who is on the team', hi: 'टीम में कौन है' },
    permission: 'people.read',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/team' },
    input: z.strictObject({}),
    output: z.object({ people: z.array(shownPerson) }),
    chat: {
      said: ['who is on the team', 'team mein kaun hai', 'टीम में कौन कौन है'],
      aliases: ['team'],
      examples: ['team list'],
    },
    run: async ({ services, ...ctx }) => ({ people: (await services.people.list(ctx)).map(show) }),
    reply: ({ people }, _input, { language }) =>
      reply(
        words[language].onTheTeam(people.length),
        table(
          words[language].teamColumns.map((label) => ({ label })),
          people.map((person) => [person.name, person.role, [{ code: person.id }]]),
        ),
      ),
  }),
  operation({
    name: 'team.invite',
    summary: { en: 'Invite somebody and get their sign-in link', hi: 'किसी को टीम में बुलाएँ' },
    permission: 'people.manage',
    effect: 'write',
    danger: 'none',
    audience: 'person',
    http: { method: 'POST', path: '/api/team' },
    input: z.strictObject({
      name: z.string().trim().min(1).max(80).describe('what they are called').meta({ example: 'Asha' }),
      role: role.default('user'),
      email: mailAddress.exactOptional().describe('where to mail the link as well'),
    }),
    output: shownInvitation,
    chat: {
      aliases: ['user create'],
      positional: ['name', 'role'],
      examples: ['team invite Asha manager', 'team invite "Asha Rao" --role viewer --email asha@example.com'],
      questions: { name: { en: 'What are they called?', hi: 'उनका नाम क्या है?' } },
    },
    run: async ({ services, ...ctx }, input) =>
      showInvitation(await services.people.invite(ctx, input.name, input.role, input.email)),
    reply: (made, { email }, { language }) => invitation(made, language, email),
  }),
  operation({
    name: 'team.role',
    summary: { en: 'Change somebody’s role', hi: 'किसी की भूमिका बदलें' },
    permission: 'people.manage',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'PUT', path: '/api/team/:person' },
    input: z.strictObject({ person: who, role }),
    output: shownPerson,
    chat: {
      positional: ['person', 'role'],
      examples: ['team role Asha manager'],
      questions: {
        person: { en: 'Whose role?', hi: 'किसकी भूमिका?' },
        role: { en: 'Which role?', hi: 'कौन सी भूमिका?' },
      },
    },
    run: async ({ services, ...ctx }, input) =>
      show(await services.people.setRole(ctx, input.person, input.role)),
    reply: (person, _input, { language }) =>
      withStatus('ok', reply(words[language].roleNow(person.name, person.role))),
  }),
  operation({
    name: 'team.remove',
    summary: { en: 'Take somebody off the team at once', hi: 'किसी को टीम से हटाएँ' },
    permission: 'people.manage',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'DELETE', path: '/api/team/:person' },
    input: z.strictObject({ person: who }),
    output: shownPerson,
    chat: {
      positional: ['person'],
      examples: ['team remove Asha'],
      questions: { person: { en: 'Who?', hi: 'कौन?' } },
    },
    run: async ({ services, ...ctx }, input) => show(await services.people.remove(ctx, input.person)),
    reply: (person, _input, { language }) => withStatus('ok', reply(words[language].removed(person.name))),
  }),
  operation({
    name: 'team.link',
    summary: { en: 'Make a new sign-in link, for yourself or an invited person', hi: 'नया साइन-इन लिंक बनाएँ' },
    permission: 'people.manage',
    effect: 'write',
    danger: 'none',
    audience: 'person',
    input: z.strictObject({ person: who }),
    output: shownInvitation,
    chat: {
      aliases: ['user link'],
      positional: ['person'],
      examples: ['team link Asha', 'team link me'],
      questions: { person: { en: 'For whom?', hi: 'किसके लिए?' } },
    },
    run: async ({ services, ...ctx }, input) =>
      showInvitation(await services.people.relink(ctx, input.person)),
    reply: (made, _input, { language }) => invitation(made, language),
  }),
];
