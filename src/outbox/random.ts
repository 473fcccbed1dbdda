// The random port on the machine's own source.
import { randomInt } from 'node:crypto';
import type { Random } from './types.ts';

const STEPS = 2 ** 32;

export const systemRandom: Random = () => randomInt(STEPS) / STEPS;
