// Health, metrics, documentation, the limits of connections, and how the server starts and stops.
import { createServer } from 'node:http';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Gauge, Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { HealthCheck } from '../../src/http/options.ts';
import { rateLimits } from '../../src/http/rate-limits.ts';
import { ask, type WebWorld, webWorld } from '../support/web-world.ts';

const worlds: WebWorld[] = [];

async function open(change: Parameters<typeof webWorld>[0] = {}): Promise<WebWorld> {
  const world = await webWorld(change);
  worlds.push(world);
  return world;
}
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

const reading = (
  name: HealthCheck['name'],
  read: HealthCheck['read'],
  neededToServe = true,
): HealthCheck => ({
  name,
  componentType: 'datastore',
  neededToServe,
  read,
});
const well = reading('database:responseTime', async () => ({
  status: 'pass',
  observedValue: 2,
  observedUnit: 'ms',
}));
const broken = reading('database:responseTime', () => Promise.reject(new Error('no answer')));
const strained = reading('chat:connections', async () => ({ status: 'warn', output: 'one of two' }), false);

/** As a caller from elsewhere, through a proxy that is trusted. */
const fromElsewhere = { 'x-forwarded-for': '203.0.113.7' };

describe('/health', () => {
  it('says pass with every dependency, to the machine itself', async () => {
    const world = await open({ health: [well, strained] });
    const answer = await ask(`${world.url}/health`);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/health\+json/);
    expect(answer.json()).toMatchObject({
      status: 'warn',
      version: '1.2.3',
      checks: {
        'database:responseTime': [{ status: 'pass', observedValue: 2, observedUnit: 'ms' }],
        'chat:connections': [{ status: 'warn', output: 'one of two' }],
        uptime: [{ observedUnit: 's' }],
      },
    });
  });

  it('fails with 503 when a dependency fails', async () => {
    const world = await open({ health: [broken] });
    const [health, live, ready] = await Promise.all(
      ['/health', '/health/live', '/health/ready'].map((path) => ask(world.url + path)),
    );

    expect([health?.status, live?.status, ready?.status]).toEqual([503, 200, 503]);
    expect(health?.json()).toMatchObject({
      checks: { 'database:responseTime': [{ status: 'fail', output: 'no answer' }] },
    });
  });

  it('is ready without what it does not need to serve', async () => {
    const chat = reading('chat:connections', async () => ({ status: 'fail' }), false);
    const world = await open({ health: [well, chat] });

    expect((await ask(`${world.url}/health/ready`)).status).toBe(200);
    expect((await ask(`${world.url}/health`)).status).toBe(503);
  });

  it.each([
    ['behind a trusted proxy', { trustProxy: 1 }],
    ['behind a proxy that nobody named', {}],
  ] as const)(
    'keeps details from strangers %s, and gives them to a token that may see them',
    async (_name, change) => {
      const world = await open({ health: [well], ...change });
      const stranger = await ask(`${world.url}/health`, { headers: fromElsewhere });
      const viewer = await ask(`${world.url}/health`, {
        headers: fromElsewhere,
        token: await world.tokenOf('viewer'),
      });
      const manager = await ask(`${world.url}/health`, {
        headers: fromElsewhere,
        token: await world.tokenOf('manager'),
      });

      expect(stranger.json()).toEqual({ status: 'pass', version: '1.2.3', description: 'Wardroom' });
      expect(viewer.json()['checks']).toBeUndefined();
      expect(manager.json()['checks']).toBeDefined();
    },
  );

  it('keeps details from a foreign name that leads to this machine', async () => {
    const world = await open({ health: [well] });
    const answer = await ask(`${world.url}/health`, { headers: { host: 'rebound.example' } });

    expect(answer.json()['checks']).toBeUndefined();
  });
});

describe('/metrics', () => {
  it('measures requests by pattern, never by address', async () => {
    const metrics = new Registry();
    new Gauge({ name: 'wardroom_sample', help: 'Another part', registers: [metrics] }).set(7);
    const world = await open({ metrics });
    const token = await world.tokenOf('user');
    for (const path of ['/api/echo/one/found', '/api/echo/two/found', '/api/nowhere-1', '/nowhere-2'])
      await ask(world.url + path, { token });
    await expect
      .poll(async () => (await ask(`${world.url}/metrics`)).text)
      .toContain('route="/api/echo/:to/found",status="200"} 2');
    const { text, headers } = await ask(`${world.url}/metrics`);

    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text).toContain('wardroom_sample 7');
    expect(text).toMatch(/route="none",status="404"} 2/);
    expect(text).not.toMatch(/nowhere|echo\/one/);
  });

  it('needs a token from elsewhere', async () => {
    const world = await open();
    const asked = async (role?: 'user' | 'manager') =>
      await ask(`${world.url}/metrics`, {
        headers: fromElsewhere,
        ...(role ? { token: await world.tokenOf(role) } : {}),
      });

    expect((await asked()).status).toBe(401);
    expect((await asked('user')).status).toBe(401);
    expect((await asked('manager')).status).toBe(200);
  });
});

describe('/api/documentation', () => {
  it('is a valid OpenAPI 3.1 document with every operation at each of its addresses', async () => {
    const world = await open();
    const answer = await ask(`${world.url}/api/documentation.json`);
    const judged = await new Validator().validate(answer.json());
    const document = answer.json() as { openapi: string; paths: Record<string, Record<string, unknown>> };

    expect(judged).toEqual({ valid: true });
    expect(document.openapi).toBe('3.1.0');
    for (const { name } of world.operations)
      expect(Object.keys(document.paths)).toContain(`/api/operations/${name}`);
    expect(document.paths['/api/echo/{to}/found']?.['get']).toMatchObject({
      parameters: expect.arrayContaining([
        expect.objectContaining({ in: 'path', name: 'to', required: true }),
        expect.objectContaining({ in: 'query', name: 'limit' }),
      ]),
    });
    expect(document.paths['/api/echo/{to}']).toMatchObject({ post: {}, delete: {} });
  });

  it('browses offline, under the same policy, with nothing inline or from elsewhere', async () => {
    const world = await open();
    const page = await ask(`${world.url}/api/documentation`);
    const files = [...page.text.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1] ?? '');

    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=/);
    expect(files.length).toBe(4);
    for (const file of files) {
      expect(file).toMatch(/^\/api\/documentation\//);
      expect((await ask(world.url + file)).status).toBe(200);
    }
    expect((await ask(`${world.url}/api/documentation/package.json`)).status).toBe(404);
    expect((await ask(`${world.url}/api/documentation/..%2fpackage.json`)).status).toBe(404);
  });
});

describe('the limits', () => {
  it('leave a script of 50 requests a second alone, with and without a token', () => {
    for (const { limit, windowMs } of [rateLimits.anonymous, rateLimits.caller, rateLimits.address])
      expect(limit / (windowMs / 1000)).toBeGreaterThanOrEqual(100);
  });

  it('hold for a caller, who is told when to come back', async () => {
    const tight = { limit: 3, windowMs: 60_000 };
    const world = await open({ rateLimits: { ...rateLimits, caller: tight } });
    const [token, other] = [await world.tokenOf('viewer'), await world.tokenOf('manager')];
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await ask(`${world.url}/api/me`, { token })).status);
    const refused = await ask(`${world.url}/api/me`, { token });

    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await ask(`${world.url}/api/me`, { token: other })).status).toBe(200);
    expect(refused.status).toBe(429);
    expect(refused.json()['code']).toBe('rate.limited');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask(`${world.url}/health/live`)).status).toBe(200);
  });

  it('give a connection no time without end for its headers, its body or silence', async () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxHeadersCount } = (await open())
      .server.server;

    expect({ headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxHeadersCount }).toEqual({
      headersTimeout: 15_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 10_000,
      timeout: 120_000,
      maxHeadersCount: 100,
    });
  });
});

describe('the server', () => {
  it('says the address that it listens on, and refuses one that is taken', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => {
        const address = taken.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });

    await expect(webWorld({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await new Promise((resolve) => taken.close(resolve));
  });

  it('is not ready any more once it drains, and answers on', async () => {
    const world = await open({ health: [well] });
    world.server.drain();

    expect((await ask(`${world.url}/health/ready`)).status).toBe(503);
    expect((await ask(`${world.url}/health/live`)).status).toBe(200);
  });

  it('ends within a moment, lets what is under way end, and is not ready meanwhile', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = false;
    const slow = reading('database:responseTime', async () => {
      asked = true;
      await held;
      return { status: 'pass' };
    });
    const world = await webWorld({ health: [slow] });
    const pending = ask(`${world.url}/health/ready`);
    await expect.poll(() => asked).toBe(true);
    const closed = world.close();
    release();

    expect((await pending).status).toBe(503);
    await closed;
    await expect(ask(`${world.url}/health/live`)).rejects.toMatchObject({
      code: expect.stringMatching(/^ECONN(REFUSED|RESET)$/),
    });
    await world.close();
  });
});
