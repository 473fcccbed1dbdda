// What a platform asks before an update is answered: whether a form will open, and what is wrong with one sent in.
import { mayDo, type Principal } from '../src/core/actor.ts';
import type { FieldProblem } from '../src/core/errors.ts';
import { problemsOf } from '../src/core/problems.ts';
import type { ChatActions } from './actions.ts';
import type { ChatContent } from './adapter.ts';
import { problemsIn } from './carry-out.ts';
import { valuesOf } from './forms.ts';
import { type Reading, readArguments, settled, type VerbPlan } from './parse.ts';
import { firstMissing } from './questions.ts';
import type { VerbBook } from './verb-book.ts';
import { splitWords, withoutMention } from './words.ts';

/** What a line may hold at most, in UTF-16 units; more is for a file. */
export const LONGEST_LINE = 20_000;

type Values = Readonly<Record<string, string>>;

export interface ReadAhead {
  /** The title of the form that answering would open: a platform may have to open it before it answers. */
  formAhead(principal: Principal, content: ChatContent): Promise<string | null>;
  /** What is wrong with a form as it was filled in, by field: asked before it is taken. */
  formProblems(principal: Principal, form: string, values: Values): Promise<readonly FieldProblem[]>;
}

export function createReadAhead(options: {
  readonly book: VerbBook;
  readonly actions: Pick<ChatActions, 'seen'>;
}): ReadAhead {
  const { book, actions } = options;

  async function callIn(
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

  return {
    async formAhead(principal, content) {
      const ahead = await callIn(principal, content);
      if (!ahead || !mayDo(principal.actor, ahead.plan.verb.permission)) return null;
      const { plan, reading } = ahead;
      const isWanted = content.kind === 'call' || firstMissing(plan, reading.raw) !== undefined;
      return isWanted && problemsIn(plan, reading, principal.language).length === 0
        ? plan.verb.summary[principal.language]
        : null;
    },
    async formProblems(principal, form, values) {
      const action = await actions.seen(principal, form);
      const plan = action ? book.plan(action.operation) : undefined;
      if (!action || !plan) return [];
      const input = { ...action.input, ...valuesOf(plan, values) };
      return problemsOf(plan.verb.input, input, principal.language);
    },
  };
}
