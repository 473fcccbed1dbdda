// The mails that let somebody in: a sign-in link, and the invitation to the team.
import { z } from 'zod';
import { roles } from '../../../core/permissions.ts';
import { Action, Lines } from './parts.tsx';
import { href, instant, line, timeOf, zone } from './props.ts';
import { template } from './template.ts';

export const signInMail = template({
  name: 'sign-in',
  props: z.object({ name: line, link: href, expiresAt: instant, zone }),
  why: {
    en: 'somebody asked for a sign-in link for you. If it was not you, leave it: it lets in only who opens it.',
    hi: 'किसी ने आपके लिए साइन-इन लिंक माँगा। यदि वह आप नहीं थे, तो इसे छोड़ दें।',
  },
  write: ({ name, link, expiresAt, zone: at }, { product, language }) => {
    const until = timeOf(expiresAt, at);
    const hindi = language === 'hi';
    return {
      title: hindi ? `${product} में साइन इन करें` : `Sign in to ${product}`,
      preview: hindi ? `यह लिंक ${until} तक एक बार काम करता है` : `This link works once, until ${until}`,
      body: (
        <>
          <Lines text={hindi ? `नमस्ते ${name},` : `Hello ${name},`} />
          <Lines
            text={
              hindi
                ? `यह लिंक ${until} तक एक बार काम करता है।`
                : `This link lets you in. It works once, until ${until}.`
            }
          />
          <Action label={hindi ? 'साइन इन करें' : 'Sign in'} href={link} />
        </>
      ),
    };
  },
});

export const invitationMail = template({
  name: 'invitation',
  props: z.object({ name: line, inviter: line, role: z.enum(roles), link: href, expiresAt: instant, zone }),
  why: {
    en: 'somebody on the team gave this address when inviting you.',
    hi: 'टीम में किसी ने आपको बुलाते समय यह पता दिया।',
  },
  write: ({ name, inviter, role, link, expiresAt, zone: at }, { product, language }) => {
    const until = timeOf(expiresAt, at);
    const hindi = language === 'hi';
    return {
      title: hindi ? `${inviter} ने आपको ${product} में बुलाया है` : `${inviter} invites you to ${product}`,
      preview: hindi ? `लिंक ${until} तक एक बार काम करता है` : `The link works once, until ${until}`,
      body: (
        <>
          <Lines text={hindi ? `नमस्ते ${name},` : `Hello ${name},`} />
          <Lines
            text={
              hindi
                ? `आप टीम में ${role} के रूप में हैं। लिंक ${until} तक एक बार काम करता है।`
                : `You are on the team as ${role}. The link lets you in: it works once, until ${until}.`
            }
          />
          <Action label={hindi ? 'निमंत्रण स्वीकार करें' : 'Join the team'} href={link} />
        </>
      ),
    };
  },
});
