// Every operation, every role, every door of the web: the permission table alone decides, without exception.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissions, type Role, roles } from '../../src/core/permissions.ts';
import { declaredOperations } from '../support/declared-operations.ts';
import { webOperations } from '../support/web-operations.ts';
import { webPages } from '../support/web-pages.tsx';
import { ask, Browser, type WebWorld, webWorld } from '../support/web-world.ts';

let world: WebWorld;
const tokens = new Map<Role, string>();
const browsers = new Map<Role, { browser: Browser; csrf: string }>();

beforeAll(async () => {
  world = await webWorld({}, undefined, operations);
  for (const role of roles) {
    tokens.set(role, await world.tokenOf(role));
    const browser = new Browser(world.url);
    await browser.signIn((await world.personOf(role)).code);
    browsers.set(role, { browser, csrf: await browser.csrf() });
  }
});
afterAll(() => world.close());

/** Every verb of the product, and those of this world. No call below gets as far as a service. */
const operations = [...webOperations, ...(await declaredOperations())];
const cells = operations.flatMap((operation) => roles.map((role) => ({ operation, role })));

/** Input that cannot run: an allowed call is then refused for its input, and nothing is changed. */
const NOTHING = { 'no-such-argument': '1' };

describe.each(cells)('$operation.name for a $role', ({ operation, role }) => {
  const allowed = roles.indexOf(role) >= roles.indexOf(permissions[operation.permission].role);
  const audited = (): number =>
    world.denials.filter((entry) => entry.operation === operation.name && entry.actor.name.includes(role))
      .length;

  it(`is ${allowed ? 'open' : 'closed'} by name, at its own path and by form`, async () => {
    const before = audited();
    const token = tokens.get(role) ?? '';
    const byName = await ask(`${world.url}/api/operations/${operation.name}`, { token, json: NOTHING });
    const statuses = [byName.status];
    if (operation.http) {
      const path = operation.http.path.replaceAll(/:\w+/g, 'x');
      const { method } = operation.http;
      const inQuery = method === 'GET' || method === 'DELETE';
      const own = await ask(`${world.url}${path}${inQuery ? '?no-such-argument=1' : ''}`, {
        method,
        token,
        ...(inQuery ? {} : { json: NOTHING }),
      });
      statuses.push(own.status);
    }
    const { browser, csrf } = browsers.get(role) ?? { browser: new Browser(world.url), csrf: '' };
    const form = { _csrf: csrf, _back: '/admin/echo', ...NOTHING };
    const posted = await browser.post(`/admin/operations/${operation.name}`, form);

    expect(new Set(statuses)).toEqual(new Set([allowed ? 400 : 403]));
    expect(posted.status).toBe(allowed ? 303 : 403);
    expect(audited() - before).toBe(allowed ? 0 : statuses.length + 1);
  });

  it('is closed to strangers at each of these', async () => {
    const byName = await ask(`${world.url}/api/operations/${operation.name}`, { json: {} });
    const byForm = await new Browser(world.url).post(`/admin/operations/${operation.name}`, {});

    expect([byName.status, byForm.status]).toEqual([401, 401]);
  });
});

describe.each(webPages.flatMap((page) => roles.map((role) => ({ page, role }))))(
  'the page $page.path for a $role',
  ({ page, role }) => {
    const allowed = roles.indexOf(role) >= roles.indexOf(permissions[page.permission].role);

    it(`is ${allowed ? 'open' : 'closed'}, and in the menu only when open`, async () => {
      const { browser } = browsers.get(role) ?? { browser: new Browser(world.url) };
      const answer = await browser.get(page.path.replaceAll(/:\w+/g, 'x'));

      expect(answer.status === 403).toBe(!allowed);
      if (page.menu && answer.status === 200) expect(answer.text).toContain(`href="${page.path}"`);
    });
  },
);

describe('the matrix', () => {
  it('sees the verbs of every capability', () => {
    const nouns = new Set(operations.map((operation) => operation.name.split('.')[0]));

    for (const noun of ['task', 'experiment', 'protocol', 'team', 'token', 'help'])
      expect([...nouns]).toContain(noun);
  });
});

describe('the list of operations', () => {
  it.each(roles)('shows a %s exactly what the table gives them', async (role) => {
    const answer = await ask(`${world.url}/api/operations`, { token: tokens.get(role) ?? '' });
    const names = (answer.json()['operations'] as { name: string }[]).map((entry) => entry.name);
    const expected = operations
      .filter((operation) => roles.indexOf(role) >= roles.indexOf(permissions[operation.permission].role))
      .map((operation) => operation.name);

    expect(names.sort()).toEqual(expected.sort());
  });
});
