// What the reader of each mail sees: the fact, the figures in their units, safe links, and nothing that runs or loads.
import { describe, expect, it } from 'vitest';
import type { OutgoingMail } from '../../src/core/mail.ts';
import { createMailRenderer, mailTemplates } from '../../src/features/mail/render.tsx';
import { HOME, renderMail } from '../support/mail-service.ts';

const when = { expiresAt: '2026-11-02T09:30:00Z', zone: 'Asia/Kolkata' };
const LINK = 'https://ops.example.com/login/abc';

/** Props for every template, with this text wherever a text may stand. */
const samples = (text: string, link = LINK): Readonly<Record<string, OutgoingMail['props']>> => ({
  'sign-in': { name: text, link, ...when },
  invitation: { name: text, inviter: text, role: 'manager', link, ...when },
  alert: {
    title: text,
    severity: 'critical',
    summary: text,
    facts: [{ label: text, value: text }],
    source: text,
    times: 3,
    at: when.expiresAt,
    zone: when.zone,
    link,
  },
  digest: {
    title: text,
    period: text,
    summary: text,
    columns: [{ label: text }, { label: 'Revenue', kind: 'money' }],
    rows: [[text, 123_456_700]],
    link,
  },
  message: { text: `${text}\n${text}` },
  test: { by: text, at: when.expiresAt, zone: when.zone },
});

describe.each(mailTemplates)('the mail %s', (template) => {
  const hostile = '<script>alert(1)</script> & "x" \' <img src=x onerror=alert(1)>\r\nBcc: all@example.com';

  it('shows hostile text as text: in HTML escaped, in plain text as written, in the subject on one line', async () => {
    const { html, text, subject } = await renderMail({ template, props: samples(hostile)[template] ?? {} });

    expect(html).not.toMatch(/<script|<img/i);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('<script>alert(1)</script> & "x"');
    expect(subject).not.toMatch(/[\r\n]/);
  });

  it('leads only to web addresses, and loads nothing from anywhere', async () => {
    for (const link of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//elsewhere.example',
      'JaVaScRiPt:x',
      LINK,
    ]) {
      const { html } = await renderMail({ template, props: samples('Asha', link)[template] ?? {} });
      const targets = [...html.matchAll(/(?:href|src|action|background)="([^"]*)"/g)].map(([, url]) => url);
      expect(targets.filter((url) => url !== HOME && url !== LINK)).toEqual([]);
      expect(html).not.toMatch(/url\(|@import|<link|<iframe|<form|<object/i);
    }
  });

  it('says in both languages where it comes from and why its reader gets it', async () => {
    const props = samples('Asha')[template] ?? {};
    const english = await renderMail({ template, props });
    const hindi = await renderMail({ template, props, language: 'hi' });

    for (const part of ['Wardroom', 'Why you get this:', HOME]) expect(english.text).toContain(part);
    expect(hindi.text).toContain('यह मेल आपको क्यों मिला:');
    expect(hindi.html).toMatch(/<html[^>]* lang="hi"/);
    expect(hindi.text).toMatch(/[\u0900-\u097f]/);
  });

  it('is readable in the dark and small enough not to be cut', async () => {
    const { html } = await renderMail({ template, props: samples('Asha')[template] ?? {} });

    expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(html).toContain('prefers-color-scheme:dark');
    expect(Buffer.byteLength(html)).toBeLessThan(102_400);
  });
});

describe('a reader', () => {
  it('of an invitation sees who, as what, until when, and the way in', async () => {
    const { subject, text } = await renderMail({
      template: 'invitation',
      props: { name: 'Asha', inviter: 'Ravi', role: 'manager', link: LINK, ...when },
    });

    expect(subject).toBe('Ravi invites you to Wardroom');
    expect(text).toContain('Hello Asha,');
    expect(text).toContain('as manager');
    expect(text).toContain('2 Nov 2026, 15:00 IST');
    expect(text.match(new RegExp(LINK, 'g'))).toHaveLength(1);
  });

  it('of an alert sees status, title, facts and how often', async () => {
    const { subject, text } = await renderMail({
      template: 'alert',
      props: samples('Outbox stuck')['alert'] ?? {},
    });

    expect(subject).toBe('■ Critical: Outbox stuck');
    expect(text).toMatch(
      /Outbox stuck: Outbox stuck\nSince: 2 Nov 2026, 15:00 IST\nTimes: 3\nSource: Outbox stuck/,
    );
    const over = { ...samples('Outbox stuck')['alert'], status: 'resolved' };
    expect((await renderMail({ template: 'alert', props: over })).subject).toBe('● Resolved: Outbox stuck');
  });

  it('of a digest sees money in lakhs, shares in percent, and a dash for what is not known', async () => {
    const { text } = await renderMail({
      template: 'digest',
      props: {
        title: 'KPIs',
        period: '1–7 Nov',
        columns: [
          { label: 'Source' },
          { label: 'Revenue', kind: 'money' },
          { label: 'Share', kind: 'share' },
          { label: 'Orders', kind: 'count' },
        ],
        rows: [
          ['organic', 123_456_700, 0.482, 123_456],
          ['paid', null, null, 0],
        ],
      },
    });

    expect(text).toMatch(/Source\s+Revenue\s+Share\s+Orders/);
    expect(text).toMatch(/organic\s+₹12,34,567\s+48\.2 %\s+1,23,456/);
    expect(text).toMatch(/paid\s+—\s+—\s+0/);
  });

  it('in the sandbox cannot miss it, in the subject and at the top', async () => {
    const render = createMailRenderer({ product: 'Wardroom', environment: 'sandbox', home: () => HOME });
    const { subject, text } = await render({ template: 'message', props: { text: 'Paused' } });

    expect(subject).toBe('[SANDBOX] Paused');
    expect(text.split('\n')[0]).toContain('SANDBOX');
    expect((await renderMail({ template: 'message', props: { text: 'Paused' } })).text).not.toContain(
      'SANDBOX',
    );
  });

  it('gets the same bytes for the same mail, so that a repeat is one to the provider', async () => {
    for (const [template, props] of Object.entries(samples('Asha')))
      expect(await renderMail({ template, props })).toEqual(await renderMail({ template, props }));
  });
});
