// A store, an outbox with the real channel of mail, the real templates, and a Resend that really listens.
import { emailLogs } from '../../models/email-log.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { Store } from '../../models/store.ts';
import { suppressions } from '../../models/suppression.ts';
import { createIds } from '../../src/core/ids.ts';
import { MAIL_SEALING, mailTo, type OutgoingMail } from '../../src/core/mail.ts';
import { createSealer } from '../../src/core/sealed-text.ts';
import { createUnsubscribe } from '../../src/features/mail/unsubscribe.ts';
import { createMailBook, type MailBook } from '../../src/outbox/mail-book.ts';
import { createMailChannel } from '../../src/outbox/mail-channel.ts';
import { createMockProvider, type MailProvider } from '../../src/outbox/mail-provider.ts';
import type { OutboxOptions } from '../../src/outbox/outbox.ts';
import { createResendProvider } from '../../src/outbox/resend-provider.ts';
import { createOutboxWorld, posts } from '../outbox/support/outbox-world.ts';
import { testCtx } from '../support/context.ts';
import { FAKE_KEY, type FakeResend } from '../support/fakes/resend.ts';
import { mailOver, renderMail, SENDER } from '../support/mail-service.ts';

export const ASHA = 'asha@example.com';

export type MailWorld = ReturnType<typeof mailWorld>;

export function mailWorld(
  options: {
    /** Without one the mails are recorded and not sent. */
    readonly resend?: FakeResend;
    readonly apiKey?: string;
    readonly store?: Store;
    readonly timeoutMs?: number;
    readonly changeBook?: (book: MailBook) => MailBook;
  } = {},
) {
  const { resend, apiKey = FAKE_KEY, store = createMemoryStore(), timeoutMs } = options;
  const world = createOutboxWorld(store);
  const { clock } = world;
  const sealer = createSealer({
    secretKey: 'a secret key of thirty-two characters',
    purpose: MAIL_SEALING,
    ids: createIds(),
  });
  const provider: MailProvider = resend
    ? createResendProvider({
        apiKey,
        from: SENDER,
        url: resend.url,
        clock,
        spacingMs: 0,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      })
    : createMockProvider(SENDER);
  const unsubscribe = createUnsubscribe({
    holds: store.facts(suppressions),
    sealer,
    publicUrl: () => 'https://ops.example.com',
    clock,
    zone: 'Asia/Kolkata',
  });
  const logs = store.facts(emailLogs);
  const process = (
    outboxOptions: Partial<OutboxOptions> = {},
    carrier = provider,
    book = createMailBook({ store }),
  ) =>
    world.process(
      [
        createMailChannel({
          book,
          provider: carrier,
          render: renderMail,
          sealer,
          clock,
          unsubscribeLink: unsubscribe.link,
        }),
      ],
      { facts: [store.facts(posts), logs, store.facts(suppressions)], ...outboxOptions },
    );
  const outbox = process();
  let writes = 0;
  return {
    ...world,
    store,
    sealer,
    provider,
    unsubscribe,
    process,
    outbox,
    mail: mailOver(store, 'alerts@example.com'),
    logs: () => logs.scoped('default').find({ where: {}, sort: [['createdAt', 1]], limit: 100 }),
    /** A fact is written that mails this, and the outbox works until nothing is due. */
    sends: async (mail: Partial<OutgoingMail> = {}, to = ASHA) => {
      writes += 1;
      await world.write(`post_${writes}`, mailTo(to, { ...notice, ...mail }));
      await outbox.drain();
    },
    ctx: (given: Parameters<typeof testCtx>[0] = {}) => testCtx({ now: clock.now(), ...given }),
  };
}

export const notice: OutgoingMail = {
  template: 'message',
  props: { text: '● Nightly backup verified\n12 collections, 3 minutes' },
  category: 'transactional',
};
