// kill -9 between any two steps, on every platform: one effect, no answer lost, no more doubles than are counted.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Life } from '../support/killed-store.ts';
import type { Scene, Voice } from '../support/talkers/scene.ts';
import { scenes } from '../support/talkers/scenes.ts';

/** One thing done in a fresh room, under a name of its own, by a process that may die of it. */
interface Deed {
  /** Before the dying process takes over. */
  readonly prepare?: (voice: Voice, name: string) => Promise<void>;
  /** Once by the process that dies, once as the platform repeats it to the next one. */
  readonly act: (voice: Voice, name: string, key: string) => Promise<void>;
  /** How often it was done. */
  readonly done: (name: string) => number;
  /** What answers it, as a person sees it. */
  readonly shown: (line: string, name: string) => boolean;
}

const LONG = 'नमस्ते दुनिया, and so on and on. '.repeat(200);

describe.each(scenes)('on %s, a kill between any two steps', (_name, begin) => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await begin();
  });
  afterEach(() => scene.close());

  const answersTo = async (voice: Voice): Promise<readonly string[]> =>
    (await voice.transcript()).filter((line) => !line.startsWith('> '));
  const tasksNamed = (name: string) => [...scene.shelf.tasks.values()].filter(({ title }) => title === name);

  /** The deed in a life that ends at each of its steps, and what is seen of it when others have followed. */
  async function tryAll(deed: Deed): Promise<{ readonly steps: number; readonly doubles: number }> {
    const steps = await inLife(deed, 'Measured', Number.POSITIVE_INFINITY, 'after');
    // As many messages as it takes when nobody dies.
    const whole = await shownOf(deed, 'Measured');
    expect(whole).toBeGreaterThanOrEqual(1);
    let doubles = 0;
    for (let at = 1; at <= steps; at += 1)
      for (const moment of ['before', 'after'] as const) {
        const name = `Kill${at}${moment}`;
        await inLife(deed, name, at, moment);
        const shown = await shownOf(deed, name);
        expect(deed.done(name), `${name}: done`).toBe(1);
        expect(shown, `${name}: messages`).toBeGreaterThanOrEqual(whole);
        doubles += shown - whole;
        expect(doubles, `${name}: doubles`).toBeLessThanOrEqual(await scene.ambiguities());
      }
    return { steps, doubles };
  }

  const voices = new Map<string, Voice>();

  async function shownOf(deed: Deed, name: string): Promise<number> {
    const voice = voices.get(name);
    const lines = voice ? await answersTo(voice) : [];
    return lines.filter((line) => deed.shown(line, name)).length;
  }

  async function inLife(deed: Deed, name: string, at: number, moment: 'before' | 'after'): Promise<number> {
    scene.restart();
    const voice = await scene.person(name, 'manager');
    voices.set(name, voice);
    await deed.prepare?.(voice, name);
    const life = new Life(at, moment);
    scene.restart(life);
    await deed.act(voice, name, `the deed of ${name}`);
    scene.restart();
    scene.passLeases();
    if (at !== Number.POSITIVE_INFINITY) await deed.act(voice, name, `the deed of ${name}`);
    scene.passLeases();
    await scene.recover();
    return life.calls;
  }

  const SLOW = { timeout: 60_000 };

  it('of a verb that was said', SLOW, async () => {
    const { steps } = await tryAll({
      act: (voice, name, key) => voice.says(`task add "${name}"`, key),
      done: (name) => tasksNamed(name).length,
      shown: (line, name) => line.includes(`Task added: ${name}`) || line.includes(`Task added: *${name}*`),
    });
    expect(steps).toBeGreaterThan(8);
    // Some lives ended between a send and its record: else nothing was tried.
    expect(await scene.ambiguities()).toBeGreaterThan(0);
  });

  it('of a yes that was pressed', SLOW, async () => {
    await tryAll({
      async prepare(voice, name) {
        await voice.says(`task add "${name}"`);
        await voice.says(`task drop ${tasksNamed(name)[0]?.id}`);
      },
      act: (voice, _name, key) => voice.presses('Yes, task drop', key),
      done: (name) => tasksNamed(name).filter(({ status }) => status === 'dropped').length,
      shown: (line, name) => line.includes(`Task ${tasksNamed(name)[0]?.id} dropped.`),
    });
  });

  it('of the last answer to a guided question', SLOW, async () => {
    await tryAll({
      async prepare(voice, name) {
        await voice.says('task assess');
        await voice.says(`t-${name}`);
        await voice.says('3');
      },
      act: (voice, _name, key) => voice.presses('some', key),
      done: (name) =>
        [...scene.shelf.effects.values()].filter((text) => text.startsWith(`t-${name}:`)).length,
      shown: (line, name) => line.includes(`t-${name}: effort 3, risk some`),
    });
  });

  it('of a question, which is still put', SLOW, async () => {
    await tryAll({
      act: (voice, _name, key) => voice.says('task drop tsk_none', key),
      done: () => 1,
      shown: (line) => line.includes('Do this? Drop a task.'),
    });
  });

  it('of an answer of several messages', SLOW, async () => {
    scene.notes.text = LONG;
    await tryAll({
      act: (voice, _name, key) => voice.says('note show', key),
      done: () => 1,
      shown: (line) => line.includes('नमस्ते'),
    });
  });

  it('of a live card, which stays one message', SLOW, async () => {
    await tryAll({
      prepare: (voice, name) => scene.showsCard(voice.room, 1, `${name}: 1 failed`, name),
      act: (voice, name) => scene.showsCard(voice.room, 2, `${name}: 2 failed`, name),
      done: () => 1,
      shown: (line, name) => line.includes(`${name}: 2 failed`),
    });
    for (const [name, voice] of voices)
      expect((await answersTo(voice)).filter((line) => line.includes(`${name}: 1 failed`))).toEqual([]);
  });
});
