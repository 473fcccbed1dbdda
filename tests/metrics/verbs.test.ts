// Guarantees of the verbs of metrics: what words mean, what an answer says, and what an export carries.
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { compactPaise } from '../../src/core/money.ts';
import { plainSpans, type Reply } from '../../src/core/reply.ts';
import { textSparkline } from '../../src/core/text-sparkline.ts';
import { csvLine } from '../../src/features/metrics/csv.ts';
import { metricOperations } from '../../src/features/metrics/operations.ts';
import { type MetricWorld, metricWorld } from '../support/metric-world.ts';

let world: MetricWorld;
beforeEach(() => {
  world = metricWorld();
});

async function run(name: string, input: object, given: Parameters<MetricWorld['ctxNow']>[0] = {}) {
  const operation = metricOperations.find((one) => one.name === name);
  if (!operation) throw new Error(name);
  return operation.execute({ ...world.ctxNow(given), services: { metrics: world.metrics } }, input);
}

function wordsOf(answer: Reply): string {
  return answer.blocks
    .map((block) => {
      if (block.kind === 'text' || block.kind === 'context') return plainSpans(block.text);
      if (block.kind === 'table') return block.rows.map((row) => row.map(plainSpans).join(' | ')).join('\n');
      return block.kind === 'picture' ? `[${block.alt}]` : block.kind === 'code' ? block.text : '';
    })
    .join('\n');
}

const say = async (words: string, language: 'en' | 'hi' = 'en'): Promise<string> => {
  const [metric = '', ...rest] = words.split(' ');
  const input = { ...(metric ? { metric } : {}), ...(rest.length > 0 ? { range: rest.join(' ') } : {}) };
  return wordsOf((await run('metrics.show', input, { language })).reply);
};

const sale = (id: string, day: string, amountPaise: number, more: object = {}) => ({
  id,
  at: `2026-${day}T10:00:00+05:30`,
  amountPaise,
  ...more,
});

describe('metrics show', () => {
  beforeEach(async () => {
    await world.bring('transactions', [
      ...[sale('1', '10-20', 100_000, { source: 'app' }), sale('2', '10-21', 150_000, { source: 'web' })],
      ...[sale('3', '10-27', 200_000, { source: 'app' }), sale('4', '10-29', 80_000, { source: 'web' })],
      sale('5', '11-02', 50_000, { source: 'app' }),
    ]);
  });

  it('says value, change, shape, parts, picture, definition, zone, age and the rows in one message', async () => {
    const said = await say('revenue last 7 days by source');

    expect(said).toContain('Revenue, 26 Oct – 1 Nov: ₹2,800');
    expect(said).toContain('Up 12.0 % against 19–25 Oct (₹2,500)');
    expect(said).toMatch(/▁█▁▄▁▁▁ {2}₹0 – ₹2,000/);
    expect(said).toContain('app | ₹2,000\nweb | ₹800');
    expect(said).toContain('[Revenue, 26 Oct – 1 Nov: app leads with ₹2,000 of ₹2,800]');
    expect(said).toContain('Revenue (revenue v1): sales less refunds of the period.');
    expect(said).toMatch(
      /as of 2 Nov 2026, 15:00 IST · Page \(https:\/\/ops\.example\/admin\/metrics\/revenue\?/,
    );
    expect(said).toContain('/rows?range=2026-10-26+to+2026-11-01');
  });

  it('gives no change of a period that is not over, and says so', async () => {
    for (const words of [
      'revenue today',
      'revenue this month vs last',
      'revenue is mahine',
      'revenue since monday',
    ]) {
      const said = await say(words);
      expect(said).toContain('(partial)');
      expect(said).toContain('is not over: the value stands so far, and no change is given');
      expect(said).not.toMatch(/\d %/);
    }
  });

  it('knows no percentage without a baseline', async () => {
    expect(await say('revenue october')).toContain('No comparable data for Sep 2026');
    expect(await say('revenue last 7 days vs last year')).toContain(
      'No comparable data for 26 Oct – 1 Nov 2025',
    );
  });

  it('takes a fall of what should fall for good news', async () => {
    await world.bring('transactions', [
      sale('r1', '10-21', 9_000, { kind: 'refund' }),
      sale('r2', '10-28', 4_500, { kind: 'refund' }),
    ]);
    const { reply } = await run('metrics.show', { metric: 'refunds', range: 'last 7 days' });

    expect(wordsOf(reply)).toContain('Down 50.0 % against');
    expect(reply.status).toBeUndefined();
    expect(
      (await run('metrics.show', { metric: 'refunds', range: '19–25 oct' })).reply.status,
    ).toBeUndefined();
  });

  it('understands names of several words, other names, Hindi, and a range without a metric', async () => {
    expect(await say('average order last 7 days')).toContain('Average order, 26 Oct – 1 Nov: ₹1,400');
    expect(await say('sales pichle 7 din')).toContain('Transactions, 26 Oct – 1 Nov: 2');
    expect(await say('आय पिछले 7 दिन', 'hi')).toContain(
      'आय, 26 Oct – 1 Nov: ₹2,800\n19–25 Oct (₹2,500) से 12.0 % ज़्यादा',
    );
    expect(await say('last 7 days')).toContain('Metrics, 26 Oct – 1 Nov');
    expect(await say('')).toContain('Metrics, 3 Oct – 1 Nov');
  });

  it.each([
    ['revenu last 7 days', '“revenu” is no metric; near it are: revenue'],
    ['revenue last banana', '“last banana” is no range of time'],
    ['revenue last 7 days by colour', '“colour” is no way to split revenue; these are: source'],
    ['customers last 7 days by city', 'customers is not split'],
    ['customers last 3 hours', 'counted by whole days'],
    ['revenue last 7 days vs banana', '“banana” is no range of time'],
  ])('refuses “%s”: %s', async (words, problem) => {
    const thrown = await say(words).catch((error: unknown) => error);

    expect(thrown).toBeInstanceOf(AppError);
    expect((thrown as AppError).publicMessage).toContain(problem);
  });

  it('knows the zone of the reader: a late sale is another day elsewhere', async () => {
    await world.bring('transactions', [{ ...sale('late', '10-24', 70_000), at: '2026-10-23T19:00:00Z' }]);
    const figure = (zone: string) => world.figure('revenue', '24 oct', undefined, world.ctxNow({ zone }));

    expect((await figure('Asia/Kolkata')).value).toBe(70_000);
    expect((await figure('America/New_York')).value).toBe(0);
  });

  it('counts sums by days as it counts them by quarters of an hour', async () => {
    const rows = Array.from({ length: 200 }, (_, n) => ({
      ...sale(`q${n}`, '10-01', 101 * n + 7),
      at: new Date(Date.parse('2026-09-20T00:10:00Z') + n * 4_637_000).toISOString(),
    }));
    await world.bring('transactions', rows);
    const byDays = await world.figure('revenue', '20 sep to 1 oct');
    const other = await world.figure(
      'revenue',
      '20 sep to 1 oct',
      undefined,
      world.ctxNow({ zone: 'Asia/Kathmandu' }),
    );
    const inZone = (from: string, to: string): number =>
      rows.filter(({ at }) => at >= from && at < to).reduce((sum, row) => sum + row.amountPaise, 0);

    expect(byDays.value).toBe(inZone('2026-09-19T18:30:00.000Z', '2026-10-01T18:30:00.000Z'));
    expect(byDays.steps.reduce((sum, step) => sum + (step.value ?? 0), 0)).toBe(byDays.value);
    expect(other.value).toBe(inZone('2026-09-19T18:15:00.000Z', '2026-10-01T18:15:00.000Z'));
  });
});

describe('metrics export', () => {
  beforeEach(async () => {
    await world.bring('transactions', [
      sale('1', '10-30', 100_050, { source: '=cmd|x' }),
      sale('2', '10-31', 250_000, { source: 'web, "shop"', kind: 'refund' }),
    ]);
  });

  const exported = async (input: object) => {
    const { output } = await run('metrics.export', { metric: 'revenue', range: '30 oct to 1 nov', ...input });
    const { content, fileName } = output as { content: string[]; fileName: string };
    return { text: content.join(''), fileName };
  };

  it('is CSV after RFC 4180 with a mark, plain numbers with their minus, and text that is no formula', async () => {
    const { text, fileName } = await exported({ by: 'source' });

    expect(fileName).toBe('revenue_source_2026-10-30_2026-11-01.csv');
    expect(
      text.startsWith(
        '\ufeffmetric,definition_version,period_start,period_end,source,value_paise,partial,sandbox\r\n',
      ),
    ).toBe(true);
    expect(text).toContain(
      `2026-10-30T00:00:00+05:30,2026-10-31T00:00:00+05:30,'=cmd|x,100050,false,false\r\n`,
    );
    expect(text).toContain(',"web, ""shop""",-250000,false,false\r\n');
    expect((await exported({ bom: false })).text.startsWith('metric,')).toBe(true);
  });

  it('is JSON with its definition, range, zone, age, sandbox mark, count and digest', async () => {
    const { text } = await exported({ format: 'json' });
    const { meta, rows } = JSON.parse(text);

    expect(meta).toMatchObject({
      metric: 'revenue',
      definitionVersion: 1,
      tz: 'Asia/Kolkata',
      sandbox: false,
      rowCount: 3,
      filters: {},
      range: { words: '30 Oct – 1 Nov' },
      asOf: '2026-11-02T09:30:00.000Z',
    });
    expect(meta.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(rows.map((row: { value_paise: number }) => row.value_paise)).toEqual([100_050, -250_000, 0]);
  });

  it('is NDJSON whose last line is the summary, with the same digest', async () => {
    const lines = (await exported({ format: 'ndjson' })).text.trimEnd().split('\n');
    const { meta } = JSON.parse((await exported({ format: 'json' })).text);

    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[3] ?? '').summary).toMatchObject({ rowCount: 3, sha256: meta.sha256 });
  });

  it('says in the name, the rows and the summary that nothing in it is real', async () => {
    const { sandbox } = { sandbox: metricWorld({ store: world.store, environment: 'sandbox' }) };
    world = { ...world, metrics: sandbox.metrics };
    const { text, fileName } = await exported({});

    expect(fileName).toContain('_SANDBOX.csv');
    expect(
      text
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .every((line) => line.endsWith(',true')),
    ).toBe(true);
    expect(await say('revenue yesterday')).toContain('SANDBOX');
  });
});

describe('small parts', () => {
  it('guard text alone: a number keeps its minus, also where it is one letter', () => {
    expect(
      csvLine([
        { kind: 'number', value: -5 },
        { kind: 'text', value: '-5' },
        { kind: 'text', value: '+91 98' },
        { kind: 'text', value: '@x' },
      ]),
    ).toBe("-5,'-5,'+91 98,'@x\r\n");
    expect(
      csvLine([
        { kind: 'text', value: '\tx' },
        { kind: 'text', value: 'a\nb' },
        { kind: 'text', value: null },
      ]),
    ).toBe(`'\tx,"a\nb",\r\n`);
  });

  it('write money in lakh and crore without reaching a size that was not reached', () => {
    const said = [
      9_999_900, 9_999_999, 10_000_000, 123_456_700, 999_999_900, 1_000_000_000, -123_456_700,
    ].map(compactPaise);

    expect(said).toEqual(['₹99,999', '₹99,999.99', '₹1 L', '₹12.35 L', '₹99.99 L', '₹1 Cr', '-₹12.35 L']);
  });

  it('draw a line of text from zero, with gaps where there is no value', () => {
    expect(textSparkline([0, 1, null, 7])).toBe('▁▂ █');
    expect(textSparkline([5, 5, 5])).toBe('███');
    expect(textSparkline([0, 0])).toBe('▁▁');
    expect([...textSparkline(Array.from({ length: 365 }, (_, n) => n))].length).toBeLessThanOrEqual(31);
  });
});
