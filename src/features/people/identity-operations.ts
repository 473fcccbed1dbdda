// The verbs of one's own accounts: who am I, link a chat account, part it again.
import { z } from 'zod';
import type { Identity } from '../../../models/identity.ts';
import { actorKinds, mayDo } from '../../core/actor.ts';
import type { Language } from '../../core/context.ts';
import { operationsOf } from '../../core/operation.ts';
import { allowedBy } from '../../core/permission-words.ts';
import { type Permission, permissions, roles } from '../../core/permissions.ts';
import {
  type Block,
  buttons,
  code,
  context,
  fields,
  list,
  reply,
  table,
  text,
  withStatus,
} from '../../core/reply.ts';
import type { Identities } from './identities.ts';
import { identityWords } from './identity-words.ts';
import { personIn } from './parts.ts';

const operation = operationsOf<{ readonly identities: Identities }>();

const account = z.object({ id: z.string(), platform: z.string(), account: z.string(), name: z.string() });

const shown = ({ _id: id, platform, account: named, name }: Identity): z.output<typeof account> => ({
  id,
  platform,
  account: named,
  name,
});

const platformNames: Readonly<Record<string, string>> = { slack: 'Slack', telegram: 'Telegram' };
const platformName = (platform: string): string => platformNames[platform] ?? platform;

const accountsBlock = (
  accounts: readonly z.output<typeof account>[],
  language: Language,
): readonly Block[] =>
  accounts.length === 0
    ? []
    : [
        text(identityWords[language].accounts),
        list(accounts.map((one) => `${platformName(one.platform)}: ${one.name} (${one.account})`)),
      ];

export const identityOperations = [
  operation({
    name: 'me.show',
    summary: { en: 'Show who you are here and what you may do', hi: 'आप कौन हैं और क्या कर सकते हैं' },
    permission: 'self.manage',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    http: { method: 'GET', path: '/api/me' },
    input: z.strictObject({}),
    output: z.object({
      id: z.string(),
      name: z.string(),
      kind: z.enum(actorKinds),
      role: z.enum(roles),
      tenant: z.string(),
      zone: z.string(),
      language: z.enum(['en', 'hi']),
      accounts: z.array(account),
      may: z.array(z.object({ permission: z.string(), allows: z.string() })),
    }),
    chat: {
      said: ['who am I', 'what is my role', 'main kaun hun', 'मैं कौन हूँ', 'meri bhumika kya hai'],
      aliases: ['me', 'whoami'],
      examples: ['me'],
    },
    run: async ({ services, ...ctx }) => ({
      ...ctx.actor,
      tenant: ctx.tenant,
      zone: ctx.zone,
      language: ctx.language,
      accounts:
        ctx.actor.kind === 'person' ? (await services.identities.of(ctx, ctx.actor.id)).map(shown) : [],
      may: (Object.keys(permissions) as Permission[])
        .filter((permission) => mayDo(ctx.actor, permission))
        .map((permission) => ({ permission, allows: allowedBy(permission, ctx.language) })),
    }),
    reply: (me, _input, { language }) => {
      const say = identityWords[language];
      if (me.kind === 'stranger')
        return reply(say.seenAs(me.name, me.id), text(say.howToLink), context(say.askForInvitation));
      return reply(
        say.youAre(me.name, me.role),
        fields({
          id: [{ code: me.id }],
          [say.tenant]: me.tenant,
          [say.zone]: me.zone,
          [say.language]: me.language,
        }),
        ...accountsBlock(me.accounts, language),
        table(
          say.mayColumns.map((label) => ({ label })),
          me.may.map(({ permission, allows }) => [allows, [{ code: permission }]]),
        ),
      );
    },
  }),
  operation({
    name: 'me.link',
    summary: { en: 'Link a chat account to yourself', hi: 'अपना चैट खाता जोड़ें' },
    permission: 'self.manage',
    effect: 'write',
    danger: 'none',
    audience: 'person',
    http: { method: 'POST', path: '/api/me/link' },
    input: z.strictObject({
      code: z
        .string()
        .trim()
        .min(1)
        .max(40)
        .describe('the code from the other side; none makes one')
        .meta({ example: 'K7Q2-9FXM' })
        .exactOptional(),
      confirm: z.boolean().default(false).describe('that the account named in the answer is yours'),
    }),
    output: z.object({
      state: z.enum(['offered', 'unconfirmed', 'linked']),
      code: z.string().nullable(),
      expiresAt: z.iso.datetime().nullable(),
      platform: z.string().nullable(),
      account: z.string().nullable(),
      name: z.string().nullable(),
    }),
    chat: { aliases: ['link'], positional: ['code'], examples: ['link', 'link K7Q2-9FXM'] },
    run: async ({ services: { identities }, ...ctx }, { code: typed, confirm }) => {
      const nothing = { code: null, expiresAt: null, platform: null, account: null, name: null };
      if (typed === undefined) {
        const { code: made, expiresAt } = await identities.offer(ctx);
        return { ...nothing, state: 'offered' as const, code: made, expiresAt: expiresAt.toISOString() };
      }
      const joined = await identities.join(ctx, typed, confirm);
      if (joined.kind === 'unconfirmed') {
        const { platform, account: named, name } = joined;
        return { ...nothing, state: joined.kind, code: typed, platform, account: named, name };
      }
      const { platform, account: named } = joined.identity;
      return { ...nothing, state: joined.kind, platform, account: named, name: joined.personName };
    },
    reply: (output, _input, { actor, language }) => {
      const say = identityWords[language];
      if (output.state === 'offered')
        return reply(
          say.sayAtTheOtherSide,
          code(`/link ${output.code ?? ''}`),
          context(actor.kind === 'stranger' ? say.otherSideIsHere : say.otherSideIsChat),
        );
      const platform = platformName(output.platform ?? '');
      const named = output.account ?? '';
      const called = output.name ?? '';
      if (output.state === 'unconfirmed')
        return withStatus(
          'look',
          reply(
            say.isItYours(platform, called, named),
            text(say.ifItIsNot),
            buttons({
              label: say.itIsMine,
              operation: 'me.link',
              input: { code: output.code ?? '', confirm: true },
              style: 'danger',
            }),
          ),
        );
      return withStatus('ok', reply(say.actsFor(platform, named, called), context(say.partItAgain)));
    },
  }),
  operation({
    name: 'me.unlink',
    summary: { en: 'Part a chat account from yourself', hi: 'अपना चैट खाता अलग करें' },
    permission: 'self.manage',
    effect: 'write',
    danger: 'confirm',
    audience: 'person',
    http: { method: 'POST', path: '/api/me/unlink' },
    input: z.strictObject({
      account: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .describe('the account or its platform, as /me shows it')
        .meta({ example: 'telegram' }),
    }),
    output: account,
    chat: {
      aliases: ['unlink'],
      positional: ['account'],
      examples: ['unlink telegram'],
      questions: { account: { en: 'Which account?', hi: 'कौन सा खाता?' } },
    },
    run: async ({ services, ...ctx }, input) =>
      shown(await services.identities.part(ctx, personIn(ctx), input.account)),
    reply: (output, _input, { language }) =>
      withStatus('ok', reply(identityWords[language].parted(platformName(output.platform), output.account))),
  }),
];
