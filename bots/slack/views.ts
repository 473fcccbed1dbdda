// Forms as Slack modals: opened at once with nothing in them, filled when the answer is there, judged when sent.
import type { FieldProblem } from '../../src/core/errors.ts';
import type { Form, FormField, Reply } from '../../src/core/reply.ts';
import { markdown, type PlainText, plain, type SlackBlock } from './block-kit.ts';
import { cleaned, escaped } from './mrkdwn.ts';
import { renderReply } from './render.ts';
import type { FormMemory } from './shapes.ts';

/** Lengths in UTF-16 units, and counts. Source: docs.slack.dev/reference/views and block-elements. */
const limits = {
  title: 24,
  label: 2_000,
  hint: 2_000,
  input: 3_000,
  options: 100,
  option: 75,
  value: 150,
  blocks: 100,
  error: 500,
} as const;

interface Option {
  readonly text: PlainText;
  readonly value: string;
}

interface TextInput {
  readonly type: 'plain_text_input';
  readonly action_id: string;
  readonly multiline: boolean;
  readonly max_length: number;
  readonly initial_value?: string;
}

interface Select {
  readonly type: 'static_select';
  readonly action_id: string;
  readonly options: readonly Option[];
  readonly initial_option?: Option;
}

/** Its choices are asked for while a person types. */
interface LongSelect {
  readonly type: 'external_select';
  readonly action_id: string;
  readonly min_query_length: 0;
  readonly initial_option?: Option;
}

type ViewBlock =
  | SlackBlock
  | {
      readonly type: 'input';
      readonly block_id: string;
      readonly label: PlainText;
      readonly hint?: PlainText;
      readonly optional: boolean;
      readonly element: TextInput | Select | LongSelect;
    };

export interface View {
  readonly type: 'modal';
  readonly callback_id: string;
  readonly external_id: string;
  readonly private_metadata?: string;
  readonly title: PlainText;
  readonly submit?: PlainText;
  readonly close: PlainText;
  readonly blocks: readonly ViewBlock[];
}

/** Shown while the form is made ready. @param id names the view in the workspace. */
export function loadingView(id: string, title: string): View {
  return noticeView(id, title, 'Opening …');
}

/** In the place of a form that is not to be filled in. */
export function noticeView(id: string, title: string, words: string): View {
  return {
    type: 'modal',
    callback_id: 'notice',
    external_id: id,
    title: plain(short(title, limits.title)),
    close: plain('Close'),
    blocks: [{ type: 'section', text: markdown(escaped(words).slice(0, limits.input)) }],
  };
}

/** In the place of a form that was awaited: the answer, without its buttons, or where it is when it is long. */
export function answerView(id: string, reply: Reply): View {
  const words = { buttons: [], pictures: [], mostMessages: Number.POSITIVE_INFINITY, readOn: '' };
  const [whole, ...more] = renderReply(reply, words);
  const frame = noticeView(id, 'Wardroom', 'Done, see the conversation.');
  if (!whole || more.length > 0) return frame;
  const hasButtons = reply.blocks.some(({ kind }) => kind === 'buttons');
  const note: readonly SlackBlock[] = hasButtons
    ? [{ type: 'context', elements: [markdown('Its buttons are in the conversation.')] }]
    : [];
  return { ...frame, blocks: [...whole.blocks, ...note] };
}

/** @param memory what the submission has to say of where the form was opened. */
export function formView(id: string, form: Form, memory: FormMemory): View {
  const heading = short(form.title, limits.title);
  const whole: ViewBlock[] =
    heading === form.title ? [] : [{ type: 'section', text: markdown(escaped(form.title)) }];
  return {
    type: 'modal',
    callback_id: 'form',
    external_id: id,
    private_metadata: JSON.stringify(memory),
    title: plain(heading),
    submit: plain(short(form.submit, limits.title)),
    close: plain('Cancel'),
    blocks: [...whole, ...form.fields.map(inputOf)].slice(0, limits.blocks),
  };
}

/** What is wrong, beside the field it is about; what is about no field shown stands beside the first one. */
export function errorsOf(
  problems: readonly FieldProblem[],
  shown: readonly string[],
): Readonly<Record<string, string>> {
  const errors: Record<string, string> = {};
  for (const { field, problem, example } of problems) {
    const at = shown.includes(field) ? field : shown[0];
    if (at === undefined) continue;
    const own = at === field ? problem : `${field}: ${problem}`;
    const text = example === undefined ? own : `${own} Example: ${example}`;
    errors[at] = short(errors[at] === undefined ? text : `${errors[at]} ${text}`, limits.error);
  }
  return errors;
}

/** The choices that fit what was typed so far, as many as Slack shows. */
export function optionsFor(choices: readonly string[], typed: string): readonly Option[] {
  const wanted = typed.trim().toLowerCase();
  return choices
    .filter((choice) => choice.toLowerCase().includes(wanted))
    .slice(0, limits.options)
    .map(optionOf);
}

function inputOf(field: FormField): ViewBlock {
  const { name, label, help, required } = field;
  return {
    type: 'input',
    block_id: name,
    label: plain(short(label, limits.label)),
    ...(help === undefined ? {} : { hint: plain(short(help, limits.hint)) }),
    optional: !required,
    element: elementOf(field),
  };
}

function elementOf(field: FormField): TextInput | Select | LongSelect {
  const { name, kind, known } = field;
  const choices = kind === 'yes-no' ? ['yes', 'no'] : kind === 'choice' ? (field.choices ?? []) : [];
  const wanted = kind === 'yes-no' ? yesOrNo(known) : known;
  if (choices.length > 0 && choices.every((choice) => choice.length <= limits.value)) {
    const initial = choices.find((choice) => choice === wanted);
    const begin = initial === undefined ? {} : { initial_option: optionOf(initial) };
    return choices.length > limits.options
      ? { type: 'external_select', action_id: name, min_query_length: 0, ...begin }
      : { type: 'static_select', action_id: name, options: choices.map(optionOf), ...begin };
  }
  const begin = known === undefined || known.length > limits.input ? {} : { initial_value: cleaned(known) };
  return {
    type: 'plain_text_input',
    action_id: name,
    multiline: kind === 'long',
    max_length: limits.input,
    ...begin,
  };
}

const yesOrNo = (known: string | undefined): string | undefined =>
  known === 'true' ? 'yes' : known === 'false' ? 'no' : known;

const optionOf = (choice: string): Option => ({ text: plain(short(choice, limits.option)), value: choice });

function short(text: string, most: number): string {
  const words = cleaned(text).replace(/\s+/g, ' ').trim() || '–';
  return words.length > most ? `${cleaned(words.slice(0, most - 2)).trim()}…` : words;
}
