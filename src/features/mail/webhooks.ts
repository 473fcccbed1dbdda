// What Resend tells of mails and of its own list of held addresses. Source: resend.com/docs/webhooks, event types.
import { z } from 'zod';
import { createScrubber } from '../../core/scrub.ts';
import { sourcesOf } from '../../core/webhook-source.ts';
import type { Mail } from './service.ts';

const stateOf = {
  'email.sent': 'sent',
  'email.delivered': 'delivered',
  'email.delivery_delayed': 'delivery_delayed',
  'email.bounced': 'bounced',
  'email.complained': 'complained',
  'email.failed': 'failed',
  'email.suppressed': 'suppressed',
} as const;

const markOf = { 'email.opened': 'opened', 'email.clicked': 'clicked' } as const;

const stateEvents = [
  'sent',
  'delivered',
  'delivery_delayed',
  'bounced',
  'complained',
  'failed',
  'suppressed',
].map((state) => `email.${state}`);
const holdEvents = ['suppression.added', 'suppression.removed'];
const known = new Set([...stateEvents, ...Object.keys(markOf), ...holdEvents]);

/** ISO 8601, with a space for the `T` and a short offset as older events have it. */
const instant = z
  .string()
  .max(40)
  .transform((text, ctx) => {
    const at = new Date(
      text
        .trim()
        .replace(' ', 'T')
        .replace(/([+-]\d\d)$/, '$1:00'),
    );
    if (!Number.isNaN(at.getTime())) return at;
    ctx.addIssue('is no instant');
    return z.NEVER;
  });

const scrub = createScrubber();

/** Reasons are cut, not refused, and say no addresses: servers like to repeat the one that failed. */
const words = z
  .string()
  .transform((text) => scrub(text.replaceAll(/\s+/g, ' ').trim()).slice(0, 300))
  .optional();

const address = z.string().min(3).max(320);

const mailData = z.object({
  email_id: z.string().min(1).max(100),
  to: z.union([z.array(address).max(100), address.transform((one) => [one])]).default([]),
  /** An object of names and values; some versions send a list. Anything else counts as none. */
  tags: z.unknown(),
  bounce: z.object({ message: words, type: words, subType: words }).nullish(),
  failed: z.object({ reason: words }).nullish(),
  suppressed: z.object({ message: words, type: words }).nullish(),
});

const mailTypes = [
  'email.sent',
  'email.delivered',
  'email.delivery_delayed',
  'email.bounced',
  'email.complained',
  'email.failed',
  'email.suppressed',
  'email.opened',
  'email.clicked',
] as const;

const mailEvent = z.object({ type: z.enum(mailTypes), created_at: instant, data: mailData });

const holdEvent = z.object({
  type: z.enum(['suppression.added', 'suppression.removed']),
  created_at: instant,
  data: z.object({ email: address, origin: words }),
});

/** Contacts, domains, received mail and whatever comes later: authentic, and nothing of ours. */
const otherEvent = z.object({
  type: z
    .string()
    .max(100)
    .refine((type) => !known.has(type)),
});

type MailPayload = z.output<typeof mailEvent>;

/** A bounce that may pass, such as a full mailbox, holds nobody back. */
const PASSING = /transient|temporary|soft|undetermined/i;

export const resendSource = sourcesOf<{ readonly mail: Mail }>()({
  name: 'resend',
  summary: 'What became of mails, told by Resend',
  scheme: 'svix',
  secretVariable: 'RESEND_WEBHOOK_SECRET',
  checkedAt: 'worker',
  payload: z.union([mailEvent, holdEvent, otherEvent]),
  sample: (id, at) => ({
    type: 'email.delivered',
    created_at: at.toISOString(),
    data: {
      email_id: id,
      created_at: at.toISOString(),
      from: 'Wardroom <ops@example.com>',
      to: ['asha@example.com'],
      subject: 'A test',
    },
  }),
  handle: async ({ services, ...ctx }, payload) => {
    if (isMail(payload)) return `${payload.type}: ${await services.mail.record(ctx, eventOf(payload))}`;
    if (isHold(payload)) {
      const active = payload.type === 'suppression.added';
      const reason = `${payload.data.origin ?? 'held back'} (told by Resend)`;
      const news = {
        address: payload.data.email,
        holder: 'provider',
        active,
        reason,
        at: payload.created_at,
      } as const;
      await services.mail.hold(ctx, news);
      return `${payload.type}: noted`;
    }
    return `${payload.type}: nothing to do`;
  },
});

const isMail = (payload: { readonly type: string }): payload is MailPayload =>
  mailTypes.some((type) => type === payload.type);
const isHold = (payload: { readonly type: string }): payload is z.output<typeof holdEvent> =>
  holdEvents.includes(payload.type);

function eventOf({ type, created_at: at, data }: MailPayload) {
  const detail = data.bounce?.message ?? data.failed?.reason ?? data.suppressed?.message ?? null;
  const common = { at, providerId: data.email_id, mail: tagOf(data.tags), to: data.to, detail };
  if (type === 'email.opened' || type === 'email.clicked')
    return { ...common, told: { mark: markOf[type] }, holdBack: null };
  return { ...common, told: { news: stateOf[type] }, holdBack: holdBackOf(type, data) };
}

function holdBackOf(type: string, { bounce }: MailPayload['data']): string | null {
  if (type === 'email.complained') return 'complaint';
  if (type !== 'email.bounced') return null;
  return PASSING.test(bounce?.type ?? '') ? null : `bounce${bounce?.subType ? ` (${bounce.subType})` : ''}`;
}

const asObject = z.record(z.string(), z.unknown());
const asList = z.array(z.object({ name: z.string(), value: z.unknown() }));

function tagOf(tags: unknown): string | null {
  const list = asList.safeParse(tags);
  const object = asObject.safeParse(tags);
  const value = list.success
    ? list.data.find(({ name }) => name === 'wardroom_mail')?.value
    : object.data?.['wardroom_mail'];
  return typeof value === 'string' && value.length <= 100 ? value : null;
}
