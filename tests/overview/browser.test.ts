// The admin pages in a real browser under the server's own content policy: light, dark, on a phone, with and without script.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, browserForTests, type OpenOptions, sidewaysOverflow } from '../support/browser.ts';
import { type PageWorld, pageWorld } from '../support/page-world.ts';
import { armsCsv } from '../support/protocol-world.ts';
import type { Browser } from '../support/web-world.ts';

const browser = browserForTests();
let world: PageWorld;
let owner: Browser;
let run: string;

beforeAll(async () => {
  world = await pageWorld();
  await world.importCsv('cookie', armsCsv({ gate_40: [2000, 300], gate_30: [2000, 400] }), 'gate_40');
  await world.importCsv('broken', armsCsv({ a: [2000, 300], b: [1500, 300] }), 'a');
  await world.services.tasks.add(world.ctx(), {
    title: 'Wallet receipt is missing',
    category: 'payments',
    priority: 'critical',
  });
  run = (await world.runProtocol())._id;
  owner = await world.signedIn('owner');
});
afterAll(() => world.close());

const paths = [
  '/admin',
  '/admin/ab-test',
  '/admin/ab-test/cookie',
  '/admin/protocol',
  '/admin/protocol/:run',
  '/admin/pending',
];

function open(path: string, options: OpenOptions = {}) {
  const cookies = [...owner.cookies].map(([name, value]) => ({ name, value, url: world.url }));
  return browser().openPage(`${world.url}${path.replace(':run', run)}`, { ...options, cookies });
}

describe('every admin page', () => {
  const sights = paths.flatMap((path) => [
    { path, theme: 'light' as const, width: 1280 },
    { path, theme: 'dark' as const, width: 1280 },
    { path, theme: 'light' as const, width: 320 },
  ]);

  it.each(sights)('$path in $theme at $width px: clean for axe, nothing cut off', async (sight) => {
    const opened = await open(sight.path, sight);

    expect(await axeViolations(opened)).toEqual([]);
    expect(await sidewaysOverflow(opened)).toBe(0);
    expect(opened.complaints).toEqual([]);
    expect(opened.requests.filter((url) => !url.startsWith(world.url) && !url.startsWith('data:'))).toEqual(
      [],
    );
  });

  it('weighs less than 100 KB, and its own part less than 20 KB over the wire', async () => {
    for (const path of paths) {
      const { text } = await owner.get(path.replace(':run', run));
      expect(text.length).toBeLessThan(100_000);
      expect(gzipSync(text).length).toBeLessThan(20_000);
    }
  });
});

describe('with what is asked unfolded', () => {
  it('stays clean for axe and keeps its buttons readable under the pointer', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const opened = await open('/admin/ab-test/cookie', { theme });
      for (const label of ['Approve switch', 'Change policy']) {
        await opened.page.click(`summary:has-text("${label}")`);
        expect(await axeViolations(opened)).toEqual([]);
      }
    }
  });

  it('unfolds the import by its link, without script', async () => {
    const { page } = await open('/admin/ab-test', { script: false });
    expect(await page.isVisible('textarea[name=content]')).toBe(false);
    await page.click('a.button:has-text("Import exposures")');

    expect(await page.isVisible('textarea[name=content]')).toBe(true);
  });

  it('decides only on the second press, without script', async () => {
    const { page } = await open('/admin/ab-test', { script: false });
    await page.click('summary:has-text("Reject")');
    expect((await world.services.experiments.get(world.ctx(), 'cookie')).proposal?.status).toBe('open');
    await page.click('button:has-text("Yes, reject")');

    expect(await page.textContent('[role=status]')).toContain('cookie keeps gate_40');
    expect((await world.services.experiments.get(world.ctx(), 'cookie')).proposal?.status).toBe('rejected');
  });
});

describe('a run that is under way', () => {
  it('comes to the ledger by itself', async () => {
    world.clock.advance(1000);
    const { page } = await open('/admin/protocol');
    await page.click('button:has-text("Run now")');
    await page.waitForSelector('tbody >> text=Waits for its turn');
    await world.services.protocol.tick(new AbortController().signal);

    await page.waitForSelector('tbody >> text=Waits for its turn', { state: 'detached' });
    expect(await page.textContent('tbody tr:first-child')).toContain('The owner');
  });
});
