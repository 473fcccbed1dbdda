// The bench of the chat path runs and prints its figures as JSON lines.
import { expect, it } from 'vitest';
import { run as runBolt } from '../bench/bolt.ts';
import { run } from '../bench/dispatch.ts';
import { runTelegramDispatch } from '../bench/dispatch-telegram.ts';
import type { Figure } from '../bench/figures.ts';

it('gives one figure for each number of verbs, beside a bare look-up', () => {
  const printed: string[] = [];
  const lines = run({ verbs: [10, 20], messages: 50, rounds: 1, print: (line) => printed.push(line) });

  expect(printed.map((line) => JSON.parse(line))).toEqual(lines);
  expect(lines.map(({ bench, unit }) => [bench, unit])).toEqual([
    ['dispatch', 'µs'],
    ['dispatch', 'µs'],
  ]);
});

it('gives Bolt’s figures beside ours, its own style first', async () => {
  const printed: Figure[] = [];
  const lines = await runBolt({ commands: 5, messages: 20, rounds: 1, print: (line) => printed.push(line) });

  expect(printed).toEqual(lines);
  expect(lines.map(({ bench, unit }) => [bench, unit])).toEqual([
    ['dispatch', 'µs'],
    ['dispatch', 'µs'],
  ]);
});

it('gives the figures of Telegram beside telegraf’s own way', async () => {
  const printed: string[] = [];
  const print = (line: string): number => printed.push(line);
  const lines = await runTelegramDispatch({ commands: 10, updates: 50, rounds: 1, print });

  expect(printed.map((line) => JSON.parse(line))).toEqual(lines);
  expect(lines.every(({ against }) => against.startsWith('telegraf with 10 commands'))).toBe(true);
});
