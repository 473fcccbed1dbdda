// Every chat platform there is, as a scene: one suite runs on all of them.
import { consoleScene } from './console.tsx';
import type { Scene } from './scene.ts';
import { slackScene } from './slack.ts';
import { telegramScene } from './telegram.ts';

export const scenes: readonly (readonly [name: string, begin: () => Promise<Scene>])[] = [
  ['console', consoleScene],
  ['slack', slackScene],
  ['telegram', telegramScene],
];
