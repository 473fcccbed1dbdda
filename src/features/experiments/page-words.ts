// How an experiment reads on its pages: its state, its split, its rules and its decisions in plain words.
import type { Decision, Experiment } from '../../../models/experiment.ts';
import type { Status } from '../../core/reply.ts';
import { formatCount } from '../../ui/components/values.tsx';
import { BAYES_FACTOR_LIMIT } from './data-quality.ts';
import { percent, points } from './figures.ts';
import type { Comparison, Verdict } from './look.ts';
import { lastSwitch } from './switch.ts';

export interface State {
  readonly status: Status | undefined;
  readonly word: string;
  /** The lesser comes first in the list. */
  readonly rank: number;
}

/** Where an experiment stands: what needs somebody first. */
export function stateOf(experiment: Experiment): State {
  if (needsDecision(experiment)) return { status: 'look', word: 'Needs a decision', rank: 0 };
  if (experiment.status === 'running' && experiment.verdict?.kind === 'blocked')
    return { status: 'act', word: 'Blocked', rank: 1 };
  if (experiment.status === 'running') return { status: 'ok', word: 'Running', rank: 2 };
  return experiment.status === 'stopped'
    ? { status: undefined, word: 'Stopped', rank: 3 }
    : { status: undefined, word: 'Ended', rank: 4 };
}

export const needsDecision = ({ proposal }: Experiment): boolean => proposal?.status === 'open';

/** The sample ratio in words: does the split of units fit the weights? */
export function splitWords({ srm }: Verdict): string {
  const factor = factorWords(srm.bayesFactor);
  return srm.blocked
    ? `The split does not fit the weights: Bayes factor ${factor}, where ${formatCount(BAYES_FACTOR_LIMIT)} blocks`
    : `The split fits the weights: Bayes factor ${factor}, ${formatCount(BAYES_FACTOR_LIMIT)} would block`;
}

function factorWords(factor: number): string {
  if (factor >= 1e6) return 'over 10,00,000';
  if (factor >= 10) return formatCount(Math.round(factor));
  return factor < 0.01 ? 'under 0.01' : factor.toFixed(2);
}

/** “+0.8 points, between +0.1 and +1.5 points”. */
export function differenceWords({ difference, interval }: Comparison): string {
  return `${points(difference)}, between ${points(interval.low).replace(' points', '')} and ${points(interval.high)}`;
}

/** The relative difference: “+4.3 %”, or a dash where the default converts nothing. */
export function liftWords({ lift }: Pick<Comparison, 'lift'>): string {
  return lift === null ? '—' : `${lift < 0 ? '−' : '+'}${percent(Math.abs(lift))}`;
}

export const policyWords: Readonly<Record<Experiment['policy']['mode'], string>> = {
  approve: 'approve: a person decides on each switch',
  auto: 'auto: the protocol switches by itself and says so',
  watch: 'watch: nothing is proposed and nothing switched',
};

/** What one decision was, for the log. */
export function decisionWords({ kind, winner, previous }: Decision): string {
  switch (kind) {
    case 'switched':
      return `Switched from ${previous} to ${winner}`;
    case 'rolled_back':
      return `Rolled back from ${previous} to ${winner}`;
    case 'rejected':
      return `Rejected the switch to ${winner}`;
    case 'ended':
      return `Ended; ${previous} stays`;
    case 'policy':
      return 'Changed the policy';
    case 'started':
      return 'Started';
    case 'stopped':
      return 'Stopped';
  }
}

/** What approving will do, in numbers. @param perDay units a day at the present pace, where it is known. */
export function approveWords({ proposal, holdout }: Experiment, perDay: number | null): string {
  if (!proposal) return '';
  const { winner, previous } = proposal;
  const units = perDay === null ? 'new units' : `new units (about ${formatCount(Math.round(perDay))} a day)`;
  const rest = holdout > 0 ? `; ${percent(holdout)} stay on ${previous} as a holdout` : '';
  return `${percent(1 - holdout)} of ${units} get ${winner} instead of ${previous}${rest}. The test ends.`;
}

/** What rejecting will do. */
export function rejectWords({ proposal }: Experiment): string {
  return `100 % of new units go on to get ${proposal?.previous ?? ''}. The test is stopped; it can be started again.`;
}

/** The switch that a roll-back would undo; undefined where there is none. */
export function undoable(experiment: Experiment): Decision | undefined {
  const last = lastSwitch(experiment);
  return last?.previous && last.winner === experiment.current ? last : undefined;
}

/** What stopping will do, in numbers: while a test runs, its weights decide. */
export function stopWords({ arms, current }: Experiment): string {
  const others = arms.filter((arm) => arm.variant !== current);
  const share = others.reduce((sum, arm) => sum + arm.weight, 0);
  return (
    `The ${percent(share)} of new units that get ${others.map((arm) => arm.variant).join(' or ')} now ` +
    `will get ${current}. Nothing is looked at until it is started again.`
  );
}
