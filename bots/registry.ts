// The one answer to an update: find the verb → authorise → read → ask for what is missing → confirm → run → reply.

import { mayDo } from '../src/core/actor.ts';
import type { Clock } from '../src/core/clock.ts';
import type { Dispatcher } from '../src/core/dispatcher.ts';
import { AppError, toAppError } from '../src/core/errors.ts';
import type { Logger } from '../src/core/logger.ts';
import { invalidInput, problemsOf } from '../src/core/problems.ts';
import { type Block, context, list, type Reply, reply, text, withStatus } from '../src/core/reply.ts';
import { type ChatActions, DECLINE } from './actions.ts';
import type { Update } from './adapter.ts';
import type { Conversations } from './conversations.ts';
import { type Step, stepOn } from './dialogue.ts';
import { errorReply, requestIdOf } from './error-reply.ts';
import { lineOf, type Reading, readArguments, type VerbPlan } from './parse.ts';
import { phrases } from './phrases.ts';
import { confirmation, firstMissing, questionAbout, wordsFor } from './questions.ts';
import { createVerbBook, type Found } from './verb-book.ts';
import { splitWords, type Word } from './words.ts';

/** What a line may hold at most, in UTF-16 units; more is for a file. */
export const LONGEST_LINE = 20_000;

export interface Registry {
  /** Answers an update. @throws AppError only for a passing fault, which is worth trying again. */
  answer(update: Update): Promise<Reply>;
}

interface Asked {
  readonly update: Update;
  readonly plan: VerbPlan;
  readonly reading: Reading;
  /** A pressed button was shown with what it does: nobody is asked once more. */
  readonly pressed: boolean;
}

export function createRegistry(options: {
  readonly dispatcher: Dispatcher;
  readonly conversations: Conversations;
  readonly actions: ChatActions;
  readonly clock: Clock;
  readonly logger: Logger;
}): Registry {
  const { dispatcher, conversations, actions, clock, logger } = options;
  const book = createVerbBook(dispatcher.verbs.values());

  async function answer(update: Update): Promise<Reply> {
    const { content } = update;
    try {
      if (content.kind === 'press') return await answerPress(update, content.button);
      return await answerText(update, content.text);
    } catch (thrown) {
      return explain(toAppError(thrown), update);
    }
  }

  async function answerText(update: Update, line: string): Promise<Reply> {
    const say = phrases[update.principal.language];
    if (line.length > LONGEST_LINE) throw new AppError('input.too_large', say.tooLong(LONGEST_LINE));
    const words = withoutMention(splitWords(line));
    const found = book.find(words);
    const isCommand = found !== null && words[0]?.text.startsWith('/') === true;
    const step = await stepOn(conversations, book.plan, update, { text: line, isCommand });
    if (step.kind !== 'none' && step.kind !== 'abandoned') return answerStep(update, step);
    const answered = await answerWords(update, words, found);
    return step.kind === 'abandoned' ? withNote(answered, say.abandoned(wordsFor(step.plan))) : answered;
  }

  async function answerStep(
    update: Update,
    step: Exclude<Step, { kind: 'none' | 'abandoned' }>,
  ): Promise<Reply> {
    const { plan } = step;
    const { language } = update.principal;
    switch (step.kind) {
      case 'ask':
        return questionAbout(plan, step.field, step.raw, language);
      case 'misfit': {
        const question = questionAbout(plan, step.field, step.raw, language);
        return errorReply(invalidInput(step.problems), update, question.blocks);
      }
      case 'cancelled':
        return reply(phrases[language].cancelled(wordsFor(plan)));
      case 'complete':
        return carryOut({ update, plan, reading: { raw: step.raw, problems: [] }, pressed: false });
    }
  }

  async function answerWords(update: Update, words: readonly Word[], found: Found | null): Promise<Reply> {
    if (words.length === 0) return withStatus('look', reply(phrases[update.principal.language].empty));
    if (!found) return unknownVerb(update, words);
    const { plan, rest } = found;
    const reading = readArguments(plan, rest);
    const answered = await carryOut({ update, plan, reading, pressed: false });
    // `/audit verfy` finds `audit`, which takes no words: the second word was to be part of the verb.
    const isMisread = rest.length > 0 && plan.positional.length === 0 && reading.problems.length > 0;
    const meant = isMisread ? suggestions(update, words, plan.verb) : [];
    return meant.length > 0 ? { ...answered, blocks: [...answered.blocks, ...meant] } : answered;
  }

  async function answerPress(update: Update, button: string): Promise<Reply> {
    const { principal } = update;
    try {
      const { operation, label, input } = await actions.press(update, button);
      if (operation === DECLINE) return reply(phrases[principal.language].left);
      const plan = book.plan(operation);
      if (!plan) throw new AppError('action.expired', `“${label}” is no longer something that can be done.`);
      return await carryOut({ update, plan, reading: { raw: input, problems: [] }, pressed: true });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'action.expired') throw error;
      return errorReply(error, update, await lineInstead(update, button));
    }
  }

  async function carryOut({ update, plan, reading, pressed }: Asked): Promise<Reply> {
    const { verb } = plan;
    const { language, actor } = update.principal;
    if (!mayDo(actor, verb.permission)) return run(update, plan, {});
    const wrong = [
      ...reading.problems,
      ...problemsOf(verb.input, reading.raw).filter(({ field }) => !isMissing(plan, reading.raw, field)),
    ];
    if (wrong.length > 0) return errorReply(invalidInput(wrong), update, worksLike(update, plan));
    const missing = firstMissing(plan, reading.raw);
    if (missing) {
      const talk = await conversations.begin(update, verb.name, reading.raw, missing.name);
      return questionAbout(plan, talk.field, talk.raw, language);
    }
    if (verb.danger === 'confirm' && !pressed) return confirmation(plan, reading.raw, language);
    return run(update, plan, reading.raw);
  }

  /** The dispatcher authorises by itself, and a denial leaves its audit row there. */
  async function run(update: Update, plan: VerbPlan, raw: Reading['raw']): Promise<Reply> {
    const { id, principal, door, room } = update;
    const { tenant, actor, zone, language } = principal;
    const requestId = requestIdOf(update);
    const ctx = { tenant, actor, door, effectKey: id, requestId, now: clock.now(), zone, language, room };
    const outcome = await dispatcher.run({ operation: plan.verb.name, raw, ctx });
    return outcome.reply;
  }

  function unknownVerb(update: Update, words: readonly Word[]): Reply {
    const say = phrases[update.principal.language];
    const typed = words.slice(0, 2).map((word) => word.text);
    const meant = suggestions(update, words);
    const fact = say.unknown(typed.join(' ').slice(0, 60));
    return withStatus(
      'look',
      meant.length === 0 ? reply(fact, text(say.help)) : reply(fact, ...meant, context(say.help)),
    );
  }

  /** What was probably meant, out of the verbs that this person may run and no others. */
  function suggestions(update: Update, words: readonly Word[], but?: VerbPlan['verb']): readonly Block[] {
    const { actor, language } = update.principal;
    const close = book.guess(words, dispatcher.allowedTo(actor)).filter((verb) => verb !== but);
    if (close.length === 0) return [];
    const examples = close.map((verb) => [
      { code: `/${verb.chat.examples[0] ?? verb.name.replace('.', ' ')}` },
    ]);
    return [text(phrases[language].meant), list(examples)];
  }

  /** What to type in place of a button that has had its time. */
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

  function explain(error: AppError, update: Update): Reply {
    if (error.retryable) throw error;
    if (error.kind === 'bug')
      logger.error({ err: error, update: update.id, requestId: requestIdOf(update) }, 'an update met a bug');
    return errorReply(error, update);
  }

  return { answer };
}

function worksLike(update: Update, plan: VerbPlan): readonly Block[] {
  const [example] = plan.verb.chat.examples;
  return example ? [context(phrases[update.principal.language].works(`/${example}`))] : [];
}

function isMissing(plan: VerbPlan, raw: Reading['raw'], field: string): boolean {
  return raw[field] === undefined && plan.fields.some((spec) => spec.name === field && spec.required);
}

/** `@wardroom task add …` and `<@U12> task add …` mean the words after the mention. */
function withoutMention(words: readonly Word[]): readonly Word[] {
  return words[0] && /^(@[\w.-]+|<@\w+>)[:,]?$/.test(words[0].typed) ? words.slice(1) : words;
}

function withNote(answered: Reply, note: string): Reply {
  return { ...answered, blocks: [...answered.blocks, context(note)] };
}
