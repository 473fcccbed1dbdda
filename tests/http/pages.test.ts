// Pages and their forms: permission, tokens against foreign sites, messages after a post, escaping, and 304.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, Browser, type WebWorld, webWorld } from '../support/web-world.ts';

let world: WebWorld;
let user: Browser;
let admin: Browser;
let csrf: string;

beforeAll(async () => {
  world = await webWorld();
  user = await as('user');
  admin = await as('admin');
  csrf = await user.csrf();
});
beforeEach(() => world.ledger.done.clear());
afterAll(() => world.close());

async function as(role: 'viewer' | 'user' | 'admin'): Promise<Browser> {
  const browser = new Browser(world.url);
  await browser.signIn((await world.personOf(role)).code);
  return browser;
}

let forms = 0;
const form = (fields: Readonly<Record<string, string>>): Record<string, string> => {
  forms += 1;
  return { _csrf: csrf, _effect: `form-${forms}`, _back: '/admin/echo', ...fields };
};

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</textarea><script>1</script>',
  'javascript:alert(1)',
  '{{7*7}} <%= 7 %> #{7*7}',
];

describe('a page', () => {
  it('asks those without a session to sign in', async () => {
    const answer = await new Browser(world.url).get('/admin/echo');

    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/admin/login');
  });

  it('that stands first in the menu is where one arrives', async () => {
    expect((await user.get('/')).headers.get('location')).toBe('/admin');
    expect((await user.get('/admin')).headers.get('location')).toBe('/admin/echo');
    expect((await new Browser(world.url).get('/admin')).headers.get('location')).toBe('/admin/login');
  });

  it('does not take a token for a session', async () => {
    const token = await world.tokenOf('owner');
    const answer = await ask(`${world.url}/admin/echo`, { token, headers: { accept: 'text/html' } });

    expect(answer.status).toBe(303);
  });

  it('refuses a role without its permission by a page that says why, and audits it', async () => {
    const answer = await user.get('/admin/secret/plan');

    expect(answer.status).toBe(403);
    expect(answer.text).toContain('needs protocol.manage');
    expect(answer.text).not.toContain('<p>plan</p>');
    expect(world.denials.at(-1)).toMatchObject({ operation: 'page /admin/secret/:thing', outcome: 'denied' });
  });

  it('gets its path parameters with its query', async () => {
    expect((await admin.get('/admin/secret/plan%20b')).text).toContain('<p>plan b</p>');
    expect((await user.get('/admin/echo?sort=a&sort=b')).text).toContain('{&quot;sort&quot;:&quot;b&quot;}');
  });

  it('that breaks says nothing of the cause', async () => {
    const answer = await user.get('/admin/broken');

    expect(answer.status).toBe(500);
    expect(answer.text).toMatch(/reference <code>req_/);
    expect(answer.text).not.toMatch(/srv|model\.bin|\.ts:/);
  });

  it('that does not exist is a page too, for a person, and a problem document for a script', async () => {
    const person = await user.get('/admin/nowhere');
    const script = await ask(`${world.url}/admin/nowhere`);

    expect([person.status, script.status]).toEqual([404, 404]);
    expect(person.headers.get('content-type')).toContain('text/html');
    expect(script.headers.get('content-type')).toContain('application/problem+json');
  });

  it('answers 304 until something that can be seen has changed', async () => {
    const first = await user.get('/admin/echo');
    const tag = first.headers.get('etag') ?? '';
    const again = await user.get('/admin/echo', { 'if-none-match': tag });
    world.ledger.done.set('x', 'new words');
    const changed = await user.get('/admin/echo', { 'if-none-match': tag });

    expect([first.status, again.status, changed.status]).toEqual([200, 304, 200]);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect(changed.headers.get('etag')).not.toBe(tag);
  });

  it('is compressed for those who can read that', async () => {
    const answer = await user.get('/admin/echo', { 'accept-encoding': 'gzip' });

    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
  });

  it('forbids whatever is inline or from elsewhere, and holds to that', async () => {
    const answer = await user.get('/admin/echo');
    const policy = answer.headers.get('content-security-policy') ?? '';

    expect(policy.split(';').sort()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "font-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "script-src 'self'",
      "style-src 'self'",
    ]);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
    expect(answer.text).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\sstyle="|\son\w+="/);
  });

  it('finds its assets, which may be kept for ever', async () => {
    const page = await user.get('/admin/echo');
    const addresses = [...page.text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);

    expect(addresses.length).toBeGreaterThan(3);
    for (const address of addresses) {
      const answer = await ask(world.url + address);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toContain('immutable');
    }
    expect((await ask(`${world.url}/assets/../../package.json`)).status).toBe(404);
    expect((await ask(`${world.url}/assets/%2e%2e%2fpackage.json`)).status).toBe(404);
  });
});

describe('a form', () => {
  it('runs its operation once and comes back with a message, shown once', async () => {
    const fields = form({ text: 'by form' });
    const first = await user.post('/admin/operations/echo.say', fields);
    const second = await user.post('/admin/operations/echo.say', fields);

    expect([first.status, second.status]).toEqual([303, 303]);
    expect(first.headers.get('location')).toBe('/admin/echo');
    expect(world.ledger.done.size).toBe(1);
    expect((await user.get('/admin/echo')).text).toMatch(/role="status".*by form/s);
    expect((await user.get('/admin/echo')).text).not.toContain('role="status"');
  });

  it('keeps its message from a polling region', async () => {
    await user.post('/admin/operations/echo.say', form({ text: 'seen later' }));

    expect((await user.get('/admin/echo', { 'hx-request': 'true' })).text).not.toContain('role="status"');
    expect((await user.get('/admin/echo')).text).toContain('role="status"');
  });

  it('that is wrong comes back with what was given and what is wrong', async () => {
    const long = 'x'.repeat(50);
    const answer = await user.post('/admin/operations/echo.say', form({ text: 'kept words', to: long }));
    const { text } = await user.get('/admin/echo');

    expect(answer.status).toBe(303);
    expect(world.ledger.done.size).toBe(0);
    expect(text).toMatch(/role="alert"/);
    expect(text).toContain('kept words');
    expect(text).toContain('too long; at most 40');
  });

  it('sent again with other words says so, and does nothing', async () => {
    const fields = form({ text: 'first' });
    await user.post('/admin/operations/echo.say', fields);
    await user.post('/admin/operations/echo.say', { ...fields, text: 'second' });

    expect([...world.ledger.done.values()]).toEqual(['first']);
    expect((await user.get('/admin/echo')).text).toContain('used before for another request');
  });

  it('of danger asks once more, and the form that asks itself goes through', async () => {
    const token = await admin.csrf();
    const bare = {
      _csrf: token,
      _effect: 'erase-1',
      _back: '/admin/echo',
      to: '<b>all</b>',
      password: 'hush-hush',
    };
    const asked = await admin.post('/admin/operations/echo.erase', bare);

    expect(asked.status).toBe(200);
    expect(asked.text).toContain('Erase what was said?');
    expect(asked.text).toContain('<dd>&lt;b&gt;all&lt;/b&gt;</dd>');
    expect(asked.text).not.toContain('<dd>hush-hush</dd>');
    expect(world.ledger.done.size).toBe(0);
    const page = (await admin.get('/admin/echo')).text;
    expect(page).toMatch(/action="\/admin\/operations\/echo\.erase".*name="_confirmed" value="yes"/s);
    const done = await admin.post('/admin/operations/echo.erase', { ...bare, _confirmed: 'yes' });
    expect(done.status).toBe(303);
    expect([...world.ledger.done.values()]).toEqual(['erased <b>all</b>']);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/\n/evil',
    '',
  ])('never leads to “%s”', async (back) => {
    const answer = await user.post('/admin/operations/echo.say', form({ text: 'x', _back: back }));

    expect(answer.headers.get('location')).toBe('/admin');
  });

  it('without a session is refused', async () => {
    const answer = await new Browser(world.url).post('/admin/operations/echo.say', form({ text: 'x' }));

    expect(answer.status).toBe(401);
    expect(world.ledger.done.size).toBe(0);
  });

  it('of a role without the permission is refused with 403, and audited', async () => {
    const answer = await user.post('/admin/operations/echo.erase', form({ to: 'all', _confirmed: 'yes' }));

    expect(answer.status).toBe(403);
    expect(world.denials.at(-1)).toMatchObject({ operation: 'echo.erase', door: 'page' });
  });

  it('of no verb is refused with 404', async () => {
    expect((await user.post('/admin/operations/no.verb', form({}))).status).toBe(404);
  });

  it('of another kind is refused with 415', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };

    expect((await user.post('/admin/operations/echo.say', form({ text: 'x' }), headers)).status).toBe(415);
  });

  it('with a name that reaches for prototypes is refused', async () => {
    expect(
      (await user.post('/admin/operations/echo.say', form({ text: 'x', constructor: 'y' }))).status,
    ).toBe(400);
  });
});

describe('a foreign site', () => {
  const refused: readonly (readonly [
    string,
    () => Promise<Record<string, string>>,
    Record<string, string>,
  ])[] = [
    ['without a token', async () => ({ _csrf: '' }), {}],
    ['with a made-up token', async () => ({ _csrf: `${'0'.repeat(64)}.${'0'.repeat(64)}` }), {}],
    ['with the token of its own session', async () => ({ _csrf: await admin.csrf() }), {}],
    ['with a token but from another origin', async () => ({}), { origin: 'https://evil.example' }],
    ['with a token but across sites', async () => ({}), { 'sec-fetch-site': 'cross-site' }],
    ['with a token but from a sister site', async () => ({}), { 'sec-fetch-site': 'same-site' }],
  ];

  it.each(refused)('cannot post %s', async (_name, change, headers) => {
    for (const path of ['/admin/operations/echo.say', '/admin/logout']) {
      const answer = await user.post(path, form({ text: 'forged', ...(await change()) }), headers);
      expect(answer.status).toBe(403);
    }
    expect(world.ledger.done.size).toBe(0);
    expect((await user.get('/admin/echo')).status).toBe(200);
  });

  it('is told apart from our own page', async () => {
    const own = { origin: world.url, 'sec-fetch-site': 'same-origin' };

    expect((await user.post('/admin/operations/echo.say', form({ text: 'own' }), own)).status).toBe(303);
  });
});

describe('hostile text', () => {
  it.each(hostile)('“%s” stays text in every field, message and list', async (text) => {
    await user.post('/admin/operations/echo.say', form({ text }));
    const shown = (await user.get('/admin/echo')).text;
    await user.post('/admin/operations/echo.say', form({ text, to: text + 'x'.repeat(60), extra: text }));
    const refused = (await user.get('/admin/echo')).text;
    const asked = (
      await admin.post('/admin/operations/echo.erase', { _csrf: await admin.csrf(), to: text, _effect: text })
    ).text;
    const query = (await user.get(`/admin/echo?q=${encodeURIComponent(text)}`)).text;

    for (const page of [shown, refused, asked, query]) {
      expect(page).not.toMatch(/<script>|<img|\sonerror="|\sonmouseover=['"]|href="javascript:/);
      expect(page).not.toContain(`>${text.startsWith('<') ? text : '\u0000'}`);
    }
  });
});
