// The one answer to an update: find the verb that its words, its button or its form mean, and carry it out.

import type { Clock } from '../src/core/clock.ts';
import type { Dispatcher } from '../src/core/dispatcher.ts';
import { type AppError, toAppError } from '../src/core/errors.ts';
import type { Logger } from '../src/core/logger.ts';
import { invalidInput } from '../src/core/problems.ts';
import { type Block, boundTo, context, type Reply, reply, withStatus } from '../src/core/reply.ts';
import { type ChatActions, DECLINE } from './actions.ts';
import { type Answer, spotOf, type Update } from './adapter.ts';
import { type Asked, createCarryOut, ctxOf } from './carry-out.ts';
import type { Conversations } from './conversations.ts';
import { type Step, stepOn } from './dialogue.ts';
import { errorReply, requestIdOf } from './error-reply.ts';
import { valuesOf } from './forms.ts';
import { type Reading, readArguments, settled, type VerbPlan } from './parse.ts';
import { phrases, refusalBy } from './phrases.ts';
import { interpretation } from './plain/answer.ts';
import { createUnderstanding, type Understood } from './plain/understand.ts';
import { confirmation, questionAbout, wordsFor } from './questions.ts';
import { createReadAhead, LONGEST_LINE, type ReadAhead } from './read-ahead.ts';
import { createRefusals } from './refusals.ts';
import { createVerbBook, type Found } from './verb-book.ts';
import { splitWords, type Word, withoutMention } from './words.ts';

/** A plain sentence is understood by its beginning. */
const LONGEST_SENTENCE = 300;

type Values = Readonly<Record<string, string>>;

export interface Registry extends ReadAhead {
  /** Answers an update. @throws AppError only for a passing fault, which is worth trying again. */
  answer(update: Update): Promise<Answer>;
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
  const carryOut = createCarryOut(options);
  const refusals = createRefusals({ book, dispatcher, actions });
  const understanding = createUnderstanding(book.plans);

  async function answer(update: Update): Promise<Answer> {
    try {
      return forItsReader(update, await answerContent(update));
    } catch (thrown) {
      return here(update, explain(toAppError(thrown), update));
    }
  }

  function answerContent(update: Update): Promise<Answer> {
    const { content } = update;
    switch (content.kind) {
      case 'text':
        return answerText(update, content.text);
      case 'press':
        return answerPress(update, content.button);
      case 'submit':
        return answerForm(update, content.form, content.values);
      case 'call':
        return carryOut(callOf(update, content.operation, content.input));
    }
  }

  async function answerText(update: Update, line: string): Promise<Answer> {
    const say = phrases[update.principal.language];
    if (line.length > LONGEST_LINE)
      throw refusalBy('input.too_large', ({ tooLong }) => tooLong(LONGEST_LINE));
    const words = withoutMention(splitWords(line));
    const found = book.find(words);
    const isCommand = found !== null && words[0]?.text.startsWith('/') === true;
    const step = await stepOn(conversations, book.plan, update, { text: line, isCommand });
    if (step.kind !== 'none' && step.kind !== 'abandoned') return answerStep(update, step);
    const answered = await answerWords(update, words, found);
    return step.kind === 'abandoned'
      ? withBlocks(answered, [context(say.abandoned(wordsFor(step.plan)))])
      : answered;
  }

  async function answerStep(
    update: Update,
    step: Exclude<Step, { kind: 'none' | 'abandoned' }>,
  ): Promise<Answer> {
    const { plan } = step;
    const { language } = update.principal;
    switch (step.kind) {
      case 'ask':
        return here(update, questionAbout(plan, step.field, step.raw, update.principal));
      case 'misfit': {
        const question = questionAbout(plan, step.field, step.raw, update.principal);
        return here(update, errorReply(invalidInput(step.problems), update, question.blocks));
      }
      case 'cancelled':
        return here(update, reply(phrases[language].cancelled(wordsFor(plan))));
      case 'complete':
        return carryOut({ update, plan, reading: settled(step.raw), pressed: false });
    }
  }

  async function answerWords(update: Update, words: readonly Word[], found: Found | null): Promise<Answer> {
    if (words.length === 0)
      return here(update, withStatus('look', reply(phrases[update.principal.language].empty)));
    const understood = understand(update, words, found);
    if (understood) return answerPlain(update, understood);
    if (!found) return here(update, refusals.unknownVerb(update, words));
    const { plan, rest } = found;
    const reading = readArguments(plan, rest, update.principal.language);
    const answered = await carryOut({ update, plan, reading, pressed: false });
    // `/audit verfy` finds `audit`, which takes no words: the second word was to be part of the verb.
    const isMisread = rest.length > 0 && plan.positional.length === 0 && reading.problems.length > 0;
    const meant = isMisread ? refusals.suggestions(update, words, plan.verb) : [];
    return meant.length > 0 ? withBlocks(answered, meant) : answered;
  }

  /** A line that is no command, and not one that reads as a verb either, is taken as a plain sentence. */
  function understand(update: Update, words: readonly Word[], found: Found | null): Understood | null {
    const { actor } = update.principal;
    if (actor.kind === 'stranger' || words[0]?.text.startsWith('/')) return null;
    // Flags and quotes are not how people speak: whoever uses them is told what is wrong with them.
    if (found?.rest.some(({ literal, text: word }) => literal || word.startsWith('--'))) return null;
    // A verb with words that it takes is a command, and is told what is wrong with them.
    if (found && readArguments(found.plan, found.rest).problems.length === 0) return null;
    const line = words.map((word) => word.typed).join(' ');
    return understanding.read(line.slice(0, LONGEST_SENTENCE), dispatcher.allowedTo(actor));
  }

  /** What changes something is never done on an understanding alone. */
  async function answerPlain(update: Update, understood: Understood): Promise<Answer> {
    const { plan, raw } = understood;
    const { language } = update.principal;
    const how = interpretation(understood, language);
    if (plan.verb.effect === 'write') {
      const asked = confirmation(plan, raw, update.principal);
      return here(update, { ...asked, blocks: [...asked.blocks, ...how] });
    }
    return withBlocks(await carryOut({ update, plan, reading: settled(raw), pressed: false }), how);
  }

  /** A press of what somebody else was shown leaves its audit row, as every denial does. */
  function press(update: Update, key: string): ReturnType<ChatActions['press']> {
    return actions.press(update, key, ({ operation }) =>
      dispatcher.noteDenial(operation, ctxOf(update, clock.now())),
    );
  }

  async function answerPress(update: Update, button: string): Promise<Answer> {
    const { principal } = update;
    try {
      const { operation, label, input } = await press(update, button);
      if (operation === DECLINE) return here(update, reply(phrases[principal.language].left));
      return await carryOut({
        update,
        plan: planNamed(operation, label),
        reading: settled(input),
        pressed: true,
      });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'action.expired') throw error;
      return here(update, errorReply(error, update, await refusals.lineInstead(update, button)));
    }
  }

  /** A form shows what it will do, but not with which numbers: what is dangerous is still confirmed. */
  async function answerForm(update: Update, form: string, values: Values): Promise<Answer> {
    const { operation, label, input } = await press(update, form);
    const plan = planNamed(operation, label);
    const reading = settled({ ...input, ...valuesOf(plan, values) });
    return carryOut({ update: withoutForm(update), plan, reading, pressed: false });
  }

  function callOf(update: Update, operation: string, input: Reading['raw']): Asked {
    return {
      update,
      plan: planNamed(operation, operation),
      reading: settled(input),
      pressed: false,
      review: true,
    };
  }

  function planNamed(operation: string, label: string): VerbPlan {
    const plan = book.plan(operation);
    if (!plan) throw refusalBy('action.expired', (say) => say.goneVerb(label));
    return plan;
  }

  function explain(error: AppError, update: Update): Reply {
    if (error.retryable) throw error;
    if (error.kind === 'bug')
      logger.error({ err: error, update: update.id, requestId: requestIdOf(update) }, 'an update met a bug');
    return errorReply(error, update);
  }

  return { answer, ...createReadAhead({ book, actions }) };
}

const here = (update: Update, answered: Reply): Answer => ({ ...spotOf(update), reply: answered });

function withoutForm({ form: _, ...update }: Update): Update {
  return update;
}

/** The buttons of an answer that one person reads are theirs alone, whoever gets to know their keys. */
function forItsReader(update: Update, answer: Answer): Answer {
  const { aside, room, principal } = update;
  const isPrivate = aside === undefined || answer.place?.onlyFor !== undefined || answer.room !== room;
  return isPrivate ? { ...answer, reply: boundTo(answer.reply, principal.actor.id) } : answer;
}

function withBlocks(answer: Answer, blocks: readonly Block[]): Answer {
  return { ...answer, reply: { ...answer.reply, blocks: [...answer.reply.blocks, ...blocks] } };
}
