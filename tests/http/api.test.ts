// The API: operations by name and at their own paths, tokens, idempotency keys, and every refusal as a problem document.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET_IN_A_CAUSE } from '../support/web-operations.ts';
import { type Answer, type Asked, ask, type WebWorld, webWorld } from '../support/web-world.ts';

let world: WebWorld;
let user: string;
let viewer: string;

beforeAll(async () => {
  world = await webWorld();
  user = await world.tokenOf('user');
  viewer = await world.tokenOf('viewer');
});
afterAll(() => world.close());

const call = (path: string, asked: Asked = {}): Promise<Answer> =>
  ask(world.url + path, { token: user, ...asked });
const say = (json: unknown, asked: Asked = {}): Promise<Answer> =>
  call('/api/operations/echo.say', { json, ...asked });

function problem(answer: Answer): Record<string, unknown> {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const body = answer.json();
  expect(body).toMatchObject({ status: answer.status, type: `urn:wardroom:error:${String(body['code'])}` });
  expect(body['title']).toEqual(expect.any(String));
  expect(body['requestId']).toBe(answer.headers.get('x-request-id'));
  return body;
}

describe('POST /api/operations/:name', () => {
  it('runs an operation and wraps its output', async () => {
    const answer = await say({ text: 'hello' });

    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ output: { text: 'hello', to: 'all' } });
  });

  it('names every argument that is wrong, with what was given and an example', async () => {
    const answer = await say({ text: 5, extra: true });
    const body = problem(answer);

    expect(answer.status).toBe(400);
    expect(body['code']).toBe('input.invalid');
    expect(body['errors']).toContainEqual({ field: 'text', problem: '“5” is not a text', example: 'hello' });
    expect(JSON.stringify(body['errors'])).toContain('extra');
  });

  it('does not convert a JSON body', async () => {
    expect((await call('/api/operations/echo.find', { json: { to: 'a', limit: '5' } })).status).toBe(400);
  });

  it('says 404 for a verb that does not exist', async () => {
    const answer = await call('/api/operations/no.verb', { json: {} });

    expect(answer.status).toBe(404);
    expect(problem(answer)['code']).toBe('input.unknown_operation');
  });

  it('refuses a caller whose role does not hold the permission, and audits the denial', async () => {
    const answer = await say({ text: 'x' }, { token: viewer });

    expect(answer.status).toBe(403);
    expect(problem(answer)['code']).toBe('permission.denied');
    expect(world.denials.at(-1)).toMatchObject({ operation: 'echo.say', outcome: 'denied', door: 'http' });
  });

  it('takes an empty body as no input', async () => {
    expect((await call('/api/operations/me.show', { method: 'POST' })).status).toBe(200);
  });
});

describe('the caller', () => {
  it.each([
    ['no token', {}],
    ['an unknown token', { authorization: `Bearer wr_${'A'.repeat(43)}` }],
    ['another scheme', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['a token in lower case', { authorization: 'bearer' }],
  ])('is refused with %s', async (_name, headers) => {
    const answer = await ask(`${world.url}/api/operations`, { headers });

    expect(answer.status).toBe(401);
    expect(problem(answer)['code']).toBe('auth.required');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="wardroom"');
  });

  it('is not read from a cookie', async () => {
    const answer = await ask(`${world.url}/api/operations`, { headers: { cookie: `sid=${user}` } });

    expect(answer.status).toBe(401);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('is told what they may do, and nothing more', async () => {
    const listed = (await call('/api/operations')).json()['operations'];
    const names = (listed as { name: string }[]).map((entry) => entry.name);

    expect(names).toContain('echo.say');
    expect(names).not.toContain('team.invite');
    expect(listed).toContainEqual(
      expect.objectContaining({
        name: 'echo.say',
        summary: 'Say it again',
        danger: 'none',
        paths: [
          { method: 'POST', path: '/api/operations/echo.say' },
          { method: 'POST', path: '/api/echo/:to' },
        ],
        input: expect.objectContaining({ type: 'object', required: ['text'] }),
      }),
    );
  });
});

describe('Idempotency-Key', () => {
  const keyed = (key: string): Asked => ({ headers: { 'idempotency-key': key } });

  it('gives the first outcome again and has no second effect', async () => {
    const first = await say({ text: 'once' }, keyed('k-1'));
    const done = world.ledger.done.size;
    const second = await say({ text: 'once' }, keyed('k-1'));

    expect(second.json()).toEqual(first.json());
    expect(world.ledger.done.size).toBe(done);
  });

  it('holds across the two addresses of one operation', async () => {
    await say({ text: 'both', to: 'all' }, keyed('k-2'));
    const done = world.ledger.done.size;
    const again = await call('/api/echo/all', { json: { text: 'both' }, ...keyed('k-2') });

    expect(again.status).toBe(200);
    expect(world.ledger.done.size).toBe(done);
  });

  it('is refused for another payload, and nothing is done', async () => {
    await say({ text: 'mine' }, keyed('k-3'));
    const done = world.ledger.done.size;
    const answer = await say({ text: 'other' }, keyed('k-3'));

    expect(answer.status).toBe(409);
    expect(problem(answer)['code']).toBe('key.reused');
    expect(world.ledger.done.size).toBe(done);
  });

  it('of one caller is not that of another', async () => {
    const manager = await world.tokenOf('manager');
    await say({ text: 'same key' }, keyed('k-4'));

    expect((await say({ text: 'different' }, { token: manager, ...keyed('k-4') })).status).toBe(200);
  });

  it('may be sent again after a mistake was corrected', async () => {
    expect((await say({ text: '' }, keyed('k-5'))).status).toBe(400);
    expect((await say({ text: 'right' }, keyed('k-5'))).status).toBe(200);
  });

  it.each([['k'.repeat(256)], ['with space']])('is refused when it is “%s”', async (key) => {
    expect((await say({ text: 'x' }, keyed(key))).status).toBe(400);
  });

  it('is not needed: without one each call is an effect of its own', async () => {
    const before = world.ledger.done.size;
    await say({ text: 'a' });
    await say({ text: 'a' });

    expect(world.ledger.done.size).toBe(before + 2);
  });

  it('binds one payload when many race for it', async () => {
    const racers = Array.from({ length: 12 }, (_, n) => say({ text: `racer ${n % 3}` }, keyed('k-race')));
    const statuses = (await Promise.all(racers)).map((answer) => answer.status).sort();

    expect(statuses).toEqual([...Array(4).fill(200), ...Array(8).fill(409)]);
  });
});

describe('an operation at its own path', () => {
  it('answers the bare output, with its path parameter filled in', async () => {
    const answer = await call('/api/echo/room%20one', { json: { text: 'hi' } });

    expect(answer.json()).toMatchObject({ text: 'hi', to: 'room one' });
  });

  it('types a query string by the kinds of its fields', async () => {
    const answer = await call('/api/echo/7/found?limit=3&share=0.25&open=yes&order=new&tags=a,b&tags=c');

    expect(answer.json()).toEqual({
      to: '7',
      limit: 3,
      share: 0.25,
      open: true,
      order: 'new',
      tags: ['a', 'b', 'c'],
    });
  });

  it.each(['limit=many', 'limit=3&limit=4', 'open=perhaps', 'nosuch=1', '__proto__=1'])(
    'refuses the query “%s”',
    async (query) => {
      const answer = await call(`/api/echo/7/found?${query}`);

      expect(answer.status).toBe(400);
      problem(answer);
    },
  );

  it('refuses another method and names those that are answered', async () => {
    const answer = await call('/api/echo/7/found', { json: {} });

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect(problem(answer)['code']).toBe('http.method');
  });
});

describe('a body', () => {
  const post = (body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Answer> =>
    call('/api/operations/echo.say', { body, headers: { 'content-type': 'application/json', ...headers } });

  it.each([
    ['malformed', '{"text": ', 'input.not_json'],
    ['a list', '[1]', 'input.invalid'],
    ['a bare text', '"hello"', 'input.invalid'],
    ['an own __proto__', '{"text":"x","__proto__":{"role":"owner"}}', 'input.invalid'],
    ['a nested __proto__', '{"text":{"a":{"__proto__":{}}}}', 'input.invalid'],
    ['a constructor', '{"text":"x","constructor":{"prototype":{}}}', 'input.invalid'],
    ['deeper than 32', `{"text":${'['.repeat(40)}${']'.repeat(40)}}`, 'input.invalid'],
    ['very deep', `{"text":${'['.repeat(300_000)}${']'.repeat(300_000)}}`, 'input.invalid'],
  ])('that is %s is refused with 400', async (_name, body, code) => {
    const answer = await post(body);

    expect(answer.status).toBe(400);
    expect(problem(answer)['code']).toBe(code);
  });

  it('above 1 MiB is refused with 413, also when it only inflates to that', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(1_100_000) });

    expect(problem(await post(large))['status']).toBe(413);
    expect((await post(gzipSync(large), { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  it.each([
    ['text/plain', undefined],
    ['application/xml', undefined],
    ['multipart/form-data; boundary=x', undefined],
    ['application/x-www-form-urlencoded', undefined],
    ['application/json; charset=iso-8859-1', undefined],
    ['application/json', 'zstd'],
  ])('as %s (%s) is refused with 415', async (type, encoding) => {
    const answer = await post('text=x', {
      'content-type': type,
      ...(encoding ? { 'content-encoding': encoding } : {}),
    });

    expect(answer.status).toBe(415);
    expect(problem(answer)['code']).toBe('http.media_type');
  });
});

describe('a file', () => {
  it('may be larger than other bodies, as JSON or as itself', async () => {
    const manager = await world.tokenOf('manager');
    const lines = 'a,b\n'.repeat(300_000);
    const asJson = await call('/api/operations/echo.import', { token: manager, json: { lines } });
    const asText = await call('/api/echo-import?loud=yes', {
      token: manager,
      body: lines,
      headers: { 'content-type': 'text/csv' },
    });

    expect(asJson.json()).toEqual({ output: { count: 300_001, loud: false } });
    expect(asText.json()).toEqual({ count: 300_001, loud: true });
  });

  it('above its own limit is refused with 413', async () => {
    const manager = await world.tokenOf('manager');
    const lines = 'x'.repeat(2_000_001);
    const asJson = await call('/api/operations/echo.import', { token: manager, json: { lines } });
    const asText = await call('/api/echo-import', {
      token: manager,
      body: lines,
      headers: { 'content-type': 'text/csv' },
    });

    expect([asJson.status, asText.status]).toEqual([413, 413]);
  });
});

describe('a failure of ours', () => {
  it('says nothing of its cause, and is found in the log by its id', async () => {
    const answer = await call('/api/operations/echo.fail', { json: {} });
    const body = problem(answer);

    expect(answer.status).toBe(500);
    expect(body['code']).toBe('internal.bug');
    expect(answer.text).not.toMatch(/mongodb|hunter22|\.ts|node_modules|at /);
    const logged = world.logs.filter((line) => line.includes(String(body['requestId']))).join('');
    expect(logged).toContain('cannot reach');
    expect(logged).not.toContain('hunter22');
    expect(SECRET_IN_A_CAUSE).toContain('hunter22');
  });
});

describe('every answer', () => {
  it.each(['/api/nothing', '/nothing', '/api/operations/%E0%A4%A', '/api/echo/%00'])(
    'to %s is a problem document without internals',
    async (path) => {
      const answer = await call(path);

      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      problem(answer);
      expect(answer.text).not.toMatch(/\.ts|node_modules|Error:/);
    },
  );

  it('carries an id of ours, whatever the request says', async () => {
    const answer = await call('/api/operations', { headers: { 'x-request-id': 'forged' } });

    expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{26}$/);
  });

  it('allows no other site, and says how much of the limit is left', async () => {
    const answer = await call('/api/operations', { headers: { origin: 'https://evil.example' } });

    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('ratelimit')).toMatch(/^"caller"; r=\d+; t=\d+$/);
    expect(answer.headers.get('ratelimit-policy')).toMatch(/^"caller"; q=12000; w=60/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });

  it('is logged once, with operation, actor, status and time, and no address or token', async () => {
    const { headers } = await call('/api/echo/room7', { json: { text: 'logged' } });
    const id = String(headers.get('x-request-id'));
    await expect.poll(() => world.logs.filter((line) => line.includes(id)).length).toBe(1);
    const line = JSON.parse(world.logs.find((entry) => entry.includes(id)) ?? '{}');

    expect(line).toMatchObject({
      operation: 'echo.say',
      status: 200,
      route: '/api/echo/:to',
      method: 'POST',
    });
    expect(line.actor).toMatch(/^usr_/);
    expect(line.ms).toEqual(expect.any(Number));
    expect(JSON.stringify(line)).not.toMatch(/room7|wr_|127\.0\.0\.1/);
  });
});
