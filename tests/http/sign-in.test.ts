// Signing in: by a link that works once, only where nobody listens, from our own page, into a session of one's own.
import { afterEach, describe, expect, it } from 'vitest';
import { testCtx } from '../support/context.ts';
import { ask, Browser, operator, type WebWorld, webWorld } from '../support/web-world.ts';

const worlds: WebWorld[] = [];
const DAY_MS = 86_400_000;

async function open(change: Parameters<typeof webWorld>[0] = {}): Promise<WebWorld> {
  const world = await webWorld(change);
  worlds.push(world);
  return world;
}
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

async function signedIn(world: WebWorld, role: 'viewer' | 'user' | 'admin' = 'user') {
  const person = await world.personOf(role);
  const browser = new Browser(world.url);
  await browser.signIn(person.code);
  return { browser, person };
}

describe('the first owner', () => {
  it('comes to be by the one link, is called as they like, and only once', async () => {
    const world = await open();
    const link = await world.people.ensureOwnerLink();
    const code = link?.url.split('/login/')[1] ?? '';
    const browser = new Browser(world.url);

    expect((await browser.get(`/login/${code}`)).text).toContain('name="name"');
    expect((await browser.signIn(code, { name: 'Meera' })).headers.get('location')).toBe('/admin');
    expect((await browser.get('/admin/echo')).text).toContain('Meera <small>owner</small>');
    expect((await new Browser(world.url).signIn(code)).status).toBe(401);
    expect(await world.people.ensureOwnerLink()).toBeNull();
  });
});

describe('a sign-in link', () => {
  it('is not used up by looking at it, however often and however it is fetched', async () => {
    const world = await open();
    const { code } = await world.personOf('user');
    const prefetch = {
      purpose: 'prefetch',
      'sec-purpose': 'prefetch',
      'user-agent': 'Slackbot-LinkExpanding 1.0',
    };
    for (const headers of [prefetch, {}, {}])
      expect((await new Browser(world.url).get(`/login/${code}`, headers)).status).toBe(200);
    await ask(`${world.url}/login/${code}`, { method: 'HEAD' });

    expect((await new Browser(world.url).signIn(code)).status).toBe(303);
  });

  it('lets one in once, also when two press at the same moment', async () => {
    const world = await open();
    const { code } = await world.personOf('user');
    const browsers = Array.from({ length: 6 }, () => new Browser(world.url));
    const answers = await Promise.all(browsers.map((browser) => browser.signIn(code)));

    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 401, 401, 401, 401, 401]);
  });

  it.each([
    ['after a day', async (world: WebWorld) => world.clock.advance(DAY_MS)],
    ['when its person was removed', async (world: WebWorld, id: string) => void (await remove(world, id))],
  ])('does not work %s', async (_name, spoil) => {
    const world = await open();
    const { code, id } = await world.personOf('user');
    await spoil(world, id);
    const browser = new Browser(world.url);
    const looked = await browser.get(`/login/${code}`);
    const pressed = await browser.signIn(code);

    expect(pressed.status).toBe(401);
    expect(pressed.text).toContain('used before, has expired, or never was');
    expect([200, 401]).toContain(looked.status);
    expect(browser.cookies.size).toBe(0);
  });

  it('does not work when it was never made', async () => {
    const world = await open();

    expect((await new Browser(world.url).signIn('x'.repeat(43))).status).toBe(401);
    expect((await new Browser(world.url).get('/login/%2e%2e%2f%00')).status).toBe(401);
  });

  it('is not logged', async () => {
    const world = await open();
    const { code } = await world.personOf('user');
    await new Browser(world.url).get(`/login/${code}`);
    await new Browser(world.url).signIn(code);
    await expect.poll(() => world.logs.length).toBeGreaterThan(1);

    expect(world.logs.join('')).not.toContain(code);
  });

  it('pressed on another site does nothing', async () => {
    const world = await open();
    const { code } = await world.personOf('user');
    const foreign = [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ];
    for (const headers of foreign)
      expect((await new Browser(world.url).post(`/login/${code}`, {}, headers)).status).toBe(403);

    expect((await new Browser(world.url).signIn(code)).status).toBe(303);
  });

  it('has a page whose form may say where it comes from: without a referrer the browser says null', async () => {
    const world = await open();
    const { code } = await world.personOf('user');

    expect((await new Browser(world.url).get(`/login/${code}`)).headers.get('referrer-policy')).toBe(
      'same-origin',
    );
  });

  it('guessed too often is refused for a while', async () => {
    const world = await open();
    const statuses: number[] = [];
    for (let tries = 0; tries < 32; tries += 1)
      statuses.push((await new Browser(world.url).signIn(`wrong-${tries}`)).status);

    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(401));
    expect(statuses.slice(30)).toEqual([429, 429]);
  });
});

async function remove(world: WebWorld, id: string): Promise<void> {
  await world.people.remove(testCtx({ actor: operator, now: world.clock.now() }), id);
}

describe('a session', () => {
  it('has an id that nobody knew before the sign-in', async () => {
    const world = await open();
    const attacker = await signedIn(world);
    const planted = attacker.browser.cookies.get('sid') ?? '';
    const victim = new Browser(world.url);
    victim.cookies.set('sid', planted);
    await victim.signIn((await world.personOf('admin')).code);

    expect(victim.cookies.get('sid')).not.toBe(planted);
    const known = await attacker.browser.get('/admin/echo');
    expect(known.text).not.toContain('The admin');
  });

  it('has a cookie that scripts cannot read and other sites do not send', async () => {
    const world = await open();
    const browser = new Browser(world.url);
    const answer = await browser.signIn((await world.personOf('user')).code);
    const [cookie = ''] = answer.headers.getSetCookie();

    expect(cookie).toMatch(/^sid=/);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).toMatch(/Path=\//i);
    expect(cookie).not.toMatch(/Secure/i);
  });

  it('is not made for those who only look', async () => {
    const world = await open();
    const browser = new Browser(world.url);
    await browser.get('/admin/login');
    await browser.get('/admin/echo');

    expect(browser.cookies.size).toBe(0);
  });

  it('that is forged or altered is nobody’s', async () => {
    const world = await open();
    const { browser } = await signedIn(world);
    const real = browser.cookies.get('sid') ?? '';
    for (const forged of [`${real.slice(0, -2)}xx`, 's%3Aabc.def', '', 'a'.repeat(3000)]) {
      browser.cookies.set('sid', forged);
      expect((await browser.get('/admin/echo')).status).toBe(303);
    }
  });

  it('ends after a week without a visit, and not before while it is used', async () => {
    const world = await open();
    const { browser } = await signedIn(world);
    for (let visit = 0; visit < 3; visit += 1) {
      world.clock.advance(6 * DAY_MS);
      expect((await browser.get('/admin/echo')).status).toBe(200);
    }
    world.clock.advance(7 * DAY_MS + 1);

    expect((await browser.get('/admin/echo')).headers.get('location')).toBe('/admin/login');
  });

  it('ends after thirty days, however busy', async () => {
    const world = await open();
    const { browser } = await signedIn(world);
    for (let visit = 0; visit < 5; visit += 1) {
      world.clock.advance(5 * DAY_MS + 20 * 3_600_000);
      expect((await browser.get('/admin/echo')).status).toBe(200);
    }
    world.clock.advance(DAY_MS);

    expect((await browser.get('/admin/echo')).status).toBe(303);
  });

  it('is listed and ended by its person, and by nobody else', async () => {
    const world = await open();
    const { browser, person } = await signedIn(world);
    const other = await signedIn(world);
    const as = (id: string) =>
      testCtx({ actor: { kind: 'person', id, name: 'x', role: 'user' }, now: world.clock.now() });
    const [session] = await world.people.listSessions(as(person.id));

    await expect(world.people.endSession(as(other.person.id), session?._id ?? '')).rejects.toMatchObject({
      code: 'record.not_found',
    });
    expect((await browser.get('/admin/echo')).status).toBe(200);
    await world.people.endSession(as(person.id), session?._id ?? '');
    expect((await browser.get('/admin/echo')).status).toBe(303);
    expect((await other.browser.get('/admin/echo')).status).toBe(200);
  });

  it('ends with the sign-out, on the server too', async () => {
    const world = await open();
    const { browser } = await signedIn(world);
    const stolen = new Browser(world.url);
    for (const [name, value] of browser.cookies) stolen.cookies.set(name, value);
    const answer = await browser.post('/admin/logout', { _csrf: await browser.csrf() });

    expect(answer.headers.get('location')).toBe('/admin/login');
    expect(browser.cookies.size).toBe(0);
    expect((await stolen.get('/admin/echo')).status).toBe(303);
  });

  it('follows the person: a removed one is out, a demoted one has less, at the next request', async () => {
    const world = await open();
    const { browser, person } = await signedIn(world, 'admin');
    const ctx = (effectKey: string) => testCtx({ actor: operator, now: world.clock.now(), effectKey });

    expect((await browser.get('/admin/secret/plan')).status).toBe(200);
    await world.people.setRole(ctx('demote'), person.id, 'viewer');
    expect((await browser.get('/admin/secret/plan')).status).toBe(403);
    await world.people.remove(ctx('remove'), person.id);
    expect((await browser.get('/admin/echo')).status).toBe(303);
  });
});

describe('where one may sign in', () => {
  const https = { publicUrl: 'https://ops.example.com', trustProxy: 1 } as const;
  const proxied = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'ops.example.com' };

  it('behind https the cookies are __Host- and Secure', async () => {
    const world = await open(https);
    const browser = new Browser(world.url);
    const answer = await browser.post(`/login/${(await world.personOf('user')).code}`, {}, proxied);
    const [cookie = ''] = answer.headers.getSetCookie();

    expect(answer.status).toBe(303);
    expect(cookie).toMatch(/^__Host-sid=.*Path=\/;.*HttpOnly; Secure; SameSite=Lax/);
    const page = await browser.get('/admin/echo', proxied);
    expect(page.headers.getSetCookie().join()).toMatch(/__Host-csrf=/);
    expect(page.headers.get('strict-transport-security')).toContain('max-age=31536000');
  });

  it.each([
    ['https is promised and plain http comes', https, {}],
    ['the proxy is not trusted', { publicUrl: 'https://ops.example.com' }, proxied],
    ['plain http is public', { publicUrl: 'http://ops.example.com' }, {}],
    ['an unnamed proxy forwards', {}, { 'x-forwarded-for': '203.0.113.7' }],
    ['a foreign name leads here', {}, { host: 'rebound.example' }],
  ])('is refused when %s, with the reason, and the link stays good', async (_name, change, headers) => {
    const world = await open(change);
    const { code } = await world.personOf('user');
    const answer = await ask(`${world.url}/login/${code}`, { method: 'POST', headers });

    expect(answer.status).toBe(403);
    expect(answer.text).toContain('auth.insecure');
    await expect(world.people.readLink(code)).resolves.toEqual({ firstOwner: false });
  });
});
