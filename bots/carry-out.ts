// Carries a verb out once it is found: authorise → judge the arguments → ask for what is missing → confirm → run.
import { mayDo } from '../src/core/actor.ts';
import type { Clock } from '../src/core/clock.ts';
import type { Language } from '../src/core/context.ts';
import type { Call, Dispatcher } from '../src/core/dispatcher.ts';
import { invalidInput, problemsOf } from '../src/core/problems.ts';
import { type Block, context, type Reply } from '../src/core/reply.ts';
import { type Answer, spotOf, type Update } from './adapter.ts';
import type { Conversations } from './conversations.ts';
import { errorReply, requestIdOf } from './error-reply.ts';
import { formOf, formReply } from './forms.ts';
import type { Reading, VerbPlan } from './parse.ts';
import { phrases } from './phrases.ts';
import { confirmation, firstMissing, questionAbout } from './questions.ts';

export interface Asked {
  readonly update: Update;
  readonly plan: VerbPlan;
  readonly reading: Reading;
  /** A pressed button was shown with what it does: nobody is asked once more. */
  readonly pressed: boolean;
  /** What is known is a suggestion, which a person looks at in a form where there are forms. */
  readonly review?: boolean;
}

export type CarryOut = (asked: Asked) => Promise<Answer>;

export function createCarryOut(options: {
  readonly dispatcher: Dispatcher;
  readonly conversations: Conversations;
  readonly clock: Clock;
}): CarryOut {
  const { dispatcher, conversations, clock } = options;

  /** An answer for one person alone is given where nobody else reads. */
  async function carryOut(asked: Asked): Promise<Answer> {
    const { update, plan } = asked;
    if (plan.verb.audience !== 'person' || update.aside === undefined) return carryOutHere(asked);
    if ('invitation' in update.aside) return { ...spotOf(update), reply: update.aside.invitation };
    // A thread or a message of the room is none of the place aside.
    const { place: _, ...elsewhere } = update;
    return carryOutHere({ ...asked, update: { ...elsewhere, ...update.aside } });
  }

  async function carryOutHere(asked: Asked): Promise<Answer> {
    const { update, plan, reading, pressed, review = false } = asked;
    const { verb } = plan;
    const { language, actor } = update.principal;
    const here = spotOf(update);
    if (!mayDo(actor, verb.permission)) return { ...here, reply: await run(update, plan, {}) };
    const problems = problemsIn(plan, reading, language);
    if (problems.length > 0)
      return { ...here, reply: errorReply(invalidInput(problems), update, worksLike(update, plan)) };
    const missing = firstMissing(plan, reading.raw);
    if (update.form && (missing || review))
      return { ...update.form, reply: formReply(formOf(plan, reading.raw, language)) };
    if (missing) {
      const talk = await conversations.begin(update, verb.name, reading.raw, missing.name);
      return { ...here, reply: questionAbout(plan, talk.field, talk.raw, update.principal) };
    }
    if ((verb.danger === 'confirm' || review) && !pressed)
      return { ...here, reply: confirmation(plan, reading.raw, update.principal) };
    return { ...here, reply: await run(update, plan, reading.raw) };
  }

  /** The dispatcher authorises by itself, and a denial leaves its audit row there. */
  async function run(update: Update, plan: VerbPlan, raw: Reading['raw']): Promise<Reply> {
    const ctx = ctxOf(update, clock.now());
    return (await dispatcher.run({ operation: plan.verb.name, raw, ctx })).reply;
  }

  return carryOut;
}

/** Who asks, from where: what a call out of an update runs in. */
export function ctxOf(update: Update, now: Date): Call['ctx'] {
  const { id: effectKey, principal, door, room } = update;
  const { tenant, actor, zone, language } = principal;
  return { tenant, actor, door, effectKey, requestId: requestIdOf(update), now, zone, language, room };
}

/** What is wrong with what was given; what is missing is asked for, so it is no problem yet. */
export function problemsIn(plan: VerbPlan, { raw, problems }: Reading, language: Language) {
  const missing = (field: string): boolean =>
    raw[field] === undefined && plan.fields.some((spec) => spec.name === field && spec.required);
  return [...problems, ...problemsOf(plan.verb.input, raw, language).filter(({ field }) => !missing(field))];
}

function worksLike(update: Update, plan: VerbPlan): readonly Block[] {
  const [example] = plan.verb.chat.examples;
  return example ? [context(phrases[update.principal.language].works(`/${example}`))] : [];
}
