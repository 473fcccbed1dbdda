/** A verdict in one plain sentence. */
import { formatPaise } from '../../core/money.ts';
import type { Comparison, LookInput, Verdict, WaitsFor } from './look.ts';

type Facts = Pick<Verdict, 'kind' | 'winner' | 'perChallenger' | 'waitsFor' | 'ended'>;

/** The sentence for chat and page. Pure: the same verdict reads the same everywhere. */
export function describeVerdict(facts: Facts, input: LookInput): string {
  const asks = facts.waitsFor.map((reason) => describeReason(reason)).filter((text) => text !== '');
  const { defaultArm } = input;
  const verb = input.verb ?? 'converts';
  switch (facts.kind) {
    case 'blocked':
      return `Blocked: ${asks.join('; ')}.`;
    case 'too_early':
      return `Too early to judge: ${asks.join('; ')}.`;
    case 'propose': {
      const winner = facts.perChallenger.find((challenger) => challenger.variant === facts.winner);
      const because = winner === undefined ? '' : `${compare(winner, defaultArm, verb)}${bound(winner)}. `;
      const open = asks.length === 0 ? '' : ` Open: ${asks.join('; ')}.`;
      return `${because}Switch from ${defaultArm} to ${facts.winner}.${open}`;
    }
    case 'stay':
      return `${defaultArm} stays: ${facts.perChallenger.map((one) => whyNot(one, defaultArm, verb)).join('; ')}.`;
    case 'no_winner': {
      const seen = facts.perChallenger.map((one) => compare(one, defaultArm, verb)).join('; ');
      const open = asks.length === 0 ? '' : ` (${asks.join('; ')})`;
      return `No winner: the test has ended and ${defaultArm} stays. ${seen}, which may be chance${open}.`;
    }
    case 'continue': {
      const seen = facts.perChallenger.map((one) => compare(one, defaultArm, verb)).join('; ');
      return `Not decided: ${seen}. Waiting for: ${asks.join('; ')}.`;
    }
  }
}

/** "gate_30 keeps 0.8 points more units (19.0 % against 18.2 %)". */
function compare(one: Comparison, defaultArm: string, verb: string): string {
  const points = Math.abs(one.difference) * 100;
  const digits = points > 0 && points < 0.1 ? 2 : 1;
  const rates = `${percent(one.rate, digits)} against ${percent(one.defaultRate, digits)}`;
  if (points === 0) return `${one.variant} ${verb} as many units as ${defaultArm} (${rates})`;
  const direction = one.difference > 0 ? 'more' : 'fewer';
  return `${one.variant} ${verb} ${points.toFixed(digits)} points ${direction} units (${rates})`;
}

function bound(one: Comparison): string {
  if (one.boundary === null) return '';
  return `, z ${one.z.toFixed(2)} where ${one.boundary.toFixed(2)} is enough`;
}

function whyNot(one: Comparison, defaultArm: string, verb: string): string {
  const seen = compare(one, defaultArm, verb);
  if (one.crossed === 'worse') return `${seen}, which is not chance`;
  if (one.crossed === 'better' && one.value.kind === 'worse') return `${seen}, but earns less for each unit`;
  return `${seen}, which may be chance`;
}

/** One reason in words, or nothing where the rest of the sentence says it already. */
export function describeReason({ code, have, need, name }: WaitsFor): string {
  switch (code) {
    case 'input':
      return `these counts cannot be judged (${name})`;
    case 'sample_ratio':
      return `the split of units does not fit the weights (Bayes factor ${whole(have)}, limit ${whole(need)})`;
    case 'double_exposure':
      return `${percent(have ?? 0, 1)} of the units saw two variants (limit ${percent(need ?? 0, 0)})`;
    case 'stale_feed':
      return `the newest data is ${whole(have)} hours old (limit ${whole(need)})`;
    case 'guardrail':
      return name ?? 'a guardrail';
    case 'days':
      return `${whole(have)} of ${whole(need)} full days`;
    case 'days_unknown':
      return `minimum days: unknown, ask (${whole(need)} are wanted)`;
    case 'units':
      return `${whole(have)} of ${whole(need)} units`;
    case 'boundary':
      return `z ${(have ?? 0).toFixed(2)} of ${name}, ${(need ?? 0).toFixed(2)} is enough`;
    case 'conversions':
      return `${whole(have)} of ${whole(need)} conversions in an arm (${name})`;
    case 'value_worse':
      return `${name} earns less for each unit`;
    case 'value_unclear':
      return `whether ${name} earns more for each unit is not clear`;
    case 'value_unknown':
      return describeBreakEven(have);
  }
}

function describeBreakEven(breakEvenPaise: number | null): string {
  if (breakEvenPaise === null) return 'the value of a conversion is unknown';
  if (breakEvenPaise <= 0) return 'the value of a conversion is unknown; the extra ones cost nothing';
  return `the value of a conversion is unknown; each extra one costs ${formatPaise(breakEvenPaise)}`;
}

function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`;
}

function whole(value: number | null): string {
  const number = value ?? 0;
  return number >= 1e15 ? number.toExponential(1) : Math.floor(number).toLocaleString('en-IN');
}
