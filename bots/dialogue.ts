// How a line moves an open question on: an answer, a cancel, a new command; each update moves it once.

import type { Conversation } from '../models/conversation.ts';
import type { Language } from '../src/core/context.ts';
import type { FieldProblem } from '../src/core/errors.ts';
import type { Update } from './adapter.ts';
import type { Conversations, Turn } from './conversations.ts';
import type { VerbPlan } from './parse.ts';
import { isCancel } from './phrases.ts';
import { answerTo, firstMissing } from './questions.ts';

type Raw = Turn['raw'];

/** What a line meant to the open question, if there was one. */
export type Step =
  | { readonly kind: 'none' }
  /** The question was put aside for a new command. */
  | { readonly kind: 'abandoned'; readonly plan: VerbPlan }
  | { readonly kind: 'cancelled'; readonly plan: VerbPlan }
  | { readonly kind: 'ask'; readonly plan: VerbPlan; readonly field: string; readonly raw: Raw }
  | {
      readonly kind: 'misfit';
      readonly plan: VerbPlan;
      readonly field: string;
      readonly raw: Raw;
      readonly problems: readonly FieldProblem[];
    }
  | { readonly kind: 'complete'; readonly plan: VerbPlan; readonly raw: Raw };

export interface Line {
  readonly text: string;
  /** The line is a command of its own: a slash and a verb that exists. */
  readonly isCommand: boolean;
}

/** Reads the line as the next step of the open question. Working an update again gives the same step. */
export async function stepOn(
  conversations: Conversations,
  planOf: (operation: string) => VerbPlan | undefined,
  update: Update,
  line: Line,
): Promise<Step> {
  for (;;) {
    const talk = await conversations.current(update);
    const plan = talk && planOf(talk.operation);
    if (!talk || !plan) return { kind: 'none' };
    if (talk.lastUpdate === update.id) return stepOf(talk, plan);
    const next = decide(talk, plan, line, update.principal.language);
    if ('kind' in next) return next;
    const moved = await conversations.turn(update, talk, next);
    if (moved) return stepOf(moved, plan);
  }
}

/** The change that the line makes, or a misfit, which changes nothing. */
function decide(
  talk: Conversation,
  plan: VerbPlan,
  { text, isCommand }: Line,
  language: Language,
): Turn | Step {
  const { operation, field, raw } = talk;
  if (isCancel(text)) return { operation, raw, field, state: 'cancelled' };
  if (isCommand) return { operation, raw, field, state: 'abandoned' };
  const { value, problems } = answerTo(plan, field, text, language);
  if (problems.length > 0) return { kind: 'misfit', plan, field, raw, problems };
  const known = { ...raw, [field]: value };
  const missing = firstMissing(plan, known);
  return missing
    ? { operation, raw: known, field: missing.name, state: 'asking' }
    : { operation, raw: known, field, state: 'complete' };
}

function stepOf({ state, field, raw }: Conversation, plan: VerbPlan): Step {
  switch (state) {
    case 'asking':
      return { kind: 'ask', plan, field, raw };
    case 'complete':
      return { kind: 'complete', plan, raw };
    case 'cancelled':
    case 'abandoned':
      return { kind: state, plan };
  }
}
