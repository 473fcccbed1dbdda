// What is asked of a person, as pure functions: the missing argument, the judged answer, and “do this?”.
import { z } from 'zod';
import type { Principal } from '../src/core/actor.ts';
import { meaningIn } from '../src/core/argument-words.ts';
import type { Language } from '../src/core/context.ts';
import type { FieldProblem } from '../src/core/errors.ts';
import type { FieldSpec } from '../src/core/fields.ts';
import { problemsOf } from '../src/core/problems.ts';
import {
  type Block,
  type Button,
  buttons,
  context,
  type Field,
  type Reply,
  reply,
} from '../src/core/reply.ts';
import { DECLINE } from './actions.ts';
import { flagOf, type VerbPlan } from './parse.ts';
import { phrases } from './phrases.ts';
import { jsonValueOf } from './values.ts';

type Raw = Readonly<Record<string, unknown>>;

/** More choices than these are listed in words, without buttons. */
const MOST_CHOICE_BUTTONS = 5;
const MASK = '••••';

/** The first required argument that was not given, in the order of the positionals and then of the schema. */
export function firstMissing(plan: VerbPlan, raw: Raw): FieldSpec | undefined {
  return [...plan.positional, ...plan.fields].find((spec) => spec.required && raw[spec.name] === undefined);
}

/** What asks this person for one argument: the declared question, what may be chosen, an example, and how to stop. */
export function questionAbout(plan: VerbPlan, field: string, raw: Raw, asked: Principal): Reply {
  const { language, actor } = asked;
  const say = phrases[language];
  const spec = plan.fields.find((one) => one.name === field);
  const question = plan.verb.chat.questions?.[field]?.[language] ?? say.ask(labelOf(field));
  const blocks: Block[] = [];
  const choices = spec?.choices ?? [];
  if (choices.length > MOST_CHOICE_BUTTONS) blocks.push(context(say.chooseFrom(choices.join(', '))));
  if (choices.length > 0 && choices.length <= MOST_CHOICE_BUTTONS)
    blocks.push(
      buttons(...choices.map((choice) => ({ ...choiceButton(plan, field, raw, choice), onlyFor: actor.id }))),
    );
  if (spec?.description) blocks.push(context(meaningIn(language, spec.description)));
  if (spec?.example !== undefined) blocks.push(context(say.example(spec.example)));
  return reply(question, ...blocks, context(say.cancelHint));
}

/** A choice presses the verb itself with what is known so far; what is still missing is asked next. */
function choiceButton(plan: VerbPlan, field: string, raw: Raw, choice: string): Button {
  return { label: choice, operation: plan.verb.name, input: { ...raw, [field]: choice } };
}

/** The value of an answer, and what the schema of that one argument finds wrong with it. */
export function answerTo(
  plan: VerbPlan,
  field: string,
  line: string,
  language: Language,
): { readonly value: unknown; readonly problems: readonly FieldProblem[] } {
  const spec = plan.fields.find((one) => one.name === field);
  const shape = plan.verb.input.shape[field];
  const answer = withoutQuotes(line.trim());
  if (!spec || !shape) return { value: answer, problems: [] };
  const value = jsonValueOf(spec, answer);
  return { value, problems: problemsOf(z.object({ [field]: shape }), { [field]: value }, language) };
}

/** Somebody who was shown quotes in an example may quote the whole answer. */
function withoutQuotes(answer: string): string {
  return /^["“”]([^"“”]*)["“”]$/.exec(answer)?.[1] ?? answer;
}

/** Asks this person once more before something dangerous, with what it would be done to; answered once. */
export function confirmation(plan: VerbPlan, raw: Raw, asked: Principal): Reply {
  const { language, actor } = asked;
  const say = phrases[language];
  const { verb } = plan;
  const yes: Button = {
    label: say.yes(wordsFor(plan)),
    operation: verb.name,
    input: raw,
    style: 'danger',
    onlyFor: actor.id,
  };
  const no: Button = { label: say.no, operation: DECLINE, input: {}, onlyFor: actor.id };
  const known: Field[] = plan.fields
    .filter((spec) => raw[spec.name] !== undefined)
    .map((spec) => ({ label: labelOf(spec.name), value: shown(plan, spec, raw[spec.name]) }));
  return reply(
    say.confirm(verb.summary[language]),
    ...(known.length > 0 ? [{ kind: 'fields' as const, fields: known }] : []),
    buttons(yes, no),
  );
}

export function wordsFor(plan: VerbPlan): string {
  return plan.verb.name.replace('.', ' ');
}

function labelOf(field: string): string {
  return flagOf(field).replaceAll('-', ' ');
}

function shown(plan: VerbPlan, spec: FieldSpec, value: unknown): string {
  if (plan.verb.sensitive?.includes(spec.name)) return MASK;
  return Array.isArray(value) ? value.join(', ') : String(value);
}
