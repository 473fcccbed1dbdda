// What a plain sentence means: the verb whose words it shares most, weighed by how much each word tells verbs apart.
import type { Verb } from '../../src/core/dispatcher.ts';
import type { VerbPlan } from '../parse.ts';
import { stemsOf } from './lexicon.ts';
import { type Slots, slotsIn } from './slots.ts';

/** A sentence must share this much with a verb (cosine of TF-IDF weights), or it is not understood. */
const LEAST_SCORE = 0.3;
/** Verbs that come this near to the best are offered beside it. */
const NEAR = 0.6;
const MOST_OTHERS = 2;
/** How much the parts of a declaration count: what a verb is called says more than its summary. */
const WEIGHTS = { name: 3, alias: 3, said: 2, summary: 1 } as const;

export interface Understood {
  readonly plan: VerbPlan;
  readonly raw: Slots;
  /** What else it may have meant, the likeliest first. */
  readonly others: readonly { readonly plan: VerbPlan; readonly raw: Slots }[];
}

export interface Understanding {
  /** What a sentence means out of these verbs; null when nothing fits. Total: any text gives an answer. */
  read(text: string, among: readonly Verb[]): Understood | null;
}

interface Profile {
  readonly plan: VerbPlan;
  readonly weights: ReadonlyMap<string, number>;
  readonly length: number;
}

/** @param planOf the plan of a verb by its name. */
export function createUnderstanding(plans: readonly VerbPlan[]): Understanding {
  const counted = plans.map((plan) => ({ plan, counts: countsOf(plan) }));
  const spread = new Map<string, number>();
  for (const { counts } of counted)
    for (const stem of counts.keys()) spread.set(stem, (spread.get(stem) ?? 0) + 1);
  const rarest = Math.log(1 + plans.length);
  const idf = (stem: string): number => {
    const verbs = spread.get(stem);
    return verbs === undefined ? rarest : Math.log(1 + plans.length / verbs);
  };
  const profiles = new Map<string, Profile>(
    counted.map(({ plan, counts }) => {
      const weights = new Map([...counts].map(([stem, count]) => [stem, (1 + Math.log(count)) * idf(stem)]));
      return [plan.verb.name, { plan, weights, length: lengthOf([...weights.values()]) }];
    }),
  );

  function read(text: string, among: readonly Verb[]): Understood | null {
    const scored = among
      .flatMap((verb) => profiles.get(verb.name) ?? [])
      .map((profile) => {
        const { raw, rest, telling } = slotsIn(profile.plan, text);
        return { plan: profile.plan, raw, score: scoreOf(profile, stemsOf(rest), telling) };
      })
      .filter(({ score }) => score >= LEAST_SCORE)
      .sort((a, b) => b.score - a.score || (a.plan.verb.name < b.plan.verb.name ? -1 : 1));
    const [best, ...others] = scored;
    if (!best) return null;
    const near = others.filter(({ score }) => score >= NEAR * best.score).slice(0, MOST_OTHERS);
    return { plan: best.plan, raw: best.raw, others: near.map(({ plan, raw }) => ({ plan, raw })) };
  }

  /** The cosine of the two; a value that the verb alone knows, such as a metric, counts as a word of its name. */
  function scoreOf({ weights, length }: Profile, stems: readonly string[], telling: boolean): number {
    const words = new Map<string, number>();
    for (const stem of stems) words.set(stem, idf(stem));
    const shared = [...words].reduce((sum, [stem, weight]) => sum + weight * (weights.get(stem) ?? 0), 0);
    const own = telling ? rarest : 0;
    const asked = lengthOf([...words.values(), own]);
    if (asked === 0) return 0;
    return (shared / length + own) / asked;
  }

  return { read };
}

function countsOf({ verb }: VerbPlan): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    for (const stem of stemsOf(text)) counts.set(stem, (counts.get(stem) ?? 0) + weight);
  };
  add(verb.name.replace('.', ' '), WEIGHTS.name);
  for (const alias of verb.chat.aliases ?? []) add(alias, WEIGHTS.alias);
  for (const sentence of verb.chat.said ?? []) add(sentence, WEIGHTS.said);
  add(verb.summary.en, WEIGHTS.summary);
  add(verb.summary.hi, WEIGHTS.summary);
  return counts;
}

const lengthOf = (weights: readonly number[]): number =>
  Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
