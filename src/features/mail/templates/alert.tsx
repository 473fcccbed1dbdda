// The mail of an alert: the fact first, then why it matters, the facts, and where to act.
import { z } from 'zod';
import { severities } from '../../../core/alerting.ts';
import type { Language } from '../../../core/context.ts';
import { Action, Facts, Lines } from './parts.tsx';
import { href, instant, line, lines, timeOf, zone } from './props.ts';
import { template } from './template.ts';

const words: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    info: '● Info',
    warning: '▲ Warning',
    critical: '■ Critical',
    resolved: '● Resolved',
    since: 'Since',
    times: 'Times',
    source: 'Source',
    open: 'Open it',
  },
  hi: {
    info: '● सूचना',
    warning: '▲ चेतावनी',
    critical: '■ गंभीर',
    resolved: '● हल हुआ',
    since: 'कब से',
    times: 'कितनी बार',
    source: 'स्रोत',
    open: 'खोलें',
  },
};

export const alertMail = template({
  name: 'alert',
  props: z.object({
    title: line,
    severity: z.enum(severities),
    status: z.enum(['raised', 'resolved']).default('raised'),
    summary: lines.default(''),
    facts: z
      .array(z.object({ label: line, value: line }))
      .max(50)
      .default([]),
    source: line.default(''),
    times: z.int().min(1).default(1),
    at: instant,
    zone,
    link: href.optional(),
  }),
  why: {
    en: 'this address is on the list for alerts.',
    hi: 'यह पता अलर्ट की सूची में है।',
  },
  write: (
    { title, severity, status, summary, facts, source, times, at, zone: where, link },
    { language },
  ) => {
    const say = (key: string): string => words[language][key] ?? key;
    const told = [
      ...facts,
      { label: say('since'), value: timeOf(at, where) },
      ...(times > 1 ? [{ label: say('times'), value: String(times) }] : []),
      ...(source === '' ? [] : [{ label: say('source'), value: source }]),
    ];
    return {
      title: `${say(status === 'resolved' ? 'resolved' : severity)}: ${title}`,
      preview: summary.split('\n')[0] || timeOf(at, where),
      body: (
        <>
          <Lines text={summary} />
          <Facts facts={told} />
          {link !== undefined && <Action label={say('open')} href={link} />}
        </>
      ),
    };
  },
});
