// Writes a mail out: the template's content in the layout, as HTML and as the plain text of the same elements.
import { render } from '@react-email/render';
import { AppError } from '../../core/errors.ts';
import type { RenderMail } from '../../core/mail.ts';
import { invitationMail, signInMail } from './templates/access.tsx';
import { alertMail } from './templates/alert.tsx';
import { digestMail } from './templates/digest.tsx';
import { MailLayout } from './templates/layout.tsx';
import { messageMail, testMail } from './templates/message.tsx';
import { line } from './templates/props.ts';
import type { MailFrame } from './templates/template.ts';

const templates = [signInMail, invitationMail, alertMail, digestMail, messageMail, testMail];

const textOptions = {
  selectors: [
    { selector: 'h1', options: { uppercase: false } },
    { selector: 'hr', options: { length: 40 } },
    {
      selector: '[data-text-format="dataTable"]',
      format: 'dataTable',
      options: { uppercaseHeaderCells: false },
    },
  ],
};

/** The names of every template, for tests and errors. */
export const mailTemplates: readonly string[] = templates.map(({ name }) => name);

/** @param frame what every mail of this installation says of itself; `home` may not be known before the start. */
export function createMailRenderer(
  frame: Pick<MailFrame, 'product' | 'environment'> & { readonly home: () => string },
): RenderMail {
  return async ({ template: name, props, language = 'en', subject, unsubscribe }) => {
    const found = templates.find((one) => one.name === name);
    if (!found)
      throw new AppError(
        'input.invalid',
        `There is no mail “${name}”; these are: ${mailTemplates.join(', ')}.`,
      );
    const around: MailFrame = { ...frame, home: frame.home(), language, unsubscribe };
    const written = found.write(props, around);
    const content = { ...written, title: line.parse(subject ?? written.title) };
    const mail = <MailLayout content={content} frame={around} />;
    const html = await render(mail);
    const text = await render(mail, { plainText: true, htmlToTextOptions: textOptions });
    return { subject: subjectOf(content.title, around), text, html };
  };
}

/** The environment stands where nobody can miss it: in the inbox. */
const subjectOf = (subject: string, { environment }: MailFrame): string =>
  environment === 'sandbox' ? `[SANDBOX] ${subject}` : subject;
