// Guarantees of the console over real HTTP: a form without script, the API and the terminal reach the same room.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consolePage } from '../../bots/console/page.tsx';
import { runTerminal } from '../../bots/console/terminal.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createIds } from '../../src/core/ids.ts';
import type { Page } from '../../src/ui/page.ts';
import { type ChatProcess, createChatWorld } from '../support/conversation.ts';
import { createShelf, type Shelf, sampleOperations } from '../support/sample-operations.ts';
import { ask, Browser, type WebWorld, webWorld } from '../support/web-world.ts';

let shelf: Shelf;
let chat: ChatProcess;
let web: WebWorld;
let browser: Browser;

/** The page of the product, over the console of this test. */
function pageOver(console: ChatProcess['door']): Page<object> {
  const { waiting: _waiting, ...page } = consolePage;
  return {
    ...page,
    render: (ctx, query, frame) => consolePage.render({ ...ctx, services: { console } }, query, frame),
  };
}

beforeEach(async () => {
  shelf = createShelf();
  chat = createChatWorld(sampleOperations, { shelf }).process();
  web = await webWorld({ console: chat.door, pages: [pageOver(chat.door)] });
  browser = new Browser(web.url);
  const { code } = await web.personOf('user');
  await browser.signIn(code);
});

afterEach(() => web.close());

/** The hidden fields of the form that goes to an address and holds this text. */
function formIn(html: string, address: string, holding = ''): Record<string, string> {
  const forms = html.match(/<form[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((one) => one.includes(`action="${address}"`) && one.includes(holding));
  if (!form) throw new Error(`no form to ${address} holding ${holding}`);
  const inputs = form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
}

describe('the console page', () => {
  it('takes a line and shows its answer, without script', async () => {
    const { text: html } = await browser.get('/console');
    expect(html).toContain('Nothing was said yet.');
    const form = { ...formIn(html, '/console/messages'), text: '/task add Fix receipts' };
    const posted = await browser.post('/console/messages', form);

    expect([posted.status, posted.headers.get('location')]).toEqual([303, '/console']);
    const { text: after } = await browser.get('/console');
    expect(after).toContain('/task add Fix receipts');
    expect(after).toContain('Task added: <strong>Fix receipts</strong>');
    expect(after).toMatch(/role="log"/);
  });

  it('sent again by a second press does nothing twice', async () => {
    const { text: html } = await browser.get('/console');
    const form = { ...formIn(html, '/console/messages'), text: '/task add Fix receipts' };
    await Promise.all([browser.post('/console/messages', form), browser.post('/console/messages', form)]);

    expect(shelf.applied).toBe(1);
    expect((await browser.get('/console')).text.match(/Task added/g)).toHaveLength(1);
  });

  it('presses buttons by forms', async () => {
    const { text: html } = await browser.get('/console');
    await browser.post('/console/messages', {
      ...formIn(html, '/console/messages'),
      text: '/task add Fix it',
    });
    const { text: shown } = await browser.get('/console');
    await browser.post('/console/press', formIn(shown, '/console/press', 'Drop task'));

    expect(shelf.tasks.get('tsk_1')?.status).toBe('dropped');
    expect((await browser.get('/console')).text).toContain('Task tsk_1 dropped.');
  });

  it('refuses a form without its token', async () => {
    const { text: html } = await browser.get('/console');
    const { _csrf, ...form } = formIn(html, '/console/messages');
    const posted = await browser.post('/console/messages', { ...form, text: '/task add Fix receipts' });

    expect(posted.status).toBe(403);
    expect(shelf.applied).toBe(0);
  });

  it('shows hostile words as words', async () => {
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const { text: html } = await browser.get('/console');
    await browser.post('/console/messages', { ...formIn(html, '/console/messages'), text: hostile });
    const { text: shown } = await browser.get('/console');

    expect(shown).not.toContain('<script>alert');
    expect(shown).not.toContain('<img src=x');
    expect(shown).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('shows pictures by their own address, with their words', async () => {
    const { code } = await web.personOf('manager');
    await browser.signIn(code);
    const { text: html } = await browser.get('/console');
    await browser.post('/console/messages', { ...formIn(html, '/console/messages'), text: '/audit verify' });
    const { text: shown } = await browser.get('/console');
    const [, address = ''] =
      /<img class="picture" alt="a chain without a break" src="([^"]+)"/.exec(shown) ?? [];
    const picture = await browser.get(address);

    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toBe('image/png');
  });

  it('answers 304 while nothing has changed', async () => {
    const first = await browser.get('/console');
    const etag = first.headers.get('etag') ?? '';
    const asked = { 'if-none-match': etag, 'cache-control': 'max-age=0' };

    expect((await browser.get('/console', asked)).status).toBe(304);
    await browser.post('/console/messages', { ...formIn(first.text, '/console/messages'), text: '/tasks' });
    expect((await browser.get('/console', asked)).status).toBe(200);
  });
});

describe('the API', () => {
  it('gives replies whose buttons can be pressed, and follows what was said', async () => {
    const token = await web.tokenOf('user');
    const say = { token, json: { text: '/task add Fix receipts' }, headers: { 'idempotency-key': 'k1' } };
    const said = (await ask(`${web.url}/api/console/messages`, say)).json();
    const [reply] = said['replies'] as { text: string; buttons: { id: string; label: string }[] }[];

    expect(reply?.text).toContain('● Task added: Fix receipts');
    expect((await ask(`${web.url}/api/console/messages`, say)).json()).toEqual(said);
    const press = { token, json: { id: reply?.buttons[0]?.id } };
    const pressed = await ask(`${web.url}/api/console/press`, press);
    expect(pressed.text).toContain('Task tsk_1 dropped.');
    const { messages } = (await ask(`${web.url}/api/console/messages`, { token })).json();
    expect(messages).toHaveLength(4);
    expect(shelf.applied).toBe(2);
  });
});

describe('the terminal', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wardroom-chat-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function talk(lines: string, change: { url?: string; mode?: number } = {}) {
    const tokenFile = join(folder, 'chat.token');
    await writeFile(tokenFile, `${await web.tokenOf('user')}\n`);
    await chmod(tokenFile, change.mode ?? 0o600);
    const output = new PassThrough();
    const input = new PassThrough();
    const code = runTerminal({
      baseUrl: change.url ?? web.url,
      tokenFile,
      input,
      output,
      interactive: false,
      clock: { ...systemClock, sleep: async () => undefined },
      ids: createIds(),
    });
    input.end(lines);
    return { code: await code.finally(() => output.end()), shown: await textOf(output) };
  }

  it('says lines, presses buttons by number and ends with its input', async () => {
    const { code, shown } = await talk('/task add Fix receipts\n1\n/tasks\n');

    expect(code).toBe(0);
    expect(shown).toBe(
      [
        '● Task added: Fix receipts',
        'Id: tsk_1',
        'Priority: medium',
        '[1] Drop task  [2] List tasks',
        'Task tsk_1 dropped.',
        '1 tasks pending',
        'Title         Length',
        'Fix receipts      12',
        '',
      ].join('\n'),
    );
  });

  it('ends at “quit”', async () => {
    expect((await talk('quit\n/task add Fix receipts\n')).code).toBe(0);
    expect(shelf.applied).toBe(0);
  });

  it('refuses a token that others can read', async () => {
    await expect(talk('/tasks\n', { mode: 0o644 })).rejects.toMatchObject({
      publicMessage: expect.stringContaining('chmod 600'),
    });
  });

  it('says where nothing answers, and that lines were not delivered', async () => {
    const { code, shown } = await talk('/tasks\n', { url: 'http://127.0.0.1:9' });

    expect(code).toBe(1);
    expect(shown).toContain('Nothing answers at http://127.0.0.1:9. Start Wardroom with “npm start”');
  });
});
