// Guarantees of the A/B pages: the finding and its evidence, what it waits for, and only the buttons that one may press.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asha } from '../support/context.ts';
import { formsTo, type PageWorld, pageWorld, press, wordsOn } from '../support/page-world.ts';
import { armsCsv } from '../support/protocol-world.ts';

const HERE = '/admin/ab-test';
const DAY_MS = 86_400_000;

/** The shape of a test without times: two gates, converted or not, in the order of arrival. */
const gates = armsCsv({ gate_40: [2000, 300], gate_30: [2000, 400] });

/** A test with times: units come evenly over these days, the newest just now. */
function timedCsv(days: number, units: number, endMs: number): string {
  const rows = Array.from({ length: units }, (_, n) => {
    const at = new Date(endMs - days * DAY_MS + (n * days * DAY_MS) / (units - 1));
    return `u${n},${n % 2 ? 'new' : 'old'},${n % 20 < 2 ? 1 : 0},${at.toISOString()}`;
  });
  return `unit,variant,outcome,at\n${rows.join('\n')}\n`;
}

let world: PageWorld;
beforeEach(async () => {
  world = await pageWorld();
});
afterEach(() => world.close());

async function proposed(): Promise<void> {
  await world.importCsv('cookie', gates, 'gate_40');
  await world.runProtocol();
}

describe('the page of all experiments', () => {
  it('says what to do while there is none', async () => {
    const viewer = await world.signedIn('viewer');
    const { status, text } = await viewer.get(HERE);

    expect(status).toBe(200);
    expect(wordsOn(text)).toContain(
      'There is no experiment yet. One begins with the import of its exposures.',
    );
    expect(formsTo(text, 'experiment.import')).toEqual([]);
  });

  it('shows what needs a decision first, with finding, band, difference, split and what happens in numbers', async () => {
    await world.importCsv('a-quiet-one', armsCsv({ a: [500, 50], b: [500, 51] }), 'a', 4000);
    await proposed();
    const { text } = await (await world.signedIn('manager')).get(HERE);
    const words = wordsOn(text);

    expect(words.indexOf('cookie: switch from gate_40 to gate_30?')).toBeLessThan(
      words.indexOf('a-quiet-one'),
    );
    expect(words).toContain('gate_30 converts 5.0 points more units than gate_40 (20.0 % against 15.0 %)');
    expect(words).toMatch(/\+5\.0 points, between \+\d\.\d and \+\d\.\d points/);
    expect(words).toContain('The split fits the weights: Bayes factor');
    expect(words).toContain(
      '95.0 % of new units get gate_30 instead of gate_40; 5.0 % stay on gate_40 as a holdout.',
    );
    expect(text).toMatch(/<svg[^>]*role="img"[\s\S]*?<title[^>]*>gate_30 converts 5\.0 points more/);
    expect(text).toMatch(/<details id="chart-cookie-values">[\s\S]*exposures[\s\S]*20\.0 %/);
    expect(text).not.toMatch(/ style="| onclick=|<style|<script>/);
  });

  it('counts what waits beside the menu for those who may decide, and for no one else', async () => {
    await proposed();
    const waiting = async (role: 'manager' | 'user'): Promise<boolean> =>
      /Experiments<\/span><span class="count">1/.test((await (await world.signedIn(role)).get(HERE)).text);

    expect(await waiting('manager')).toBe(true);
    expect(await waiting('user')).toBe(false);
  });

  it('says in words that a broken split blocks, and asks for nothing', async () => {
    await world.importCsv('broken', armsCsv({ a: [2000, 300], b: [1500, 300] }), 'a');
    await world.runProtocol();
    const { text } = await (await world.signedIn('owner')).get(HERE);

    expect(wordsOn(text)).toContain('Blocked');
    expect(wordsOn(text)).toContain(
      'The split does not fit the weights: Bayes factor over 10,00,000, where 1,000 blocks',
    );
    expect(formsTo(text, 'experiment.approve')).toEqual([]);
  });
});

describe('the page of one experiment', () => {
  it('reads “unknown: ask” and counts exposures where the data has no times', async () => {
    await proposed();
    const { text } = await (await world.signedIn('viewer')).get(`${HERE}/cookie`);
    const words = wordsOn(text);

    expect(words).toContain('Minimum days unknown: ask (7 full days are wanted)');
    expect(words).toContain('minimum days: unknown, ask (7 are wanted)');
    expect(text).toMatch(/>exposures<\/text>/);
    expect(words).not.toMatch(/expected (in|on)/);
  });

  it('says what a running test waits for, with numbers and when that is expected', async () => {
    const endMs = world.clock.now().getTime();
    await world.importCsv('offer', timedCsv(3, 400, endMs), 'old', 2000);
    await world.runProtocol();
    const words = wordsOn((await (await world.signedIn('viewer')).get(`${HERE}/offer`)).text);

    expect(words).toContain(
      '3 of 7 full days; expected in 4 days (6 Nov 2026, 15:00 IST) at the present pace',
    );
    expect(words).toContain('20 of 100 conversions in an arm (new); expected on 14 Nov 2026, 15:00 IST');
    expect(words).toContain('The test ends on 14 Nov 2026, 15:00 IST at the latest.');
  });

  it('shows what came in before anybody has looked, and says so', async () => {
    await world.importCsv('fresh', gates, 'gate_40');
    const words = wordsOn((await (await world.signedIn('viewer')).get(`${HERE}/fresh`)).text);

    expect(words).toContain('Nobody has looked at it yet: the next protocol run does.');
    expect(words).toContain('(20.0 % against 15.0 %), not judged yet');
  });

  it('says that its exposures were not counted yet, and where to go', async () => {
    await world.importCsv('fresh', gates, 'gate_40');
    const { experiments } = world.services;
    const uncounted: typeof experiments.report = async (ctx, key) => ({
      ...(await experiments.report(ctx, key)),
      asOf: null,
    });
    const other = await pageWorld({ experiments: { ...experiments, report: uncounted } }, world.store);
    try {
      const { text } = await (await other.signedIn('viewer')).get(`${HERE}/fresh`);

      expect(wordsOn(text)).toContain('Its exposures were not counted yet');
      expect(text).toContain('<a href="/admin/protocol">See when that is, or run it now</a>');
    } finally {
      await other.close();
    }
  });

  it('says how old its data is when the feed has stopped', async () => {
    await world.importCsv('slow', armsCsv({ a: [300, 30], b: [300, 30] }), 'a', 9000);
    await world.runProtocol();
    world.clock.advance(3 * DAY_MS);
    const { text } = await (await world.signedIn('viewer')).get(`${HERE}/slow`);

    expect(wordsOn(text)).toContain('3 days old No exposures came since; the feed may have stopped.');
  });

  it('answers 404 for one that does not exist', async () => {
    const { status, text } = await (await world.signedIn('viewer')).get(`${HERE}/nothing-here`);

    expect([status, wordsOn(text).includes('There is no experiment “nothing-here”')]).toEqual([404, true]);
  });

  it('keeps the other parts standing when the evidence cannot be loaded, with the reference that the log has', async () => {
    await proposed();
    const { experiments } = world.services;
    const broken = { ...experiments, report: async () => Promise.reject(new Error('a shard is away')) };
    const other = await pageWorld({ experiments: broken }, world.store);
    try {
      const { status, text } = await (await other.signedIn('manager')).get(`${HERE}/cookie`);
      const reference = /Reference <code>(req_[^<]+)</.exec(text)?.[1] ?? 'none';

      expect(status).toBe(200);
      expect(wordsOn(text)).toContain('This failed because of a fault on our side.');
      expect(text).not.toContain('a shard is away');
      expect(other.logs.some((line) => line.includes(reference) && line.includes('a shard is away'))).toBe(
        true,
      );
      expect(formsTo(text, 'experiment.approve')).toHaveLength(1);
    } finally {
      await other.close();
    }
  });
});

describe('its buttons', () => {
  const offered = async (role: 'viewer' | 'user' | 'manager' | 'admin'): Promise<string[]> => {
    const { text } = await (await world.signedIn(role)).get(`${HERE}/cookie`);
    const all = [...text.matchAll(/action="\/admin\/operations\/(experiment\.[a-z]+)"/g)];
    return [...new Set(all.map(([, name = '']) => name))].sort();
  };

  it('are only what is possible now and what this person may do', async () => {
    await proposed();
    expect(await offered('viewer')).toEqual([]);
    expect(await offered('user')).toEqual([]);
    expect(await offered('manager')).toEqual(['experiment.approve', 'experiment.reject']);
    expect(await offered('admin')).toEqual([
      'experiment.approve',
      'experiment.policy',
      'experiment.reject',
      'experiment.stop',
    ]);
    await world.services.experiments.approve(world.ctx(), 'cookie', undefined, '');
    expect(await offered('manager')).toEqual(['experiment.rollback']);
    await world.services.experiments.rollBack(world.ctx(), 'cookie', 'refunds');
    expect(await offered('admin')).toEqual(['experiment.policy', 'experiment.start']);
  });

  it('approve by a form without script, and say so once', async () => {
    await proposed();
    const manager = await world.signedIn('manager', 'Meera');
    const answer = await press(manager, `${HERE}/cookie`, 'experiment.approve', { note: 'Looks right' });

    expect(answer).toEqual({ status: 303, location: `${HERE}/cookie` });
    const first = wordsOn((await manager.get(`${HERE}/cookie`)).text);
    expect(first).toContain('cookie now gives new units gate_30');
    expect(first).toMatch(/Meera \S+ Switched from gate_40 to gate_30/);
    expect(wordsOn((await manager.get(`${HERE}/cookie`)).text)).not.toContain('cookie now gives new units');
    expect(await world.services.experiments.get(world.ctx(), 'cookie')).toMatchObject({ current: 'gate_30' });
  });

  it('forged by somebody who may not decide are refused, audited, and change nothing', async () => {
    await proposed();
    const manager = await world.signedIn('manager');
    const [form] = formsTo((await manager.get(`${HERE}/cookie`)).text, 'experiment.approve');
    const user = await world.signedIn('user');
    const refused = await user.post('/admin/operations/experiment.approve', {
      ...form,
      _csrf: await user.csrf('/admin/pending'),
    });

    expect(refused.status).toBe(403);
    expect(world.denials.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['experiment.approve', 'denied'],
    ]);
    expect(await world.services.experiments.get(world.ctx(), 'cookie')).toMatchObject({ current: 'gate_40' });
  });

  it('import pasted exposures, and give a refused file back with its problem', async () => {
    const manager = await world.signedIn('manager');
    const typed = { experiment: 'pasted', default: 'a', content: armsCsv({ a: [20, 3], b: [20, 4] }) };
    await press(manager, HERE, 'experiment.import', { ...typed, default: 'c' });
    const refused = await manager.get(HERE);
    expect(refused.text).toContain('role="alert"');
    await press(manager, HERE, 'experiment.import', typed);

    expect(wordsOn((await manager.get(HERE)).text)).toContain('40 of 40 units added to pasted');
  });
});

describe('hostile words', () => {
  it('in every field are shown as words', async () => {
    const evil = "'><img src=x onerror=alert(1)>";
    await world.importCsv('evil', armsCsv({ good: [2000, 300], [evil]: [2000, 400] }), 'good');
    await world.runProtocol();
    const { experiments } = world.services;
    const actor = { ...asha, name: '<script>alert(2)</script>' };
    await experiments.reject(world.ctx({ actor }), 'evil', undefined, '<b onclick=x>no</b>');
    const owner = await world.signedIn('owner');
    for (const path of [HERE, `${HERE}/evil`]) {
      const { text } = await owner.get(path);
      expect(text).not.toMatch(/<img src=x|<script>alert|<b onclick/);
    }
    const { text } = await owner.get(`${HERE}/evil`);
    expect(wordsOn(text)).toContain(evil);
    expect(wordsOn(text)).toContain('<b onclick=x>no</b>');
  });
});

describe('in chat', () => {
  it('“experiment show” brings the chart as a picture with the finding as its words', async () => {
    await proposed();
    const request = await world.services.approvals.find(world.ctx(), 'cookie');
    const cards = request.outbox.flatMap(({ content }) => (content.kind === 'card' ? [content] : []));
    const pictures = cards.flatMap(({ reply }) => reply.blocks.filter((block) => block.kind === 'picture'));

    expect(pictures.map(({ alt }) => alt)).toEqual([
      'gate_30 converts 5.0 points more units than gate_40 (20.0 % against 15.0 %)',
    ]);
    expect(JSON.stringify(cards).length).toBeLessThan(20_000);
  });
});
