// Mails over one store: the channel that sends them, by Resend or into the log alone, and the service of their verbs.
import { emailLogs } from '../models/email-log.ts';
import { outboxRows } from '../models/outbox-row.ts';
import { suppressions } from '../models/suppression.ts';
import type { Channel } from './core/channel.ts';
import { MAIL_SEALING, type RenderMail } from './core/mail.ts';
import { createSealer } from './core/sealed-text.ts';
import { createForgetting, type Forgetting } from './features/mail/forgetting.ts';
import { createMail, type Mail } from './features/mail/service.ts';
import { createUnsubscribe, type Unsubscribe } from './features/mail/unsubscribe.ts';
import { createMailBook } from './outbox/mail-book.ts';
import { createMailChannel } from './outbox/mail-channel.ts';
import { createMockProvider, type MailProvider } from './outbox/mail-provider.ts';
import { createResendProvider } from './outbox/resend-provider.ts';
import type { ProgramOptions } from './program.ts';

const PRODUCT = 'Wardroom';
const DAY_MS = 86_400_000;
const MOCK_SENDER = 'Wardroom <wardroom@sandbox.invalid>';

export interface MailWork extends Forgetting {
  readonly channel: Channel;
  readonly mail: Mail;
  /** What readers do by the link in their mail. */
  readonly unsubscribe: Unsubscribe;
}

export type MailWorkOptions = Pick<
  ProgramOptions,
  'config' | 'keys' | 'store' | 'clock' | 'ids' | 'publicUrl'
>;

export function createMailWork(options: MailWorkOptions): MailWork {
  const { config, keys, store, clock, ids } = options;
  const provider = providerOf(options);
  const render = rendererOf(options);
  const sealer = createSealer({ secretKey: keys.secretKey, purpose: MAIL_SEALING, ids });
  const book = createMailBook({ store });
  const unsubscribe = createUnsubscribe({
    holds: store.facts(suppressions),
    sealer: createSealer({ secretKey: keys.secretKey, purpose: 'unsubscribe links', ids }),
    publicUrl: options.publicUrl,
    clock,
    zone: config.BUSINESS_TIMEZONE,
  });
  const logs = store.facts(emailLogs);
  return {
    ...createForgetting({ logs, clock, keptMs: config.MAIL_WORDS_DAYS * DAY_MS }),
    channel: createMailChannel({ book, provider, render, sealer, clock, unsubscribeLink: unsubscribe.link }),
    unsubscribe,
    mail: createMail({
      logs,
      holds: store.facts(suppressions),
      rows: store.records(outboxRows),
      render,
      from: provider.from,
      testAddress: config.ALERT_EMAIL,
    }),
  };
}

function providerOf({ config, clock }: MailWorkOptions): MailProvider {
  const { RESEND_API_KEY: apiKey, RESEND_FROM_EMAIL: from = MOCK_SENDER, RESEND_API_URL: url } = config;
  return apiKey === undefined ? createMockProvider(from) : createResendProvider({ apiKey, from, url, clock });
}

/** The templates come with the first mail: their libraries take a third of a second that no start should wait for. */
function rendererOf({ config, publicUrl }: MailWorkOptions): RenderMail {
  const frame = { product: PRODUCT, environment: config.APP_ENV, home: publicUrl };
  let loaded: Promise<RenderMail> | undefined;
  return async (mail) => {
    loaded ??= import('./features/mail/render.tsx').then(({ createMailRenderer }) =>
      createMailRenderer(frame),
    );
    return await (await loaded)(mail);
  };
}
