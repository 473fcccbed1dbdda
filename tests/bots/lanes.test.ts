import { expect, it } from 'vitest';
import { createLanes } from '../../bots/lanes.ts';
import { unhindered } from '../../src/core/breather.ts';

/** Work that ends when it is told to. */
function held(started: string[], name: string) {
  let end: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = async (): Promise<void> => {
    started.push(name);
    await done;
  };
  return { work, end: () => end() };
}

const soon = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

it('works on a few lanes of a platform at once, and on the next when one is over', async () => {
  const lanes = createLanes(unhindered, 2);
  const started: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => held(started, name));
  const all = [lanes('slack:1', a!.work), lanes('slack:2', b!.work), lanes('slack:3', c!.work)];
  await soon();
  expect(started).toEqual(['a', 'b']);
  b!.end();
  await soon();
  expect(started).toEqual(['a', 'b', 'c']);
  a!.end();
  c!.end();
  await Promise.all(all);
});

it('a platform whose lanes are all busy holds up no other', async () => {
  const lanes = createLanes(unhindered, 1);
  const started: string[] = [];
  const slow = held(started, 'slack');
  const one = lanes('slack:1', slow.work);
  await lanes('telegram:1', async () => void started.push('telegram'));
  expect(started).toEqual(['slack', 'telegram']);
  slow.end();
  await one;
});

it('goes on after work that failed', async () => {
  const lanes = createLanes(unhindered, 1);
  const failed = lanes('slack:1', async () => {
    throw new Error('broken');
  });
  await expect(failed).rejects.toThrow('broken');
  await expect(lanes('slack:1', async () => 'next')).resolves.toBe('next');
});
