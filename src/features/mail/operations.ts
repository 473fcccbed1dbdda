// The verbs of mail: what was sent and how far it came, a test, sending again, and who gets none.
import { z } from 'zod';
import { mailStates } from '../../../models/mail-state.ts';
import { suppressionHolders } from '../../../models/suppression.ts';
import { mailAddress, mailCategories } from '../../core/mail.ts';
import { operationsOf } from '../../core/operation.ts';
import { code, context, fields, type Reply, reply, table, withStatus } from '../../core/reply.ts';
import type { Mail } from './service.ts';
import type { HoldView, MailView } from './views.ts';
import { holderWords, stateMark, stateWords } from './words.ts';

const operation = operationsOf<{ readonly mail: Mail }>();

const MOST = 200;
const date = z.iso.datetime();

const shownMail = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  template: z.string(),
  category: z.enum(mailCategories),
  state: z.enum(mailStates),
  provider: z.enum(['resend', 'mock']).nullable(),
  why: z.string().nullable(),
  givenUp: z.boolean(),
  at: date,
  stateAt: date,
  openedAt: date.nullable(),
  clickedAt: date.nullable(),
  mayResend: z.boolean(),
});
type ShownMail = z.output<typeof shownMail>;

const shownHold = z.object({
  id: z.string(),
  address: z.string(),
  holder: z.enum(suppressionHolders),
  reason: z.string(),
  since: date,
});

const show = <V extends MailView>(view: V) => ({
  ...view,
  at: view.at.toISOString(),
  stateAt: view.stateAt.toISOString(),
  openedAt: view.openedAt?.toISOString() ?? null,
  clickedAt: view.clickedAt?.toISOString() ?? null,
});
const showHold = (view: HoldView) => ({ ...view, since: view.since.toISOString() });

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
    reply: ({ mails, total }, { state }) => listed(mails, total, state),
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
    reply: (one) =>
      withStatus(
        stateMark(one),
        reply(
          [{ bold: one.subject }, ` is ${stateWords(one)}.`],
          fields({ to: one.to, from: one.from, template: one.template, id: [{ code: one.id }] }),
          code(one.text),
        ),
      ),
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
    reply: (one) => queued('A test mail is on its way', one),
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
    reply: (one) => queued('The mail is sent once more', one),
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
    reply: ({ suppressions }) =>
      suppressions.length === 0
        ? reply('Every address gets mail: none bounced, complained or was taken off.')
        : reply(
            suppressions.length === 1
              ? '1 address gets no mail'
              : `${suppressions.length} addresses get no mail`,
            table(
              ['Address', 'Held by', 'Why'].map((label) => ({ label })),
              suppressions.map((hold) => [hold.address, holderWords[hold.holder], hold.reason]),
            ),
          ),
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
    reply: (hold) => withStatus('ok', reply([{ bold: hold.address }, ' gets no more mail.'])),
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
    reply: ({ lifted }) => withStatus('ok', reply([{ bold: lifted[0]?.address ?? '' }, ' gets mail again.'])),
  }),
];

function queued(fact: string, { to, id }: ShownMail): Reply {
  return withStatus('ok', reply([`${fact} to `, { bold: to }, '.'], context([{ code: id }])));
}

function listed(mails: readonly ShownMail[], total: number, state: string | undefined): Reply {
  if (mails.length === 0)
    return reply(
      state === undefined
        ? 'No mail was written yet. This sends one: mail test asha@example.com'
        : `No mail is ${state.replaceAll('_', ' ')}.`,
    );
  const columns = ['To', 'Subject', 'State', 'Why', 'Id'].map((label) => ({ label }));
  const cells = mails.map((one) => [one.to, one.subject, stateWords(one), one.why ?? '', [{ code: one.id }]]);
  const worst = mails.some((one) => stateMark(one) === 'act');
  return withStatus(worst ? 'look' : 'ok', reply(countWords(total, mails.length), table(columns, cells)));
}

function countWords(total: number, shown: number): string {
  if (total === 1) return '1 mail';
  return total === shown ? `${total} mails` : `${total} mails; these are the newest ${shown}`;
}
