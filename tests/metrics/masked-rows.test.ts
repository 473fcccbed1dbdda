// Nobody reads from the rows behind a number whom they are about: by no field, no id, no cursor, at no door.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { streamNames } from '../../src/core/rollups.ts';
import { streams } from '../../src/features/ingestion/streams.ts';
import { type MetricWeb, metricWeb } from '../support/metric-web.ts';
import { ask } from '../support/web-world.ts';

/** Fields that name a person, whatever the stream. */
const OF_PEOPLE = ['customer', 'invitee', 'invitedBy', 'email', 'phone'];

let web: MetricWeb;
beforeEach(async () => {
  web = await metricWeb();
});
afterEach(() => web.close());

const sale = (n: number) => ({
  id: `T-${n}`,
  at: `2026-11-01T06:${String(n).padStart(2, '0')}:00Z`,
  customer: `cus_secret_${n % 3}`,
  amountPaise: 500,
  source: 'app',
});

const subscription = (n: number) => ({
  id: `sub_${n}-1`,
  at: '2026-11-01T06:30:00Z',
  subscription: `sub_${n}`,
  customer: `cus_secret_${n}`,
  plan: 'Pro',
  status: 'active',
  pricePaise: 10_000,
});

describe('every stream', () => {
  it.each(streamNames)('of %s declares as personal whatever names a person', (name) => {
    const { row, personal } = streams[name];
    const naming = Object.keys(row.shape).filter((field) => OF_PEOPLE.includes(field));
    expect(naming.filter((field) => !personal.includes(field))).toEqual([]);
  });
});

describe('the rows behind a number', () => {
  it.each(['manager', 'admin', 'owner'] as const)(
    'show a %s no customer, on the page and over HTTP',
    async (role) => {
      await web.bring(
        'transactions',
        Array.from({ length: 5 }, (_, n) => sale(n)),
      );
      const page = await (await web.signedIn(role)).get('/admin/metrics/revenue/rows?range=yesterday');
      const authorization = `Bearer ${await web.tokenOf(role)}`;
      const answer = await ask(`${web.url}/api/metrics/revenue/rows?range=yesterday`, {
        headers: { authorization },
      });

      expect([page.status, answer.status]).toEqual([200, 200]);
      for (const { text } of [page, answer]) {
        expect(text).not.toContain('cus_secret');
        expect(text).toContain('«masked»');
        expect(text).toContain('app');
      }
    },
  );

  it('of MRR name no customer by their ids either, and are read on from where they end, each once', async () => {
    await web.bring(
      'subscriptions',
      Array.from({ length: 7 }, (_, n) => subscription(n)),
    );
    const authorization = `Bearer ${await web.tokenOf('manager')}`;
    const seen: string[] = [];
    let after = '';
    for (let page = 0; page < 4; page += 1) {
      const answer = await ask(`${web.url}/api/metrics/mrr/rows?range=yesterday&limit=2${after}`, {
        headers: { authorization },
      });
      expect(answer.text).not.toContain('cus_secret');
      const { rows, next } = answer.json() as { rows: { id: string }[]; next: string | null };
      seen.push(...rows.map(({ id }) => id));
      after = next === null ? '' : `&after=${encodeURIComponent(next)}`;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
  });
});
