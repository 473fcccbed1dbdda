// A real browser for tests: Debian's chromium behind playwright-core, with pages, screenshots and axe.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

const EXECUTABLE = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface OpenOptions {
  readonly theme?: 'light' | 'dark';
  /** CSS pixels; 1280 unless told. */
  readonly width?: number;
  readonly height?: number;
  readonly script?: boolean;
  readonly media?: 'screen' | 'print';
  readonly cookies?: readonly { readonly name: string; readonly value: string; readonly url: string }[];
}

/** A page with what it said and asked for, so that a test can hold it to its promises. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors of the page and of the console, such as breaches of the content policy. */
  readonly complaints: readonly string[];
  /** Every address that was asked for. */
  readonly requests: readonly string[];
}

export interface BrowserHarness {
  /** Opens an address, or a text of HTML where nothing has to be fetched. */
  openPage(target: { readonly html: string } | string, options?: OpenOptions): Promise<OpenedPage>;
  /** Closes what was opened, so that pages of earlier tests do not go on polling. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

/** Why there is no browser here; undefined when there is one. */
export function missingBrowser(): string | undefined {
  return existsSync(EXECUTABLE)
    ? undefined
    : `no browser at ${EXECUTABLE}: install chromium or set CHROMIUM_PATH`;
}

/**
 * A browser for the tests of a file. Where there is none they are skipped with that reason; with `CI_RUN=1` they
 * fail, so that the checks cannot go missing in silence.
 */
export function browserForTests(): () => BrowserHarness {
  let harness: BrowserHarness | undefined;
  const missing = missingBrowser();
  beforeAll(async () => {
    if (!missing) harness = await startBrowser();
    else if (process.env['CI_RUN'] === '1') throw new Error(missing);
  });
  beforeEach((context) => {
    if (missing) context.skip(missing);
  });
  afterEach(async () => {
    await harness?.closePages();
  });
  afterAll(async () => {
    await harness?.close();
  });
  return () => {
    if (!harness) throw new Error(missing ?? 'the browser has not started');
    return harness;
  };
}

/** Starts it; the caller closes it. @throws Error where there is none. */
export async function startBrowser(): Promise<BrowserHarness> {
  const profile = mkdtempSync(join(tmpdir(), 'wardroom-browser-'));
  // The list of fonts that pictures are drawn with is not the browser's.
  const { FONTCONFIG_FILE: _, ...env } = process.env;
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    headless: true,
    args: [...FLAGS, `--crash-dumps-dir=${profile}`],
    env,
  });
  const contexts: BrowserContext[] = [];
  return {
    openPage: async (target, options = {}) => {
      const context = await browser.newContext({
        viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
        colorScheme: options.theme ?? 'light',
        javaScriptEnabled: options.script ?? true,
        reducedMotion: 'reduce',
      });
      contexts.push(context);
      if (options.cookies) await context.addCookies([...options.cookies]);
      const page = await context.newPage();
      if (options.media) await page.emulateMedia({ media: options.media });
      return { page, ...(await visit(page, target)) };
    },
    closePages: async () => {
      for (const context of contexts.splice(0)) await context.close();
    },
    close: async () => {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function visit(
  page: Page,
  target: { readonly html: string } | string,
): Promise<Omit<OpenedPage, 'page'>> {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  if (typeof target === 'string') await page.goto(target, { waitUntil: 'load' });
  else await page.setContent(target.html, { waitUntil: 'load' });
  return { complaints, requests };
}

/** What axe finds against WCAG 2.2 A and AA and its best practices, one line each. */
export async function axeViolations({ page }: OpenedPage): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary}`),
  );
}

/** Pixels that the page is wider than its window; 0 when it fits. */
export async function sidewaysOverflow({ page }: OpenedPage): Promise<number> {
  return await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
