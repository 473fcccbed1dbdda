// Guarantees of the protocol pages: what it is doing, when it runs next, what was missed, and what each run did.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { protocolRuns } from '../../models/protocol-run.ts';
import { formsTo, type PageWorld, pageWorld, press, TWO_HOURS_MS, wordsOn } from '../support/page-world.ts';
import { armsCsv } from '../support/protocol-world.ts';

const HERE = '/admin/protocol';
const never = new AbortController().signal;

let world: PageWorld;
beforeEach(async () => {
  world = await pageWorld();
});
afterEach(() => world.close());

const words = async (path = HERE, role: 'viewer' | 'manager' | 'admin' = 'viewer'): Promise<string> =>
  wordsOn((await (await world.signedIn(role)).get(path)).text);

describe('the ledger', () => {
  it('says when the first run starts while there is none', async () => {
    expect(await words()).toContain(
      'Nothing has run yet. The first scheduled run starts at 2 Nov 2026, 15:30 IST.',
    );
  });

  it('lists runs with trigger, who, steps, duration and status, and names the next one', async () => {
    await world.services.protocol.tick(never);
    await world.importCsv('offer', armsCsv({ a: [2000, 300], b: [2000, 400] }), 'a');
    await world.runProtocol();
    const shown = await words();

    expect(shown).toContain('Waiting for the next run in 30 min');
    expect(shown).toMatch(
      /Run by Asha ▲ Completed, needs a decision on demand, by Asha experiments: waits for a decision/,
    );
    expect(shown).toMatch(/Run of 2 Nov 13:30 ● Completed the clock experiments: skipped/);
  });

  it('makes missed slots stand out, and finds them by the filter', async () => {
    await world.services.protocol.tick(never);
    world.clock.advance(3 * TWO_HOURS_MS);
    await world.services.protocol.tick(never);

    expect(await words()).toContain('■ Missed the clock No process was awake');
    const missed = await words(`${HERE}?status=missed`);
    expect(missed).toContain('Missed the clock');
    expect(missed).toContain('1–2 of 2');
    expect(await words(`${HERE}?status=completed_with_errors`)).toContain('No run has that status.');
  });

  it('says that nobody is awake when slots go by', async () => {
    await world.services.protocol.tick(never);
    world.clock.advance(5 * TWO_HOURS_MS);

    expect(await words()).toContain('10 h old No slot was entered since: no process runs the jobs.');
  });

  it('asks for itself often while a run is under way, and seldom otherwise', async () => {
    const every = async (): Promise<string | undefined> =>
      /id="ledger"[^>]*hx-trigger="every (\d+)s"/.exec(
        (await (await world.signedIn('viewer')).get(HERE)).text,
      )?.[1];
    expect(await every()).toBe('30');
    await world.services.protocol.start(world.ctx(), []);
    expect(await every()).toBe('2');
  });
});

describe('its buttons', () => {
  const offered = async (role: 'viewer' | 'manager' | 'admin'): Promise<string[]> => {
    const { text } = await (await world.signedIn(role)).get(HERE);
    return ['run', 'pause', 'resume'].filter((verb) => formsTo(text, `protocol.${verb}`).length > 0);
  };

  it('are those that this person may press now', async () => {
    expect(await offered('viewer')).toEqual([]);
    expect(await offered('manager')).toEqual(['run']);
    expect(await offered('admin')).toEqual(['run', 'pause']);
    await world.services.protocol.pause(world.ctx(), new Date(world.clock.now().getTime() + TWO_HOURS_MS));
    expect(await offered('admin')).toEqual(['run', 'resume']);
    expect(await words()).toContain('Paused until 2 Nov 2026, 17:00 IST');
  });

  it('run it without script, and the run stands first in the list', async () => {
    const manager = await world.signedIn('manager');

    expect(await press(manager, HERE, 'protocol.run')).toEqual({ status: 303, location: HERE });
    const shown = wordsOn((await manager.get(HERE)).text);
    expect(shown).toContain('Protocol run started: experiments');
    expect(shown).toContain('Waits for its turn');
  });

  it('pause only on the second press, after saying how many runs are left out', async () => {
    const admin = await world.signedIn('admin');
    expect(wordsOn((await admin.get(HERE)).text)).toContain('12 runs a day are left out');
    await press(admin, HERE, 'protocol.pause', { for: '4 hours' });

    expect(wordsOn((await admin.get(HERE)).text)).toContain('Paused until 2 Nov 2026, 19:00 IST');
  });
});

describe('the page of a run', () => {
  it('shows steps with attempts and duration, and actions with before and after', async () => {
    await world.importCsv('offer', armsCsv({ a: [2000, 300], b: [2000, 400] }), 'a');
    const run = await world.runProtocol();
    const shown = await words(`${HERE}/${run._id}`);

    expect(shown).toMatch(/experiments ▲ Waits for a decision offer: waits for a decision\. .* 1 \d+ m?s/);
    expect(shown).toContain('look: 1 kind: propose winner: b');
    expect(shown).toContain(run._id);
  });

  it('shows hostile words of a step as words', async () => {
    const run = await world.runProtocol();
    const runs = world.store.facts(protocolRuns).scoped('default');
    const current = await runs.get(run._id);
    if (!current) throw new Error('the run is gone');
    const [step] = current.steps;
    if (!step) throw new Error('the run has no step');
    const evil = '<img src=x onerror=alert(1)>';
    const trace = {
      history: { effectKey: 'evil', at: world.clock.now(), by: 'x', operation: 'test.run' },
      items: [],
    };
    await runs.compareAndSet(
      current,
      { steps: [{ ...step, summary: evil, error: evil }], startedBy: evil },
      trace,
    );
    for (const path of [HERE, `${HERE}/${run._id}`]) {
      const { text } = await (await world.signedIn('viewer')).get(path);
      expect(text).not.toContain('<img src=x');
      expect(wordsOn(text)).toContain(evil);
    }
  });

  it('answers 404 for a run that does not exist', async () => {
    expect((await (await world.signedIn('viewer')).get(`${HERE}/run_nothing`)).status).toBe(404);
  });
});
