// Work that can wait: it begins in its order, at once while the event loop keeps up, and slowly while it does not.
import { describe, expect, it } from 'vitest';
import { createBreather } from '../../src/core/breather.ts';

/** An event loop whose turns take as long as the test says, and a clock that passes with them alone. */
function slowLoop(turnMs: number) {
  const loop = { nowMs: 0, turnMs, turns: 0, onTurn: (): void => undefined };
  const clock = {
    monotonicMs: () => loop.nowMs,
    sleep: async (durationMs: number): Promise<void> => {
      loop.nowMs += durationMs;
    },
  };
  const breathe = createBreather(clock, async () => {
    loop.nowMs += loop.turnMs;
    loop.turns += 1;
    loop.onTurn();
  });
  const begun: { readonly name: string; readonly atMs: number }[] = [];
  const begin = (name: string): Promise<void> =>
    breathe().then(() => void begun.push({ name, atMs: loop.nowMs }));
  return { loop, begin, begun, arrived: breathe.arrived };
}

describe('work that can wait', () => {
  it('begins after one short turn each, in its order', async () => {
    const { begin, begun, loop } = slowLoop(1);
    await Promise.all(['a', 'b', 'c'].map(begin));
    expect(begun.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(loop.turns).toBe(3);
  });

  it('waits while turns are long, and begins with the first short one', async () => {
    const { begin, begun, loop } = slowLoop(20);
    loop.onTurn = () => {
      if (loop.turns === 2) loop.turnMs = 1;
    };
    await begin('a');
    expect(loop.turns).toBe(3);
    expect(begun[0]?.atMs).toBeLessThan(100);
  });

  it('begins all the same in a flood that does not end, one piece in a tenth of a second', async () => {
    const { begin, begun } = slowLoop(20);
    await Promise.all(['a', 'b', 'c'].map(begin));
    expect(begun.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    for (const [n, { atMs }] of begun.entries()) {
      expect(atMs).toBeGreaterThanOrEqual((n + 1) * 100);
      expect(atMs).toBeLessThan((n + 1) * 150);
    }
  });

  it('begins apart while things come in one upon the other, and together again when they do not', async () => {
    const { begin, begun, loop, arrived } = slowLoop(1);
    const three = (): Promise<unknown> => Promise.all(['a', 'b', 'c'].map(begin));
    await three();
    const calmMs = loop.nowMs;
    begun.length = 0;
    arrived();
    await three();
    expect((begun[2]?.atMs ?? 0) - calmMs).toBeGreaterThanOrEqual(10);
    loop.nowMs += 1_000;
    const laterMs = loop.nowMs;
    begun.length = 0;
    await three();
    expect((begun[2]?.atMs ?? 0) - laterMs).toBeLessThan(10);
  });

  it('begins for whoever asks after the others are through', async () => {
    const { begin, begun } = slowLoop(1);
    await begin('a');
    await begin('b');
    expect(begun.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});
