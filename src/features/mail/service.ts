// Mails as staff see them: what was sent and how far it came, who gets none, and sending one again.
import { type EmailLog, queuedMail } from '../../../models/email-log.ts';
import type { MailState } from '../../../models/mail-state.ts';
import type { OutboxRow } from '../../../models/outbox-row.ts';
import { type Suppression, stops } from '../../../models/suppression.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { mailId, mailTo, maskedAddress, type OutgoingMail, type RenderMail } from '../../core/mail.ts';
import type { FactCollection, RecordCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import { type MailFigures, readFigures } from './figures.ts';
import { createHolds, type HoldNews } from './holds.ts';
import { createProviderNews, type MailEvent } from './provider-news.ts';
import { type HoldView, holdView, type MailDetail, type MailView, resendable, viewOf } from './views.ts';
import { words } from './words.ts';

export type Mail = ReturnType<typeof createMail>;

export interface MailParts {
  readonly logs: FactCollection<EmailLog>;
  readonly holds: FactCollection<Suppression>;
  readonly rows: RecordCollection<OutboxRow>;
  readonly render: RenderMail;
  readonly from: string;
  /** Where test mails go when no address is named. */
  readonly testAddress: string | undefined;
}

export function createMail(parts: MailParts) {
  const { logs, rows, render, from } = parts;
  const holds = createHolds(parts);
  const news = createProviderNews({ logs, holds });

  async function list(
    { tenant, actor }: Ctx,
    wish: { readonly state?: MailState | undefined },
    limit: number,
    skip = 0,
  ): Promise<{ readonly mails: readonly MailView[]; readonly total: number }> {
    const where = wish.state === undefined ? {} : { state: wish.state };
    const scoped = logs.scoped(tenant);
    const found = await scoped.find({ where, sort: [['createdAt', -1]], limit, skip });
    const waiting = await waitingRows(tenant, found);
    const total = await scoped.count(where);
    return { mails: found.map((log) => viewOf(log, waiting.get(log.itemId), actor)), total };
  }

  /** What the outbox knows of those that were not handed over yet. */
  async function waitingRows(tenant: string, found: readonly EmailLog[]): Promise<Map<string, OutboxRow>> {
    const ids = found.filter(({ state }) => state === 'queued').map(({ itemId }) => itemId);
    if (ids.length === 0) return new Map();
    const known = await rows.scoped(tenant).find({ where: { _id: { in: ids } }, limit: ids.length });
    return new Map(known.map((row) => [row._id, row]));
  }

  /** @throws AppError `record.not_found` */
  async function get(ctx: Ctx, id: string): Promise<EmailLog> {
    const log = await logs.scoped(ctx.tenant).get(id);
    if (!log)
      throw new AppError('record.not_found', `There is no mail “${id}”. This lists them: mail list`, {
        inHindi: `“${id}” नाम का कोई मेल नहीं है। सभी मेल देखने के लिए लिखें: mail list`,
      });
    return log;
  }

  async function show(ctx: Ctx, id: string): Promise<MailDetail> {
    const log = await get(ctx, id);
    const waiting = await waitingRows(ctx.tenant, [log]);
    const { from: sender, text, html, keptBack, resendOf } = log;
    const view = viewOf(log, waiting.get(log.itemId), ctx.actor);
    return { ...view, from: sender, text, html, keptBack, resendOf };
  }

  /** Writes the mail and the item that sends it in one document; the same effect again is the same mail. */
  async function queue(
    ctx: Ctx,
    to: string,
    mail: OutgoingMail & { readonly key: string },
    given: Partial<Pick<EmailLog, 'subject' | 'text' | 'html' | 'tags' | 'headers' | 'resendOf'>> = {},
  ): Promise<MailView> {
    const id = mailId(ctx.tenant, to, mail.key);
    const { template, category, tags = {} } = mail;
    const words = given.text === undefined ? await render(mail) : { subject: '', text: '', html: '' };
    const body = queuedMail(
      { ...words, to, from, template, category, tags, itemId: `${id}:1:1`, ...given },
      ctx.now,
    );
    const after = {
      to: maskedAddress(to),
      template,
      ...(given.resendOf ? { resendOf: given.resendOf } : {}),
    };
    const trace = traceOf(ctx, { target: id, after }, mailTo(to, mail));
    const { record } = await logs.scoped(ctx.tenant).insertOnce(id, body, trace);
    return viewOf(record, undefined, ctx.actor);
  }

  /** @throws AppError `input.invalid` when no address is named and none is set. */
  async function test(ctx: Ctx, address: string | undefined): Promise<MailView> {
    const to = address ?? parts.testAddress;
    if (to === undefined)
      throw new AppError(
        'input.invalid',
        'Name an address, or set ALERT_EMAIL. For example: mail test asha@example.com',
        { inHindi: 'कोई पता लिखें, या ALERT_EMAIL तय करें। जैसे: mail test asha@example.com' },
      );
    await assertNotHeld(ctx, to, 'transactional');
    const props = { by: ctx.actor.name, at: ctx.now.toISOString(), zone: ctx.zone };
    const key = `test/${ctx.effectKey}`;
    return await queue(ctx, to, {
      template: 'test',
      props,
      category: 'transactional',
      language: ctx.language,
      key,
    });
  }

  /** Sends the same words once more, as a mail of its own. @throws AppError `record.conflict` when that cannot help. */
  async function resend(ctx: Ctx, id: string): Promise<MailView> {
    const log = await get(ctx, id);
    if (!resendable.includes(log.state))
      throw new AppError(
        'record.conflict',
        `This mail is ${log.state.replaceAll('_', ' ')}: only failed, bounced and suppressed ones are sent again.`,
        {
          inHindi: `इस मेल की स्थिति: ${words.hi.states[log.state]}। केवल failed, bounced और suppressed मेल फिर से भेजे जाते हैं।`,
        },
      );
    if (log.keptBack)
      throw new AppError(
        'record.conflict',
        'This mail held a link that is not kept. Make a new one instead: team link <name>',
        { inHindi: 'इस मेल में एक लिंक था जो रखा नहीं जाता। नया लिंक बनाएँ: team link <name>' },
      );
    if (log.emptiedAt)
      throw new AppError(
        'record.conflict',
        `The words of this mail are no longer kept: they were emptied on ${log.emptiedAt.toISOString().slice(0, 10)}.`,
        {
          inHindi: `इस मेल का पाठ अब नहीं रखा जाता: वह ${log.emptiedAt.toISOString().slice(0, 10)} को मिटा दिया गया।`,
        },
      );
    await assertNotHeld(ctx, log.to, log.category);
    const { to, subject, text, html, tags, headers, template, category } = log;
    const mail = { template, props: {}, category, key: `resend/${id}/${ctx.effectKey}` };
    return await queue(ctx, to, mail, { subject, text, html, tags, headers, resendOf: id });
  }

  async function assertNotHeld(ctx: Ctx, address: string, category: EmailLog['category']): Promise<void> {
    const hold = (await holds.ofAddress(ctx, address)).find((one) => stops(one, category));
    if (!hold) return;
    throw new AppError(
      'record.conflict',
      `This address gets no mail: ${hold.reason}. Lift it first: mail unsuppress <address> --reason …`,
      {
        inHindi: `इस पते पर मेल नहीं भेजा जाता: ${hold.reason}। पहले रोक हटाएँ: mail unsuppress <address> --reason …`,
      },
    );
  }

  async function suppressions(ctx: Ctx, limit: number): Promise<readonly HoldView[]> {
    return (await holds.list(ctx, limit)).map((hold) => holdView(hold, ctx.actor));
  }

  async function suppress(ctx: Ctx, address: string, reason: string): Promise<HoldView> {
    const news = { address, holder: 'staff', active: true, reason, at: ctx.now, decided: true } as const;
    return holdView(await holds.note(ctx, news), ctx.actor);
  }

  async function unsuppress(ctx: Ctx, address: string, reason: string): Promise<readonly HoldView[]> {
    return (await holds.lift(ctx, address, reason)).map((hold) => holdView(hold, ctx.actor));
  }

  return {
    list,
    show,
    figures: (ctx: Ctx): Promise<MailFigures> => readFigures(ctx, logs, holds),
    test,
    resend,
    suppressions,
    suppress,
    unsuppress,
    /** What the provider told of a mail. */
    record: (ctx: Ctx, event: MailEvent): Promise<string> => news.record(ctx, event),
    /** What the provider told of an address. */
    hold: async (ctx: Ctx, told: HoldNews): Promise<void> => {
      await holds.note(ctx, told);
    },
  };
}
