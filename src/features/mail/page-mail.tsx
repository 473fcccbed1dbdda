// The page of one mail: where it stands and why, and its words as plain text.
import type { ReactElement, ReactNode } from 'react';
import { operationNamed } from '../../core/operation.ts';
import { StatusMark } from '../../ui/components/status.tsx';
import { RelativeTime } from '../../ui/components/time.tsx';
import { ShortId } from '../../ui/components/values.tsx';
import type { Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import { PermittedForm } from '../../ui/permitted-form.tsx';
import { mailOperations } from './operations.ts';
import type { Mail } from './service.ts';
import type { MailDetail } from './views.ts';
import { stateMark, stateWords, subjectWords } from './words.ts';

const resend = operationNamed(mailOperations, 'mail.resend');

const page = pagesOf<{ readonly mail: Mail }>();

export const mailPage = page({
  path: '/admin/mail/:mail',
  permission: 'mail.read',
  load: async ({ services: { mail }, ...ctx }, query): Promise<MailDetail> =>
    await mail.show(ctx, query['mail'] ?? ''),
  title: (mail) => subjectWords(mail, 'en'),
  trail: () => [{ label: 'Mail', href: '/admin/mail' }],
  view: (mail, frame) => <OneMail mail={mail} frame={frame} />,
});

function OneMail({ mail, frame }: { readonly mail: MailDetail; readonly frame: Frame }): ReactElement {
  const when = (at: Date | null) =>
    at ? <RelativeTime at={at} now={frame.now} zone={frame.zone} /> : 'not known of';
  return (
    <>
      <p className="headline">
        <StatusMark status={stateMark(mail)} word={stateWords(mail, 'en')} /> {mail.why}
      </p>
      <dl className="fields">
        <Fact label="To">{mail.to}</Fact>
        <Fact label="From">{mail.from}</Fact>
        <Fact label="Written">{when(mail.at)}</Fact>
        <Fact label="Since">{when(mail.stateAt)}</Fact>
        <Fact label="Opened">{when(mail.openedAt)}</Fact>
        <Fact label="Link followed">{when(mail.clickedAt)}</Fact>
        <Fact label="Carried by">{mail.provider ?? 'nobody yet'}</Fact>
        <Fact label="Template">{`${mail.template}, ${mail.category}`}</Fact>
        <Fact label="Id">
          <ShortId id={mail.id} />
        </Fact>
        {mail.resendOf !== null && (
          <Fact label="Repeats">
            <a href={`/admin/mail/${mail.resendOf}`}>{mail.resendOf}</a>
          </Fact>
        )}
      </dl>
      {mail.emptiedAt === null ? (
        <Words mail={mail} />
      ) : (
        <p className="quiet-text">Its words were emptied for their age {when(mail.emptiedAt)}.</p>
      )}
      {mail.mayResend && (
        <PermittedForm
          frame={frame}
          operation={resend}
          label="Send again"
          input={{ mail: mail.id }}
          confirmText="The same words go out once more, as a mail of its own."
        />
      )}
    </>
  );
}

function Words({ mail }: { readonly mail: MailDetail }): ReactElement {
  return (
    <section aria-labelledby="text">
      <h2 id="text">As plain text</h2>
      {mail.keptBack && (
        <p className="quiet-text">The link in it was for its reader alone and is not kept here.</p>
      )}
      <Source text={mail.text} />
      <details>
        <summary>HTML</summary>
        <Source text={mail.html} />
      </details>
    </section>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Source({ text }: { readonly text: string }): ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <pre tabIndex={0}>
      <code>{text}</code>
    </pre>
  );
}
