// Pages in a real browser under the real content policy: light, dark, on a phone, by keyboard, without script.
// biome-ignore-all lint/performance/useDomNodeTextContent: what is seen differs from what is there, on paper
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assets } from '../../src/ui/assets.ts';
import { Poll } from '../../src/ui/components/poll.tsx';
import { renderPage } from '../../src/ui/layout.tsx';
import { axeViolations, browserForTests, type OpenOptions, sidewaysOverflow } from '../support/browser.ts';
import { type PageServer, startPageServer } from '../support/page-server.ts';
import { answerPage, overviewPage, refusedPage, signInPage, tasksPage } from './sample-pages.tsx';
import { sampleFrame } from './samples.tsx';

const pages: Readonly<Record<string, () => string>> = {
  '/admin': () => overviewPage(),
  '/admin/tasks': () => tasksPage(),
  '/admin/experiments/onboarding-offer': () => answerPage(),
  '/refused': () => refusedPage(),
  '/sign-in': () => signInPage(),
};

let news = 'first';

const live = (): string => {
  const frame = sampleFrame({ path: '/live' });
  return renderPage(
    frame,
    'Live',
    <Poll id="news" frame={frame} everySeconds={1}>
      <p id="line">{news}</p>
      <input aria-label="Words" />
    </Poll>,
  );
};

const browser = browserForTests();
let server: PageServer;

beforeAll(async () => {
  server = await startPageServer((path) => (path === '/live' ? live() : pages[path]?.()));
});
afterAll(async () => {
  await server.close();
});

const open = (path: string, options: OpenOptions = {}) => browser().openPage(`${server.url}${path}`, options);

interface Sight {
  readonly path: string;
  readonly theme: 'light' | 'dark';
  readonly width: number;
}

const sights: readonly Sight[] = [
  ...['/admin', '/admin/tasks', '/admin/experiments/onboarding-offer'].flatMap((path): Sight[] => [
    { path, theme: 'light', width: 1280 },
    { path, theme: 'dark', width: 1280 },
    { path, theme: 'light', width: 320 },
  ]),
  { path: '/refused', theme: 'dark', width: 320 },
  { path: '/refused', theme: 'light', width: 1280 },
  { path: '/sign-in', theme: 'dark', width: 320 },
];

describe('every page', () => {
  it.each(sights)(
    '$path in $theme at $width px: clean for axe, nothing cut off, nothing from outside',
    async (sight) => {
      const opened = await open(sight.path, sight);

      expect(await axeViolations(opened)).toEqual([]);
      expect(await sidewaysOverflow(opened)).toBe(0);
      expect(opened.complaints).toEqual([]);
      expect(
        opened.requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:')),
      ).toEqual([]);
    },
  );

  it('fits at 200 % zoom of a small laptop', async () => {
    for (const path of Object.keys(pages))
      expect(await sidewaysOverflow(await open(path, { width: 640 }))).toBe(0);
  });

  it('weighs less than 100 KB over the wire with all it needs', () => {
    const shared = [...assets().values()].reduce((sum, asset) => sum + gzipSync(asset.bytes).length, 0);

    for (const draw of Object.values(pages)) expect(shared + gzipSync(draw()).length).toBeLessThan(100_000);
    for (const draw of Object.values(pages)) expect(draw().length).toBeLessThan(100_000);
  });
});

describe('by keyboard', () => {
  it('offers to skip to the content first, and does', async () => {
    const { page } = await open('/admin/tasks');

    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
  });

  it('reaches every link, button, field and scrolling table, and shows where it is', async () => {
    const { page } = await open('/admin/tasks');
    const wanted = await page.evaluate(`document.querySelectorAll(
      'a[href], button, summary, input:not([type=hidden]), select, textarea, [tabindex="0"]').length`);
    const hidden = await page.evaluate(`[...document.querySelectorAll(
      'a[href], button, summary, input:not([type=hidden]), select, textarea, [tabindex="0"]')]
      .filter((each) => !each.checkVisibility()).length`);
    const reached = new Set<string>();
    const unmarked: string[] = [];
    for (let presses = 0; presses < 200; presses += 1) {
      await page.keyboard.press('Tab');
      const [place, outline] = await page.evaluate<[string, string]>(`(() => {
        const all = [...document.querySelectorAll('*')];
        const here = document.activeElement;
        return [String(all.indexOf(here)), getComputedStyle(here).outlineStyle];
      })()`);
      if (reached.has(place)) break;
      reached.add(place);
      if (outline === 'none' && (await page.evaluate('document.activeElement !== document.body')))
        unmarked.push(place);
    }

    expect(unmarked).toEqual([]);
    expect(reached.size).toBeGreaterThanOrEqual(Number(wanted) - Number(hidden));
  });

  it('starts at the summary of a refused form, which leads to the first field to mend', async () => {
    const { page } = await open('/refused');

    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('alert');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.name')).toBe('title');
  });
});

describe('without script', () => {
  it('opens and closes the menu on a phone', async () => {
    const { page } = await open('/admin/tasks', { width: 320, script: false });

    expect(await page.isVisible('nav.rail')).toBe(false);
    await page.click('.topline >> text=Menu');
    expect(await page.isVisible('nav.rail >> text=Experiments')).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.isVisible('nav.rail')).toBe(false);
  });

  it('asks before a dangerous operation and posts it only on the second press, with its keys', async () => {
    const { page } = await open('/admin/tasks', { script: false });
    const before = server.posted.length;

    await page.click('tbody tr:nth-child(2) summary');
    expect(server.posted.length).toBe(before);
    await page.click('text=Yes, drop >> visible=true');

    expect(server.posted.slice(before)).toEqual([
      {
        path: '/admin/operations/task.drop',
        body: {
          _csrf: 'csrf-sample',
          _effect: expect.stringMatching(/^effect-\d+$/),
          _back: '/admin/tasks',
          _confirmed: 'yes',
          task: 'tsk_01jd9vq3x7m2k8h4w6r5t1p001',
          reason: '',
        },
      },
    ]);
  });
});

describe('with script', () => {
  it('takes the text of a picked file into its field; without script there is no picker', async () => {
    const { page } = await open('/admin/tasks');
    const file = { name: 'tasks.md', mimeType: 'text/markdown', buffer: Buffer.from('- [ ] काम ₹5') };

    await page.setInputFiles('input[data-into=content]', file);

    await page.waitForFunction('document.querySelector("textarea[name=content]").value === "- [ ] काम ₹5"');
    const plain = await open('/admin/tasks', { script: false });
    expect(await plain.page.isVisible('input[data-into=content]')).toBe(false);
  });

  it('takes a question back with Escape and gives the focus back', async () => {
    const { page } = await open('/admin/tasks');
    await page.click('tbody tr:nth-child(1) summary');
    expect(await page.isVisible('text=Yes, drop >> visible=true')).toBe(true);

    await page.keyboard.press('Escape');

    expect(await page.isVisible('tbody tr:nth-child(1) >> text=Yes, drop')).toBe(false);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Drop');
  });
});

describe('on paper', () => {
  it('leaves out what can only be pressed, and writes exact times', async () => {
    const { page } = await open('/admin/tasks', { media: 'print' });

    expect(await page.isVisible('nav.rail')).toBe(false);
    expect(await page.isVisible('text=Sign out')).toBe(false);
    expect(await page.innerText('tbody tr:nth-child(3)')).toContain('21 Nov 2026');
    expect(await page.innerText('tbody tr:nth-child(3)')).not.toContain('ago');
    expect(await page.isVisible('text=SANDBOX')).toBe(true);
  });
});

describe('an id', () => {
  it('is copied whole although it is shown short', async () => {
    const { page } = await open('/admin/tasks');

    await page.click('tbody tr:nth-child(1) .id');

    expect(await page.evaluate('getSelection().toString()')).toBe('tsk_01jd9vq3x7m2k8h4w6r5t1p000');
    const widths = await page.evaluate<[number, number]>(`(() => {
      const head = document.querySelector('.id-head');
      return [head.clientWidth, head.scrollWidth];
    })()`);
    expect(widths[0]).toBeLessThan(widths[1]);
  });
});

describe('a region that polls', () => {
  it('shows what is new, and leaves alone what has not changed', async () => {
    news = 'first';
    const { page, complaints } = await open('/live');
    await page.waitForResponse(`${server.url}/live`);
    await page.waitForResponse(`${server.url}/live`);
    await page.evaluate('document.querySelector("#line").dataset.mine = "kept"');

    await page.waitForResponse(`${server.url}/live`);
    await page.waitForResponse(`${server.url}/live`);
    expect(await page.evaluate('document.querySelector("#line").dataset.mine')).toBe('kept');

    news = 'second';
    await page.waitForSelector('text=second');
    expect(complaints).toEqual([]);
  });

  it('does not disturb somebody who is typing or selecting in it', async () => {
    news = 'first';
    const { page } = await open('/live');
    await page.fill('#news input', 'half a wo');
    news = 'second';
    await page.waitForResponse(`${server.url}/live`);
    await page.waitForResponse(`${server.url}/live`);

    expect(await page.inputValue('#news input')).toBe('half a wo');
    expect(await page.innerText('#line')).toBe('first');

    await page.evaluate('document.activeElement.blur()');
    await page.waitForSelector('text=second');
  });
});
