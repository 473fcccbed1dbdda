// Every way to say a verb, in one Map: finds what a line asks for, and what it may have meant.
import didYouMean, { ReturnTypeEnums } from 'didyoumean2';
import type { Verb } from '../src/core/dispatcher.ts';
import { wordsOf } from '../src/core/operation.ts';
import { planOf, type VerbPlan } from './parse.ts';
import type { Word } from './words.ts';

const LEAST_SIMILARITY = 0.6;
const LONGEST_GUESS = 40;
const MOST_GUESSES = 4;

export interface Found {
  readonly plan: VerbPlan;
  /** The words after the verb. */
  readonly rest: readonly Word[];
}

export interface VerbBook {
  /** The plan of an operation by its name. */
  plan(operation: string): VerbPlan | undefined;
  /** The verb with the most words that the line begins with. */
  find(words: readonly Word[]): Found | null;
  /** Every plan there is. */
  readonly plans: readonly VerbPlan[];
  /** At most four verbs out of `among` that read like the first words, or begin with the first; best first. */
  guess(words: readonly Word[], among: readonly Verb[]): readonly Verb[];
}

/** @throws Error when two verbs are said alike: a fault of the declarations. */
export function createVerbBook(verbs: Iterable<Verb>): VerbBook {
  const byName = new Map<string, VerbPlan>();
  const byPhrase = new Map<string, VerbPlan>();
  let longest = 1;
  for (const verb of verbs) {
    const plan = planOf(verb);
    byName.set(verb.name, plan);
    for (const phrase of phrasesOf(verb)) {
      const other = byPhrase.get(phrase);
      if (other && other !== plan)
        throw new Error(`“${phrase}” says both ${other.verb.name} and ${verb.name}`);
      byPhrase.set(phrase, plan);
      longest = Math.max(longest, phrase.split(' ').length);
    }
  }

  function find(words: readonly Word[]): Found | null {
    const said = verbWords(words, longest);
    for (let count = said.length; count > 0; count -= 1) {
      const used = said[count - 1]?.used ?? 0;
      // Half a word cannot be used up: `/task_add` says both words or is no verb.
      if (said[count]?.used === used) continue;
      const phrase = said.slice(0, count).map((word) => word.text);
      const plan = byPhrase.get(phrase.join(' '));
      if (plan) return { plan, rest: words.slice(used) };
    }
    return null;
  }

  return { plan: (operation) => byName.get(operation), plans: [...byName.values()], find, guess };
}

/** What a line may begin with to mean this verb. */
export function phrasesOf(verb: Verb): readonly string[] {
  return [wordsOf(verb), ...(verb.chat.aliases ?? [])].map((phrase) => phrase.toLowerCase());
}

interface SaidWord {
  readonly text: string;
  /** How many words of the line are used up with this one. */
  readonly used: number;
}

/** `/task_add@wardroom_bot` and `task.add` each say two words of a verb in one word of the line. */
function verbWords(words: readonly Word[], longest: number): SaidWord[] {
  const said: SaidWord[] = [];
  for (let at = 0; at < words.length && said.length < longest; at += 1) {
    const word = words[at];
    if (!word || word.literal) break;
    const lower = word.text.toLowerCase();
    if (at > 0) said.push({ text: lower, used: at + 1 });
    else for (const part of opening(lower)) said.push({ text: part, used: 1 });
  }
  return said;
}

function opening(word: string): string[] {
  if (!word.startsWith('/')) return word.split('.').filter((part) => part !== '');
  const bare = word.slice(1).split('@', 1)[0] ?? '';
  return bare.split(/[_.]/).filter((part) => part !== '');
}

function guess(words: readonly Word[], among: readonly Verb[]): readonly Verb[] {
  const said = verbWords(words, 2).map((word) => word.text.slice(0, LONGEST_GUESS));
  const [first = ''] = said;
  const verbOf = new Map(among.flatMap((verb) => phrasesOf(verb).map((phrase) => [phrase, verb] as const)));
  const phrases = [...verbOf.keys()];
  const tries = [...new Set([said.join(' '), first])].filter((text) => text !== '');
  const close = tries.flatMap((text) =>
    didYouMean(text, phrases, {
      returnType: ReturnTypeEnums.ALL_SORTED_MATCHES,
      threshold: LEAST_SIMILARITY,
    }),
  );
  // Half a verb is no misspelling: `/task` is met with what can be done to tasks.
  const begun = first === '' ? [] : phrases.filter((phrase) => phrase.startsWith(`${first} `));
  const verbs = [...close, ...begun].flatMap((phrase) => verbOf.get(phrase) ?? []);
  return [...new Set(verbs)].slice(0, MOST_GUESSES);
}
