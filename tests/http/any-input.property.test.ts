// Whatever arrives, the answer is an answer: never a fault of ours, never a word of our insides.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, Browser, type WebWorld, webWorld } from '../support/web-world.ts';

let world: WebWorld;
let token: string;
let browser: Browser;
let csrf: string;

beforeAll(async () => {
  world = await webWorld();
  token = await world.tokenOf('owner');
  browser = new Browser(world.url);
  await browser.signIn((await world.personOf('owner')).code);
  csrf = await browser.csrf();
});
afterAll(() => world.close());

const insides = /node_modules|\.tsx?:\d|at \w+ \(|MongoServer|ZodError|TypeError/;
const verbs = fc.constantFrom(
  'echo.say',
  'echo.find',
  'echo.erase',
  'echo.import',
  'team.invite',
  'token.revoke',
  'me.show',
);
const names = fc.constantFrom(
  'text',
  'to',
  'limit',
  'tags',
  'name',
  'role',
  'token',
  '$where',
  '__proto__',
  'a.b',
  '',
);
const runs = { numRuns: 150 };

describe('any input', () => {
  it('as a JSON value gets an answer or a refusal', async () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(names, fc.jsonValue()),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(verbs, value, async (verb, json) => {
        const answer = await ask(`${world.url}/api/operations/${verb}`, { token, json });

        expect(answer.status).toBeLessThan(500);
        expect(answer.text).not.toMatch(insides);
        expect(() => answer.json()).not.toThrow();
      }),
      runs,
    );
  });

  it('as bytes gets an answer or a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (body) => {
        const headers = { 'content-type': 'application/json' };
        const answer = await ask(`${world.url}/api/operations/echo.say`, { token, body, headers });

        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }),
      runs,
    );
  });

  it('as a query or path gets an answer or a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), names, fc.string(), async (to, name, value) => {
        const path = encodeURIComponent(to) || '_';
        const query = new URLSearchParams([[name, value]]).toString();
        const answer = await ask(`${world.url}/api/echo/${path}/found?${query}`, { token });

        expect(answer.status).toBeLessThan(500);
        expect(answer.text).not.toMatch(insides);
      }),
      runs,
    );
  });

  it('as a form comes back as a page without a fault', async () => {
    await fc.assert(
      fc.asyncProperty(verbs, fc.dictionary(names, fc.string({ unit: 'grapheme' })), async (verb, fields) => {
        const posted = await browser.post(`/admin/operations/${verb}`, {
          ...fields,
          _csrf: csrf,
          _back: '/admin/echo',
        });

        expect(posted.status).toBeLessThan(500);
        expect((await browser.get('/admin/echo')).text).not.toMatch(insides);
      }),
      { numRuns: 60 },
    );
  });

  it('as a header gets an answer or a refusal', async () => {
    const text = fc
      .string({ minLength: 1, maxLength: 300 })
      .map((given) => given.replaceAll(/[^\x20-\x7e]/g, '?'));
    const header = fc.constantFrom(
      'authorization',
      'idempotency-key',
      'cookie',
      'accept',
      'content-type',
      'origin',
      'x-forwarded-for',
    );
    await fc.assert(
      fc.asyncProperty(header, text, async (name, value) => {
        for (const path of ['/api/operations/me.show', '/admin/echo']) {
          const answer = await ask(world.url + path, { token, json: {}, headers: { [name]: value } });
          expect(answer.status).toBeLessThan(500);
        }
      }),
      runs,
    );
  });
});
