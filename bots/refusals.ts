// What a person is told in place of an answer: the verb that was probably meant, and the line instead of an old button.
import { mayDo } from '../src/core/actor.ts';
import { type Dispatcher, NOT_KNOWN } from '../src/core/dispatcher.ts';
import { type Block, context, list, type Reply, reply, text, withStatus } from '../src/core/reply.ts';
import type { ChatActions } from './actions.ts';
import type { Update } from './adapter.ts';
import { lineOf, type VerbPlan } from './parse.ts';
import { phrases } from './phrases.ts';
import type { VerbBook } from './verb-book.ts';
import type { Word } from './words.ts';

export interface Refusals {
  unknownVerb(update: Update, words: readonly Word[]): Reply;
  /** What was probably meant, out of the verbs that this person may run and no others. */
  suggestions(update: Update, words: readonly Word[], but?: VerbPlan['verb']): readonly Block[];
  /** What to type in place of a button that has had its time. */
  lineInstead(update: Update, button: string): Promise<readonly Block[]>;
}

export function createRefusals(options: {
  readonly book: Pick<VerbBook, 'guess' | 'plan'>;
  readonly dispatcher: Pick<Dispatcher, 'allowedTo'>;
  readonly actions: Pick<ChatActions, 'seen'>;
}): Refusals {
  const { book, dispatcher, actions } = options;

  function unknownVerb(update: Update, words: readonly Word[]): Reply {
    if (update.principal.actor.kind === 'stranger') return withStatus('look', reply(NOT_KNOWN));
    const say = phrases[update.principal.language];
    const typed = words.slice(0, 2).map((word) => word.text);
    const meant = suggestions(update, words);
    const fact = say.unknown(typed.join(' ').slice(0, 60));
    return withStatus(
      'look',
      meant.length === 0 ? reply(fact, text(say.help)) : reply(fact, ...meant, context(say.help)),
    );
  }

  function suggestions(update: Update, words: readonly Word[], but?: VerbPlan['verb']): readonly Block[] {
    const { actor, language } = update.principal;
    const close = book.guess(words, dispatcher.allowedTo(actor)).filter((verb) => verb !== but);
    if (close.length === 0) return [];
    const examples = close.map((verb) => [
      { code: `/${verb.chat.examples[0] ?? verb.name.replace('.', ' ')}` },
    ]);
    return [text(phrases[language].meant), list(examples)];
  }

  async function lineInstead(update: Update, button: string): Promise<readonly Block[]> {
    const { principal } = update;
    const action = await actions.seen(principal, button);
    const plan = action && book.plan(action.operation);
    if (!plan || action.answer !== null || action.expiresAt > update.receivedAt) return [];
    const { sensitive = [], permission } = plan.verb;
    const hides = Object.keys(action.input).some((field) => sensitive.includes(field));
    if (hides || !mayDo(principal.actor, permission)) return [];
    return [context(phrases[principal.language].works(lineOf(plan.verb, action.input)))];
  }

  return { unknownVerb, suggestions, lineInstead };
}
