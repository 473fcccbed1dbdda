// How a plain sentence is answered: a read at once with how it was read, a write only after a person has said yes.
import type { Language } from '../../src/core/context.ts';
import { type Block, type Button, buttons, context, text } from '../../src/core/reply.ts';
import { lineOf } from '../parse.ts';
import { phrases } from '../phrases.ts';
import type { Understood } from './understand.ts';

/** How the sentence was read, and the other readings as buttons: one tap corrects it. */
export function interpretation({ plan, raw, others }: Understood, language: Language): readonly Block[] {
  const say = phrases[language];
  const alternatives: Button[] = others.map((other) => ({
    label: other.plan.verb.summary[language],
    operation: other.plan.verb.name,
    input: other.raw,
  }));
  return [
    context([`${say.readAs} `, { code: lineOf(plan.verb, raw) }]),
    ...(alternatives.length === 0 ? [] : [text(say.orElse), buttons(...alternatives)]),
  ];
}
