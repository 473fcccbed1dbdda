// The service of mails over a store, written out by the real templates, for worlds that do not send any.
import { emailLogs } from '../../models/email-log.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import type { Store } from '../../models/store.ts';
import { suppressions } from '../../models/suppression.ts';
import { createMailRenderer } from '../../src/features/mail/render.tsx';
import { createMail, type Mail } from '../../src/features/mail/service.ts';

export const HOME = 'https://ops.example.com';
export const SENDER = 'Wardroom <ops@example.com>';

export const renderMail = createMailRenderer({
  product: 'Wardroom',
  environment: 'production',
  home: () => HOME,
});

export const mailOver = (store: Store, testAddress?: string): Mail =>
  createMail({
    logs: store.facts(emailLogs),
    holds: store.facts(suppressions),
    rows: store.records(outboxRows),
    render: renderMail,
    from: SENDER,
    testAddress,
  });
