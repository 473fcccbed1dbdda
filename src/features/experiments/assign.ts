// Which variant a unit gets: a pure function of experiment and unit, the same for ever.
import { createHash } from 'node:crypto';
import type { Experiment } from '../../../models/experiment.ts';

/**
 * While a test runs, by the weights of its arms; after a switch, the present default, but for the holdout that
 * stays on the previous one. The share is the first 52 bits of SHA-256 over experiment and unit.
 */
export function armFor(experiment: Experiment, unit: string): string {
  const share = shareOf(experiment.key, unit);
  if (experiment.status === 'running') return byWeight(experiment, share);
  const last = experiment.decisions.findLast((one) => one.kind === 'switched');
  const isSwitched = last?.winner === experiment.current && last.previous !== null;
  return isSwitched && last.previous && share < experiment.holdout ? last.previous : experiment.current;
}

function byWeight(experiment: Experiment, share: number): string {
  let sum = 0;
  for (const arm of experiment.arms) {
    sum += arm.weight;
    if (share < sum) return arm.variant;
  }
  return experiment.current;
}

function shareOf(seed: string, unit: string): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, unit]))
    .digest();
  return (digest.readUIntBE(0, 6) * 16 + (digest.readUInt8(6) >> 4)) / 2 ** 52;
}
