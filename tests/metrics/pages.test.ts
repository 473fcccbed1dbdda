// Guarantees of the pages of metrics: every tile in its state, no percentage of a period that is not over, rows behind.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MetricWeb, metricWeb } from '../support/metric-web.ts';
import { wordsOn } from '../support/page-world.ts';

const HERE = '/admin/metrics';

let web: MetricWeb;
beforeEach(async () => {
  web = await metricWeb();
});
afterEach(() => web.close());

/** Sales of ₹500 a day at noon, from 40 days ago on; `more` on each. */
const sales = (more: (day: number) => object = () => ({})) =>
  Array.from({ length: 40 }, (_, day) => ({
    id: `T${day}`,
    at: new Date(Date.parse('2026-11-01T06:30:00Z') - day * 86_400_000).toISOString(),
    amountPaise: 50_000,
    customer: `cus_${day % 4}`,
    ...more(day),
  }));

describe('the page of metrics', () => {
  it('says of what has no facts that it has none, and where its definition is', async () => {
    const shown = wordsOn((await (await web.signedIn('viewer')).get(HERE)).text);

    expect(shown).toContain('Revenue No facts have come in yet. Definition');
    expect(shown).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('shows value, change against the like period, period and age', async () => {
    await web.bring('transactions', sales());
    const { text } = await (await web.signedIn('viewer')).get(`${HERE}?range=last+7+days`);
    const shown = wordsOn(text);

    expect(shown).toContain('₹3,500 Revenue: show the rows ● ±0.0 % against 19–25 Oct');
    expect(shown).toContain('26 Oct – 1 Nov, as of');
    expect(shown).toMatch(/Refunds ₹0 .*? 26 Oct – 1 Nov; no comparable data, as of/);
    expect(text).toContain('/admin/metrics/revenue?range=2026-10-26+to+2026-11-01');
    expect(text).toContain('class="sparkline"');
  });

  it('gives no percentage of a period that is not over, on any tile', async () => {
    await web.bring('transactions', sales());
    const viewer = await web.signedIn('viewer');
    for (const range of ['today', 'this week', 'this month', 'since monday', '2026']) {
      const shown = wordsOn((await viewer.get(`${HERE}?range=${range.replaceAll(' ', '+')}`)).text);
      expect(shown).toContain('is not over: values stand so far');
      expect(shown).toContain('(partial)');
      expect(shown).not.toMatch(/[+−]\d[\d.,]* (%|points)/);
    }
    expect(wordsOn((await viewer.get(`${HERE}/revenue?range=this+month`)).text)).toContain(
      'Nov 2026 is not over: the value stands so far, and no change is given',
    );
  });

  it('marks what is old, with its age', async () => {
    await web.bring('transactions', sales());
    web.clock.advance(3 * 86_400_000);
    const shown = wordsOn((await (await web.signedIn('viewer')).get(`${HERE}?range=last+7+days`)).text);

    expect(shown).toContain('▲ 3 days old No newer facts have come in.');
  });

  it('shows a figure that fails as failed, with its reference, and leaves the others standing', async () => {
    await web.bring('transactions', sales());
    const broken = await metricWeb({
      store: web.store,
      instead: {
        metrics: {
          ...web.metrics,
          figures: async (ctx, metrics, question) =>
            (await web.metrics.figures(ctx, metrics, question)).map((figure) =>
              figure.metric.id === 'refunds'
                ? { metric: figure.metric, failed: new Error('the disk') }
                : figure,
            ),
        },
      },
    });
    const { text } = await (await broken.signedIn('viewer')).get(`${HERE}?range=last+7+days`);
    await broken.close();

    expect(wordsOn(text)).toMatch(
      /Refunds ■ Failed This failed because of a fault on our side\. Try again · Reference req_/,
    );
    expect(wordsOn(text)).toContain('₹3,500');
    expect(text).not.toContain('the disk');
    expect(broken.logs.join('')).toContain('the disk');
  });

  it('says what is wrong with a range, in its words, and shows none', async () => {
    const answer = await (await web.signedIn('viewer')).get(`${HERE}?range=last+banana`);

    expect(answer.status).toBe(200);
    expect(wordsOn(answer.text)).toContain('“last banana” is no range of time; these work: today');
  });

  it('shows what is read here and now, without any facts', async () => {
    const shown = wordsOn((await (await web.signedIn('viewer')).get(HERE)).text);

    expect(shown).toMatch(/Tasks open 0 Tasks open: show the rows/);
  });

  it('stays under 100 KB', async () => {
    await web.bring('transactions', sales());
    const { text } = await (await web.signedIn('viewer')).get(HERE);

    expect(Buffer.byteLength(text)).toBeLessThan(100 * 1024);
  });
});

describe('the page of one metric', () => {
  it('draws its line with the values as a table, splits it, and says its definition', async () => {
    await web.bring(
      'transactions',
      sales((day) => ({ source: day % 2 === 0 ? 'app' : 'web' })),
    );
    const viewer = await web.signedIn('viewer');
    const { text } = await viewer.get(`${HERE}/revenue?range=last+7+days&by=source`);
    const shown = wordsOn(text);

    expect(shown).toContain('As in 19–25 Oct (₹3,500)');
    expect(shown).toContain('The values as a table');
    expect(text.match(/26 Oct 2026, 00:00/g)?.length).toBeGreaterThan(0);
    expect(shown).toContain('Revenue, 26 Oct – 1 Nov: app leads with ₹2,000 of ₹3,500');
    expect(shown).toContain('Revenue is sales less refunds of the period.');
    expect(shown).not.toContain('The facts behind it');
    expect((await viewer.get(`${HERE}/revenue/rows`)).status).toBe(403);
  });

  it('leads managers to the facts behind it, masked where they are personal, fifty a page', async () => {
    const many = Array.from({ length: 60 }, (_, n) => ({
      id: `T${n}`,
      at: new Date(Date.parse('2026-11-01T06:30:00Z') - n * 60_000).toISOString(),
      amountPaise: 100 + n,
      product: '<img src=x onerror=alert(1)>',
    }));
    await web.bring('transactions', many);
    const manager = await web.signedIn('manager');
    expect((await manager.get(`${HERE}/revenue?range=yesterday`)).text).toContain(
      '/admin/metrics/revenue/rows?range=2026-11-01',
    );
    const first = await manager.get(`${HERE}/revenue/rows?range=yesterday`);
    expect(wordsOn(first.text)).toContain('₹1.00'.replace('.00', ''));
    expect(first.text).not.toContain('<img src=x');
    const older = /href="([^"]*after=[^"]*)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = wordsOn((await manager.get(older)).text);

    expect(second).toContain('₹1.59');
    expect(second).toContain('1–10 of 10');
  });

  it('refuses a metric that there is not, naming those near it', async () => {
    const answer = await (await web.signedIn('viewer')).get(`${HERE}/revenues`);

    expect(answer.status).toBe(400);
    expect(wordsOn(answer.text)).toContain('“revenues” is no metric; near it are: revenue');
  });
});

describe('downloads', () => {
  it('hand a signed-in person the file, and nobody else', async () => {
    await web.bring('transactions', sales());
    const address = '/admin/downloads/metrics.export?metric=revenue&range=last+7+days&format=csv';
    const { headers, text } = await (await web.signedIn('viewer')).get(address);

    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe(
      'attachment; filename="revenue_2026-10-26_2026-11-01_SANDBOX.csv"',
    );
    expect(text.split('\r\n')).toHaveLength(9);
    expect((await (await web.signedIn('viewer')).get('/admin/downloads/metrics.show')).status).toBe(404);
    const { Browser } = await import('../support/web-world.ts');
    expect((await new Browser(web.url).get(address)).status).toBe(303);
    expect(web.audited.map(({ operation }) => operation)).toContain('metrics.export');
  });
});
