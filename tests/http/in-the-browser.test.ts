// The web door in a real browser: what its rules of origin, cookies and content policy do to our own pages.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peoplePage } from '../../src/features/people/page.tsx';
import { axeViolations, browserForTests, sidewaysOverflow } from '../support/browser.ts';
import { type WebWorld, webWorld } from '../support/web-world.ts';

const browser = browserForTests();
let world: WebWorld;
beforeAll(async () => {
  world = await webWorld();
});
afterAll(() => world.close());

describe.each([true, false])('in a browser with script: %s', (script) => {
  it('one signs in by pressing the button, posts a form, and signs out', async () => {
    const { code } = await world.personOf('user');
    const opened = await browser().openPage(`${world.url}/login/${code}`, { script });
    const { page, complaints, requests } = opened;
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/admin/echo');
    await page.getByLabel('Text').fill('said in a browser');
    await page.getByRole('button', { name: 'Say it' }).click();

    expect(await page.getByRole('status').textContent()).toContain('said in a browser');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/admin/login');
    await page.goto(`${world.url}/admin/echo`);
    expect(page.url()).toBe(`${world.url}/admin/login`);
    expect(complaints).toEqual([]);
    expect(requests.every((request) => request.startsWith(world.url))).toBe(true);
  });

  it('a page of another origin cannot post into the session', async () => {
    const { code } = await world.personOf('user');
    const { page } = await browser().openPage(`${world.url}/login/${code}`, { script });
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/admin/echo');
    const token = await page.locator('input[name=_csrf]').first().inputValue();
    const before = world.ledger.done.size;
    const target = `${world.url}/admin/operations/echo.say`;
    await page.goto(
      `data:text/html,<form method=post action="${target}"><input name=_csrf value="${token}"><input name=text value=forged><button>Go</button></form>`,
    );
    await page.getByRole('button', { name: 'Go' }).click();
    await page.waitForURL(target);

    expect(world.ledger.done.size).toBe(before);
  });
});

describe('the documentation', () => {
  it('draws itself from our own files under the strict policy', async () => {
    const { page, complaints, requests } = await browser().openPage(`${world.url}/api/documentation`);
    await page.getByText('/api/operations/echo.say').waitFor();

    expect(complaints).toEqual([]);
    expect(requests.filter((request) => /^https?:/.test(request) && !request.startsWith(world.url))).toEqual(
      [],
    );
  });
});

describe('the pages before a session', () => {
  it.each(['/admin/login', '/login/wrong', '/admin/nowhere'])('%s can be read by everybody', async (path) => {
    const opened = await browser().openPage(world.url + path);

    expect(await axeViolations(opened)).toEqual([]);
  });
});

describe('the page of people', () => {
  it.each([
    { width: 1280, theme: 'light' },
    { width: 390, theme: 'dark' },
  ] as const)('can be read and used by everybody at $width pixels, $theme', async ({ width, theme }) => {
    const people = await webWorld({ pages: [peoplePage] });
    const { code } = await people.personOf('owner');
    await people.tokenOf('viewer');
    const opened = await browser().openPage(`${people.url}/login/${code}`, { width, theme });
    await opened.page.getByRole('button', { name: 'Sign in' }).click();
    await opened.page.waitForURL('**/admin/people');

    expect(await axeViolations(opened)).toEqual([]);
    expect(await sidewaysOverflow(opened)).toBe(0);
    expect(opened.complaints).toEqual([]);
    await people.close();
  });
});
