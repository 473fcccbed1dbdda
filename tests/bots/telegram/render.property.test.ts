// Any reply becomes messages that Telegram takes, and all of its text is in them.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Payload, renderReply } from '../../../bots/telegram/render.ts';
import type { ShownButton } from '../../../models/console-message.ts';
import { type Block, plainSpans, type Reply } from '../../../src/core/reply.ts';
import { svgToPng } from '../../../src/ui/png.ts';
import { anyReply } from '../../support/any-reply.ts';
import { TelegramFake } from '../../support/fakes/telegram/telegram-fake.ts';
import type { TelegramMessage } from '../../support/fakes/telegram/types.ts';

let fake: TelegramFake;
let nowMs = 0;
let picture: Uint8Array;

beforeAll(async () => {
  fake = await TelegramFake.start({ nowMs: () => (nowMs += 60_000) });
  picture = await svgToPng('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"></svg>');
});
afterAll(() => fake.stop());

describe('any reply', () => {
  it('becomes messages that the platform takes, with all of its text', async () => {
    const asha = fake.user('Asha');
    await fc.assert(
      fc.asyncProperty(anyReply, async (reply) => {
        fake.says(asha, '/start');
        const from = fake.said(asha.id).length;
        for (const payload of renderReply(reply, shownOf(reply))) {
          const answer = await send(payload, asha.id);
          expect(answer, JSON.stringify(payload).slice(0, 400)).toMatchObject({ ok: true });
        }
        const said = fake.said(asha.id).slice(from);
        expect(said.length).toBeGreaterThan(0);
        holdsAllOf(reply, said);
      }),
      { endOnFailure: true, numRuns: 80, interruptAfterTimeLimit: 60_000 },
    );
  }, 120_000);

  it('comes out as the same messages every time', () => {
    fc.assert(
      fc.property(anyReply, (reply) => {
        expect(renderReply(reply, shownOf(reply))).toEqual(renderReply(reply, shownOf(reply)));
      }),
      { numRuns: 30 },
    );
  });
});

function shownOf(reply: Reply): readonly ShownButton[] {
  return reply.blocks
    .flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))
    .map(({ label, style }, at) => ({
      id: `btn_${String(at).padStart(26, '0')}`,
      label,
      style: style ?? null,
    }));
}

async function send(payload: Payload, chat: number): Promise<unknown> {
  const markup = JSON.stringify({ inline_keyboard: payload.keyboard });
  const url = `${fake.apiRoot}/bot${fake.token}`;
  if (payload.kind === 'message') {
    const body = JSON.stringify({
      chat_id: chat,
      text: payload.html,
      parse_mode: 'HTML',
      reply_markup: markup,
    });
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${url}/sendMessage`, { method: 'POST', headers, body })).json();
  }
  const form = new FormData();
  form.set('chat_id', String(chat));
  if (payload.kind === 'file') {
    form.set('reply_markup', markup);
    form.set('document', new Blob([payload.text]), payload.name);
    return (await fetch(`${url}/sendDocument`, { method: 'POST', body: form })).json();
  }
  form.set('caption', payload.caption);
  form.set('parse_mode', 'HTML');
  form.set('reply_markup', markup);
  form.set('photo', new Blob([new Uint8Array(picture)]), 'picture.png');
  return (await fetch(`${url}/sendPhoto`, { method: 'POST', body: form })).json();
}

/** What can be seen, without the spaces that lines and columns put between. */
function seen(text: string): string {
  return text
    .replace(/[\p{Cc}\s\u2028-\u202E\u2066-\u2069\u200B-\u200F]/gu, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}

function holdsAllOf(reply: Reply, messages: readonly TelegramMessage[]): void {
  const file = messages.find((one) => one.document)?.document;
  const shown = file
    ? seen(Buffer.from(file.bytes).toString('utf8'))
    : seen(messages.map((one) => (one.text ?? '') + (one.caption ?? '')).join('\n'));
  let at = 0;
  const withPicturesLast =
    !file && oneCaption(messages)
      ? [...reply.blocks].sort((a, b) => Number(a.kind === 'picture') - Number(b.kind === 'picture'))
      : reply.blocks;
  for (const text of withPicturesLast.flatMap(textsOf).map(seen)) {
    const found = shown.indexOf(text, at);
    expect(found, `“${text.slice(0, 200)}” is not in “${shown.slice(at, at + 400)}”`).toBeGreaterThanOrEqual(
      0,
    );
    at = found + text.length;
  }
  const labels = reply.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  const keys = messages.flatMap((one) => one.reply_markup?.inline_keyboard.flat() ?? []);
  expect(keys).toHaveLength(labels.length);
  labels.forEach(({ label }, place) => {
    const onButton = seen(keys[place]?.text ?? '');
    const isWhole = onButton === seen(label) || seen(label) === '' || onButton === '–';
    expect(isWhole || shown.includes(seen(label))).toBe(true);
  });
}

/** A reply with one picture that is said in one photo has its description below the text. */
function oneCaption(messages: readonly TelegramMessage[]): boolean {
  return (
    messages[0]?.photo !== undefined &&
    messages.filter((one) => seen(one.text ?? '') !== '…' && one.text).length === 0
  );
}

function textsOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'text':
    case 'context':
      return spanTexts(block.text);
    case 'code':
      return [block.text];
    case 'picture':
      return [block.alt];
    case 'fields':
      return block.fields.flatMap(({ label, value }) => [label, ...spanTexts(value)]);
    case 'list':
      return block.items.flatMap(spanTexts);
    case 'table':
      return block.rows.flatMap((row) => row.flatMap(spanTexts));
    case 'form':
      return block.form.fields.flatMap(({ label, known = '' }) => [label, known]);
    case 'buttons':
      return [];
  }
}

type Cell = Parameters<typeof plainSpans>[0];

/** The text of each span by itself: an address may stand in a link, where it is not text. */
function spanTexts(value: Cell): readonly string[] {
  if (typeof value === 'string') return [value];
  return value.map((span) => (typeof span === 'object' && 'link' in span ? span.link : plainSpans([span])));
}
