// The server of `npm run fakes`: the page with both chats, and the control door that scripts use.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pageOf, script, styles } from './page.ts';
import { type FakePlatform, NotThere } from './platform.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly location?: string;
}

const json = (body: unknown, status = 200): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});

export function createControl(platforms: readonly FakePlatform[]): Server {
  const named = (name: unknown): FakePlatform => {
    const found = platforms.find((platform) => platform.name === name);
    if (found) return found;
    throw new NotThere(`platform is one of ${platforms.map((one) => one.name).join(', ')}.`);
  };
  const text = (fields: Fields, name: string): string => String(fields[name] ?? '');
  const optional = (fields: Fields, name: string): string | undefined =>
    fields[name] === undefined || fields[name] === '' ? undefined : String(fields[name]);

  async function act(path: string, fields: Fields): Promise<unknown> {
    const platform = named(fields['platform']);
    const user = text(fields, 'user');
    switch (path) {
      case '/control/say':
        return platform.say(user, text(fields, 'text'), optional(fields, 'chat'));
      case '/control/press':
        return platform.press(user, text(fields, 'button'), optional(fields, 'message'));
      case '/control/submit':
        return platform.submit(user, valuesIn(fields));
      case '/control/fail':
        return fields['kind'] === 'none' ? platform.mend() : platform.fail(fields);
      default:
        throw new NotThere(`Nothing is done at ${path}.`);
    }
  }

  function read(url: URL): Answer {
    if (url.pathname === '/page.css') return { status: 200, type: 'text/css', body: styles };
    if (url.pathname === '/page.js') return { status: 200, type: 'text/javascript', body: script };
    if (url.pathname === '/favicon.ico') return { status: 204, type: 'image/x-icon', body: '' };
    if (url.pathname === '/control/messages') return json({ messages: messagesFor(url.searchParams) });
    if (url.pathname === '/picture') {
      const bytes = named(url.searchParams.get('platform')).picture(url.searchParams.get('message') ?? '');
      if (bytes) return { status: 200, type: 'image/png', body: bytes };
    }
    if (url.pathname !== '/') throw new NotThere(`Nothing is at ${url.pathname}.`);
    return { status: 200, type: 'text/html; charset=utf-8', body: pageOf(platforms, url.searchParams) };
  }

  function messagesFor(query: URLSearchParams) {
    return platforms
      .filter((platform) => !query.has('platform') || platform.name === query.get('platform'))
      .flatMap((platform) => platform.messages())
      .filter((message) => !query.has('chat') || message.chat === query.get('chat'))
      .sort((a, b) => a.atMs - b.atMs);
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://fakes');
    if (request.method === 'GET') return read(url);
    const { fields, isForm } = await bodyOf(request);
    const done = await act(url.pathname, fields);
    if (!isForm) return json({ ok: true, ...(done === undefined ? {} : { result: done }) });
    return { status: 303, type: 'text/plain', body: '', location: text(fields, 'back') || '/' };
  }

  return createServer((request, response) => {
    answer(request).then(
      (given) => send(response, given),
      (thrown: unknown) => {
        const known = thrown instanceof NotThere;
        const error = thrown instanceof Error ? thrown.message : String(thrown);
        send(response, json({ ok: false, error }, known ? 400 : 500));
      },
    );
  });
}

function send(response: ServerResponse, { status, type, body, location }: Answer): void {
  const headers = {
    'content-type': type,
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'self'",
    ...(location === undefined ? {} : { location }),
  };
  response.writeHead(status, headers).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<{ fields: Fields; isForm: boolean }> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  const isForm = (request.headers['content-type'] ?? '').includes('form');
  if (isForm) return { fields: Object.fromEntries(new URLSearchParams(text)), isForm };
  try {
    return { fields: JSON.parse(text === '' ? '{}' : text) as Fields, isForm };
  } catch {
    throw new NotThere(
      'The body is not JSON. This is: {"platform": "telegram", "user": "Asha", "text": "/help"}',
    );
  }
}

/** The page sends a form's fields by names that begin with `value:`, scripts send `values`. */
function valuesIn(fields: Fields): Readonly<Record<string, string>> {
  const values = fields['values'];
  if (typeof values === 'object' && values !== null) return values as Readonly<Record<string, string>>;
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => name.startsWith('value:'))
      .map(([name, value]) => [name.slice('value:'.length), String(value)]),
  );
}
