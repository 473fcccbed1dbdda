// The mails that need no form of their own: a message as it was said in the room, and a test.
import { z } from 'zod';
import { Facts, Lines } from './parts.tsx';
import { instant, line, lines, timeOf, zone } from './props.ts';
import { template } from './template.ts';

export const messageMail = template({
  name: 'message',
  props: z.object({ text: lines }),
  why: {
    en: 'this address is told what is said to the room.',
    hi: 'कमरे में जो कहा जाता है, वह इस पते पर भी भेजा जाता है।',
  },
  write: ({ text }) => {
    const [first = '', ...rest] = text.split('\n');
    const title = line.parse(first);
    return { title: title || '—', preview: title, body: <Lines text={rest.join('\n')} /> };
  },
});

export const testMail = template({
  name: 'test',
  props: z.object({ by: line, at: instant, zone }),
  why: {
    en: 'somebody on the team gave this address to see whether mail arrives.',
    hi: 'टीम में किसी ने यह जाँचने के लिए पता दिया कि मेल पहुँचता है या नहीं।',
  },
  write: ({ by, at, zone: where }, { product, language }) => {
    const hindi = language === 'hi';
    const fact = hindi ? `${product} से मेल पहुँच रहा है` : `Mail from ${product} arrives`;
    return {
      title: fact,
      preview: fact,
      body: (
        <Facts
          facts={[
            { label: hindi ? 'किसने भेजा' : 'Asked for by', value: by },
            { label: hindi ? 'कब' : 'At', value: timeOf(at, where) },
          ]}
        />
      ),
    };
  },
});
