// The console over HTTP, with the real one behind it: by token under /api, by session and form token under /console.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChatWorld } from '../support/conversation.ts';
import { createShelf, type SampleTask, sampleOperations } from '../support/sample-operations.ts';
import { type Answer, ask, Browser, type WebWorld, webWorld } from '../support/web-world.ts';

const shelf = createShelf();
let world: WebWorld;
let token: string;

beforeAll(async () => {
  const chat = createChatWorld(sampleOperations, { shelf });
  world = await webWorld({ console: chat.process().door });
  token = await world.tokenOf('user');
});
afterAll(() => world.close());

interface Replies {
  readonly replies: readonly {
    readonly text: string;
    readonly blocks: readonly unknown[];
    readonly buttons: readonly { readonly id: string; readonly label: string }[];
  }[];
}

const api = (path: string, json: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(`${world.url}/api/console/${path}`, { token, json, headers });
const repliesOf = (answer: Answer): Replies['replies'] => (JSON.parse(answer.text) as Replies).replies;
const titles = (): string[] => [...shelf.tasks.values()].map((task: SampleTask) => task.title);

describe('the console by token', () => {
  it('answers what is said, as text, blocks and buttons', async () => {
    const [reply] = repliesOf(await api('messages', { text: 'task add "From the API"' }));

    expect(reply?.text).toContain('Task added: From the API');
    expect(reply?.blocks.length).toBeGreaterThan(0);
    expect(reply?.buttons.map((button) => button.label)).toEqual(['Drop task', 'List tasks']);
    expect(titles()).toContain('From the API');
  });

  it('presses a button by its id', async () => {
    const [reply] = repliesOf(await api('messages', { text: 'task add "To be listed"' }));
    const id = reply?.buttons.find((button) => button.label === 'List tasks')?.id;

    expect(repliesOf(await api('press', { id }))[0]?.text).toContain('To be listed');
  });

  it('does nothing twice under one key, and gives the same replies', async () => {
    const key = { 'idempotency-key': 'said-once' };
    const first = await api('messages', { text: 'task add Singular' }, key);
    const second = await api('messages', { text: 'task add Singular' }, key);

    expect(second.json()).toEqual(first.json());
    expect(titles().filter((title) => title === 'Singular').length).toBe(1);
  });

  it('lists what was said since', async () => {
    const read = async (after?: string) =>
      (await ask(`${world.url}/api/console/messages${after ? `?after=${after}` : ''}`, { token })).json() as {
        messages: { text: string }[];
        next: string;
      };
    const { next } = await read();
    await api('messages', { text: 'tasks' });
    const news = await read(next);

    expect(news.messages.some((message) => message.text.includes('tasks pending'))).toBe(true);
    expect((await read(news.next)).messages).toEqual([]);
  });

  it.each([
    ['no text', 'messages', {}],
    ['an empty text', 'messages', { text: '  ' }],
    ['a number', 'messages', { text: 5 }],
    ['something more', 'messages', { text: 'tasks', as: 'owner' }],
    ['no id', 'press', {}],
  ])('refuses %s with 400', async (_name, path, body) => {
    const answer = await api(path, body);

    expect(answer.status).toBe(400);
    expect(answer.json()['code']).toBe('input.invalid');
  });

  it('is closed to strangers', async () => {
    for (const path of ['messages', 'press'])
      expect((await ask(`${world.url}/api/console/${path}`, { json: { text: 'tasks' } })).status).toBe(401);
    expect((await ask(`${world.url}/api/console/messages`)).status).toBe(401);
  });
});

describe('the console by session', () => {
  async function signedIn(): Promise<{ browser: Browser; csrf: string }> {
    const browser = new Browser(world.url);
    await browser.signIn((await world.personOf('user')).code);
    return { browser, csrf: await browser.csrf() };
  }

  it('takes what is said by form once, and goes back to the console', async () => {
    const { browser, csrf } = await signedIn();
    const form = { _csrf: csrf, _effect: 'console-form-1', text: 'task add "By form"' };
    const answers = [
      await browser.post('/console/messages', form),
      await browser.post('/console/messages', form),
    ];

    expect(answers.map((answer) => [answer.status, answer.headers.get('location')])).toEqual([
      [303, '/console'],
      [303, '/console'],
    ]);
    expect(titles().filter((title) => title === 'By form').length).toBe(1);
  });

  it('refuses what comes without the form’s token', async () => {
    const { browser, csrf } = await signedIn();
    const before = shelf.applied;
    const forged = [
      await browser.post('/console/messages', { text: 'task add Forged' }),
      await browser.post(
        '/console/messages',
        { _csrf: csrf, text: 'task add Forged' },
        { origin: 'https://evil.example' },
      ),
      await browser.post('/console/press', { id: 'btn_1' }),
    ];

    expect(forged.map((answer) => answer.status)).toEqual([403, 403, 403]);
    expect(shelf.applied).toBe(before);
  });

  it('serves pictures as PNG to the person who may see them', async () => {
    const manager = new Browser(world.url);
    await manager.signIn((await world.personOf('manager')).code);
    await manager.post('/console/messages', {
      _csrf: await manager.csrf(),
      _effect: 'pic',
      text: 'audit verify',
    });
    const { messages } = (await manager.get('/console/messages', { accept: 'application/json' })).json() as {
      messages: { id: string; mine: boolean }[];
    };
    const id = messages.find((message) => !message.mine)?.id;
    const picture = await manager.get(`/console/messages/${id}/pictures/0`);

    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(picture.text.slice(1, 16)).toMatch(/^PNG\r\n.*IHDR/s);
    expect((await manager.get(`/console/messages/${id}/pictures/9`)).status).toBe(404);
    expect((await manager.get(`/console/messages/${id}/pictures/__proto__`)).status).toBe(404);
    const other = await signedIn();
    expect((await other.browser.get(`/console/messages/${id}/pictures/0`)).status).toBe(404);
  });

  it('does not answer a token there', async () => {
    expect((await ask(`${world.url}/console/messages`, { token })).status).toBe(401);
  });
});
