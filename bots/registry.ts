// The one answer to an update: find the verb that its words, its button or its form mean, and carry it out.

import { mayDo, type Principal } from '../src/core/actor.ts';
import type { Clock } from '../src/core/clock.ts';
import { type Dispatcher, NOT_KNOWN } from '../src/core/dispatcher.ts';
import { AppError, type FieldProblem, toAppError } from '../src/core/errors.ts';
import type { Logger } from '../src/core/logger.ts';
import { invalidInput, problemsOf } from '../src/core/problems.ts';
import { type Block, context, list, type Reply, reply, text, withStatus } from '../src/core/reply.ts';
import { type ChatActions, DECLINE } from './actions.ts';
import { type Answer, type ChatContent, spotOf, type Update } from './adapter.ts';
import { type Asked, createCarryOut, problemsIn } from './carry-out.ts';
import type { Conversations } from './conversations.ts';
import { type Step, stepOn } from './dialogue.ts';
import { errorReply, requestIdOf } from './error-reply.ts';
import { valuesOf } from './forms.ts';
import { lineOf, type Reading, readArguments, type VerbPlan } from './parse.ts';
import { phrases } from './phrases.ts';
import { interpretation } from './plain/answer.ts';
import { createUnderstanding, type Understood } from './plain/understand.ts';
import { confirmation, firstMissing, questionAbout, wordsFor } from './questions.ts';
import { createVerbBook, type Found } from './verb-book.ts';
import { splitWords, type Word } from './words.ts';

/** What a line may hold at most, in UTF-16 units; more is for a file. */
export const LONGEST_LINE = 20_000;

/** A plain sentence is understood by its beginning. */
const LONGEST_SENTENCE = 300;

type Values = Readonly<Record<string, string>>;

export interface Registry {
  /** Answers an update. @throws AppError only for a passing fault, which is worth trying again. */
  answer(update: Update): Promise<Answer>;
  /** The title of the form that answering would open: a platform may have to open it before it answers. */
  formAhead(principal: Principal, content: ChatContent): Promise<string | null>;
  /** What is wrong with a form as it was filled in, by field: asked before it is taken. */
  formProblems(principal: Principal, form: string, values: Values): Promise<readonly FieldProblem[]>;
}

export function createRegistry(options: {
  readonly dispatcher: Dispatcher;
  readonly conversations: Conversations;
  readonly actions: ChatActions;
  readonly clock: Clock;
  readonly logger: Logger;
}): Registry {
  const { dispatcher, conversations, actions, logger } = options;
  const book = createVerbBook(dispatcher.verbs.values());
  const carryOut = createCarryOut(options);
  const understanding = createUnderstanding(book.plans);

  async function answer(update: Update): Promise<Answer> {
    try {
      return await answerContent(update);
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
    if (!found) return here(update, unknownVerb(update, words));
    const { plan, rest } = found;
    const reading = readArguments(plan, rest);
    const answered = await carryOut({ update, plan, reading, pressed: false });
    // `/audit verfy` finds `audit`, which takes no words: the second word was to be part of the verb.
    const isMisread = rest.length > 0 && plan.positional.length === 0 && reading.problems.length > 0;
    const meant = isMisread ? suggestions(update, words, plan.verb) : [];
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

  async function answerPress(update: Update, button: string): Promise<Answer> {
    const { principal } = update;
    try {
      const { operation, label, input } = await actions.press(update, button);
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
      return here(update, errorReply(error, update, await lineInstead(update, button)));
    }
  }

  /** A form shows what it will do, but not with which numbers: what is dangerous is still confirmed. */
  async function answerForm(update: Update, form: string, values: Values): Promise<Answer> {
    const { operation, label, input } = await actions.press(update, form);
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

  async function formAhead(principal: Principal, content: ChatContent): Promise<string | null> {
    const ahead = await readAhead(principal, content);
    if (!ahead || !mayDo(principal.actor, ahead.plan.verb.permission)) return null;
    const { plan, reading } = ahead;
    const isWanted = content.kind === 'call' || firstMissing(plan, reading.raw) !== undefined;
    return isWanted && problemsIn(plan, reading).length === 0 ? plan.verb.summary[principal.language] : null;
  }

  async function readAhead(
    principal: Principal,
    content: ChatContent,
  ): Promise<{ readonly plan: VerbPlan; readonly reading: Reading } | null> {
    if (content.kind === 'text') {
      const found = book.find(withoutMention(splitWords(content.text.slice(0, LONGEST_LINE))));
      return found && { plan: found.plan, reading: readArguments(found.plan, found.rest) };
    }
    if (content.kind === 'submit') return null;
    const call = content.kind === 'call' ? content : await actions.seen(principal, content.button);
    const plan = call ? book.plan(call.operation) : undefined;
    return call && plan ? { plan, reading: settled(call.input) } : null;
  }

  async function formProblems(
    principal: Principal,
    form: string,
    values: Values,
  ): Promise<readonly FieldProblem[]> {
    const action = await actions.seen(principal, form);
    const plan = action ? book.plan(action.operation) : undefined;
    if (!action || !plan) return [];
    return problemsOf(plan.verb.input, { ...action.input, ...valuesOf(plan, values) });
  }

  function planNamed(operation: string, label: string): VerbPlan {
    const plan = book.plan(operation);
    if (!plan) throw new AppError('action.expired', `“${label}” is no longer something that can be done.`);
    return plan;
  }

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

  return { answer, formAhead, formProblems };
}

const settled = (raw: Reading['raw']): Reading => ({ raw, problems: [] });

const here = (update: Update, answered: Reply): Answer => ({ ...spotOf(update), reply: answered });

function withoutForm({ form: _, ...update }: Update): Update {
  return update;
}

/** `@wardroom task add …` and `<@U12> task add …` mean the words after the mention. */
function withoutMention(words: readonly Word[]): readonly Word[] {
  return words[0] && /^(@[\w.-]+|<@\w+>)[:,]?$/.test(words[0].typed) ? words.slice(1) : words;
}

function withBlocks(answer: Answer, blocks: readonly Block[]): Answer {
  return { ...answer, reply: { ...answer.reply, blocks: [...answer.reply.blocks, ...blocks] } };
}

function withNote(answer: Answer, note: string): Answer {
  return withBlocks(answer, [context(note)]);
}
