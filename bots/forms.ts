// Forms out of declarations: the missing and optional arguments of a verb at once, and the values read back.
import { meaningIn } from '../src/core/argument-words.ts';
import type { Language } from '../src/core/context.ts';
import type { FieldSpec } from '../src/core/fields.ts';
import { type Form, type FormField, type Reply, reply } from '../src/core/reply.ts';
import { flagOf, type Reading, type VerbPlan } from './parse.ts';
import { phrases } from './phrases.ts';
import { jsonValueOf } from './values.ts';

/** More characters than these are written in a field of several lines. */
const LONG_TEXT = 200;

/** The form of a verb: what is known stands in its fields, what has no field is settled. */
export function formOf(plan: VerbPlan, raw: Reading['raw'], language: Language): Form {
  const { verb, fields } = plan;
  const asked = fields.filter((spec) => spec.required || raw[spec.name] === undefined);
  const shown = asked.length > 0 ? asked : fields;
  const names = new Set(shown.map((spec) => spec.name));
  const settled = Object.entries(raw).filter(([name]) => !names.has(name));
  return {
    title: verb.summary[language],
    operation: verb.name,
    input: Object.fromEntries(settled),
    fields: shown.map((spec) => fieldOf(plan, spec, raw[spec.name], language)),
    submit: phrases[language].submit,
  };
}

/** The form as an answer. */
export function formReply(form: Form): Reply {
  return reply(form.title, { kind: 'form', form });
}

/** The JSON values of a submission; an optional field that was left empty was not given. */
export function valuesOf(plan: VerbPlan, values: Readonly<Record<string, string>>): Reading['raw'] {
  const raw: Record<string, unknown> = {};
  for (const spec of plan.fields) {
    const said = values[spec.name];
    if (said === undefined || (said.trim() === '' && !spec.required)) continue;
    raw[spec.name] = jsonValueOf(spec, said);
  }
  return raw;
}

function fieldOf(plan: VerbPlan, spec: FieldSpec, value: unknown, language: Language): FormField {
  const { name, required, choices, description, example, preset } = spec;
  const label = plan.verb.chat.questions?.[name]?.[language] ?? flagOf(name).replaceAll('-', ' ');
  const help = [
    meaningIn(language, description),
    example === undefined ? '' : phrases[language].example(example),
  ]
    .filter((part) => part !== '')
    .join('. ');
  const known = value ?? preset;
  return {
    name,
    label,
    kind: kindOf(spec),
    required,
    ...(help === '' ? {} : { help }),
    ...(choices.length > 0 ? { choices } : {}),
    ...(known === undefined || known === ''
      ? {}
      : { known: Array.isArray(known) ? known.join(', ') : String(known) }),
  };
}

function kindOf({ kind, maxLength }: FieldSpec): FormField['kind'] {
  switch (kind) {
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'yes-no';
    case 'choice':
      return 'choice';
    case 'list':
      return 'text';
    case 'text':
      return maxLength !== undefined && maxLength > LONG_TEXT ? 'long' : 'text';
  }
}
