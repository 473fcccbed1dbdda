/** A verdict in one plain sentence. */
import type { Language } from '../../core/context.ts';
import type { Comparison, LookInput, Verdict, WaitsFor } from './look.ts';
import { percent, verdictWords } from './verdict-words.ts';

type Facts = Pick<Verdict, 'kind' | 'winner' | 'perChallenger' | 'waitsFor' | 'ended'>;
type Told = Pick<LookInput, 'defaultArm' | 'verb'>;

/** The sentence for chat and page, in English unless told. Pure: the same verdict reads the same everywhere. */
export function describeVerdict(facts: Facts, input: Told, language: Language = 'en'): string {
  const say = verdictWords[language];
  const { defaultArm } = input;
  const asks = facts.waitsFor
    .map((reason) => describeReason(reason, language))
    .filter((text) => text !== '')
    .join('; ');
  const seen = (how: (one: Comparison) => string): string => facts.perChallenger.map(how).join('; ');
  const compared = (one: Comparison): string => compare(one, input, language);
  switch (facts.kind) {
    case 'blocked':
      return say.blocked(asks);
    case 'too_early':
      return say.tooEarly(asks);
    case 'propose': {
      const winner = facts.perChallenger.find((challenger) => challenger.variant === facts.winner);
      const because = winner === undefined ? '' : `${compared(winner)}${bound(winner, language)}`;
      return `${say.propose(because, defaultArm, facts.winner)}${asks === '' ? '' : say.open(asks)}`;
    }
    case 'stay':
      return say.stay(
        defaultArm,
        seen((one) => `${compared(one)}${doubt(one, language)}`),
      );
    case 'no_winner':
      return say.noWinner(defaultArm, seen(compared), asks);
    case 'continue':
      return say.goOn(seen(compared), asks);
  }
}

/** "gate_30 keeps 0.8 points more units (19.0 % against 18.2 %)". */
function compare(one: Comparison, { defaultArm, verb = 'converts' }: Told, language: Language): string {
  const say = verdictWords[language];
  const points = Math.abs(one.difference) * 100;
  const digits = points > 0 && points < 0.1 ? 2 : 1;
  const rates = say.rates(percent(one.rate, digits), percent(one.defaultRate, digits));
  const { variant } = one;
  if (points === 0) return say.same({ variant, defaultArm, verb, rates });
  const size = { points: points.toFixed(digits), isMore: one.difference > 0 };
  return say.differs({ variant, defaultArm, verb, rates, ...size });
}

function bound({ z, boundary }: Comparison, language: Language): string {
  return boundary === null ? '' : verdictWords[language].bound(z.toFixed(2), boundary.toFixed(2));
}

/** Why a challenger does not win. */
function doubt({ crossed, value }: Comparison, language: Language): string {
  const say = verdictWords[language];
  if (crossed === 'worse') return say.notChance;
  return crossed === 'better' && value.kind === 'worse' ? say.earnsLess : say.perhapsChance;
}

/** One reason in words, or nothing where the rest of the sentence says it already. */
export function describeReason(reason: WaitsFor, language: Language = 'en'): string {
  return verdictWords[language].reason[reason.code](reason);
}
