// The verbs of mail: what was sent and how far it came, a test, sending again, and who gets none.
import { z } from 'zod';
import { mailStates } from '../../../models/mail-state.ts';
import { mailAddress } from '../../core/mail.ts';
import { operationsOf } from '../../core/operation.ts';
import { reply, withStatus } from '../../core/reply.ts';
import { listed, listedHolds, queued, shownOne } from './replies.ts';
import type { Mail } from './service.ts';
import { show, showHold, shownHold, shownMail } from './shapes.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly mail: Mail }>();

const MOST = 200;

const mail = z
  .string()
  .trim()
  .min(4)
  .max(40)
  .describe('the id of a mail')
  .meta({ example: 'eml_4mq0x9k2p7' });
const reason = z.string().trim().min(3).max(200).describe('why, for whoever looks later');
const whichMail = { mail: { en: 'Which mail?', hi: 'कौन सा मेल?' } };
const whichAddress = {
  address: { en: 'Which address?', hi: 'कौन सा पता?' },
  reason: { en: 'Why?', hi: 'क्यों?' },
};
const BASE = '/api/admin/mail';

export const mailOperations = [
  operation({
    name: 'mail.list',
    summary: { en: 'Show mails and how far they came', hi: 'मेल और उनकी स्थिति दिखाएँ' },
    permission: 'mail.read',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    http: { method: 'GET', path: BASE },
    input: z.strictObject({
      state: z.enum(mailStates).exactOptional().describe('only those that stand there'),
      limit: z.int().min(1).max(MOST).default(20).describe('how many, the newest first'),
    }),
    output: z.object({ mails: z.array(shownMail), total: z.int() }),
    chat: {
      said: ['which mails were sent', 'did the mail arrive', 'kaun se mail gaye', 'कौन से ईमेल भेजे गए'],
      aliases: ['mails'],
      positional: ['state'],
      examples: ['mail list', 'mail list bounced'],
    },
    run: async ({ services, ...ctx }, { state, limit }) => {
      const { mails, total } = await services.mail.list(ctx, { state }, limit);
      return { mails: mails.map(show), total };
    },
    reply: ({ mails, total }, { state }, { language }) => listed(mails, total, state, language),
  }),
  operation({
    name: 'mail.show',
    summary: { en: 'Show one mail as its reader got it', hi: 'एक मेल दिखाएँ' },
    permission: 'mail.read',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    http: { method: 'GET', path: `${BASE}/:mail` },
    input: z.strictObject({ mail }),
    output: shownMail.extend({
      from: z.string(),
      text: z.string(),
      html: z.string(),
      keptBack: z.boolean(),
      resendOf: z.string().nullable(),
    }),
    chat: { positional: ['mail'], examples: ['mail show eml_4mq0x9k2p7'], questions: whichMail },
    run: async ({ services, ...ctx }, input) => show(await services.mail.show(ctx, input.mail)),
    reply: (one, _input, { language }) => shownOne(one, language),
  }),
  operation({
    name: 'mail.test',
    summary: { en: 'Send a test mail', hi: 'जाँच के लिए मेल भेजें' },
    permission: 'mail.manage',
    effect: 'write',
    danger: 'confirm',
    audience: 'person',
    http: { method: 'POST', path: `${BASE}/test` },
    input: z.strictObject({ to: mailAddress.exactOptional().describe('where to; ALERT_EMAIL unless named') }),
    output: shownMail,
    chat: { positional: ['to'], examples: ['mail test asha@example.com', 'mail test'] },
    run: async ({ services, ...ctx }, { to }) => show(await services.mail.test(ctx, to)),
    reply: (one, _input, { language }) => queued(words[language].testing(one.to), one),
  }),
  operation({
    name: 'mail.resend',
    summary: { en: 'Send a mail once more that failed, bounced or was held back', hi: 'असफल मेल फिर भेजें' },
    permission: 'mail.manage',
    effect: 'write',
    danger: 'confirm',
    audience: 'person',
    http: { method: 'POST', path: `${BASE}/:mail/resend` },
    input: z.strictObject({ mail }),
    output: shownMail,
    chat: { positional: ['mail'], examples: ['mail resend eml_4mq0x9k2p7'], questions: whichMail },
    run: async ({ services, ...ctx }, input) => show(await services.mail.resend(ctx, input.mail)),
    reply: (one, _input, { language }) => queued(words[language].resending(one.to), one),
  }),
  operation({
    name: 'mail.suppressions',
    summary: { en: 'Show who gets no mail, and why', hi: 'किसे मेल नहीं भेजा जाता और क्यों' },
    permission: 'mail.read',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    http: { method: 'GET', path: '/api/admin/mail-suppressions' },
    input: z.strictObject({
      limit: z.int().min(1).max(1000).default(50).describe('how many, the newest first'),
    }),
    output: z.object({ suppressions: z.array(shownHold) }),
    chat: { examples: ['mail suppressions'] },
    run: async ({ services, ...ctx }, { limit }) => ({
      suppressions: (await services.mail.suppressions(ctx, limit)).map(showHold),
    }),
    reply: ({ suppressions }, _input, { language }) => listedHolds(suppressions, language),
  }),
  operation({
    name: 'mail.suppress',
    summary: { en: 'Send no more mail to an address', hi: 'किसी पते पर मेल बंद करें' },
    permission: 'mail.manage',
    effect: 'write',
    danger: 'confirm',
    audience: 'person',
    http: { method: 'POST', path: '/api/admin/mail-suppressions' },
    input: z.strictObject({ address: mailAddress, reason }),
    output: shownHold,
    chat: {
      positional: ['address', 'reason'],
      examples: ['mail suppress asha@example.com asked by phone'],
      questions: whichAddress,
    },
    run: async ({ services, ...ctx }, input) =>
      showHold(await services.mail.suppress(ctx, input.address, input.reason)),
    reply: ({ address }, _input, { language }) => withStatus('ok', reply(words[language].heldNow(address))),
  }),
  operation({
    name: 'mail.unsuppress',
    summary: { en: 'Send mail to an address again', hi: 'किसी पते पर मेल फिर चालू करें' },
    permission: 'mail.manage',
    effect: 'write',
    danger: 'confirm',
    audience: 'person',
    http: { method: 'DELETE', path: '/api/admin/mail-suppressions' },
    input: z.strictObject({ address: mailAddress, reason }),
    output: z.object({ lifted: z.array(shownHold) }),
    chat: {
      positional: ['address', 'reason'],
      examples: ['mail unsuppress asha@example.com mailbox was cleared'],
      questions: whichAddress,
    },
    run: async ({ services, ...ctx }, input) => ({
      lifted: (await services.mail.unsuppress(ctx, input.address, input.reason)).map(showHold),
    }),
    reply: ({ lifted }, _input, { language }) =>
      withStatus('ok', reply(words[language].heldNoMore(lifted[0]?.address ?? ''))),
  }),
];
