// Asks the verbs that no day has asked by their own examples, so that a new verb is held from its first line on.
import { fieldsOf } from '../../../src/core/fields.ts';
import type { Operation } from '../../../src/core/operation.ts';
import type { Desk } from './desk.ts';
import { stringsUnder } from './reading.ts';

type Declared = Pick<Operation<never>, 'name' | 'input'>;
type Field = ReturnType<typeof fieldsOf>[number];

const ID = /^([a-z]{3}_)[0-9a-z]+$/;

/** @throws Error naming a verb that refuses its own examples: a day of its own must ask it. */
export async function askTheRest(desk: Desk, operations: readonly Declared[]): Promise<void> {
  const asked = new Set(desk.answers.map(({ verb }) => verb));
  for (const { name, input } of operations.filter((one) => !asked.has(one.name))) {
    const required = fieldsOf(input).filter((field) => field.required);
    const given = Object.fromEntries(required.map((field) => [field.name, givenFor(field, desk)]));
    await desk.says(name, given).catch((refused: unknown) => {
      throw new Error(`${name} refuses its examples; let a day in tests/support/answers ask it: ${refused}`);
    });
  }
}

function givenFor({ kind, choices, example = 'something' }: Field, desk: Desk): unknown {
  if (kind === 'integer' || kind === 'number') return 1;
  if (kind === 'boolean') return true;
  if (kind === 'choice') return choices[0];
  const words = seenLike(example, desk) ?? example.replaceAll('"', '');
  return kind === 'list' ? [words] : words;
}

/** In the place of an id that is made up, the last one of its kind that somebody saw. */
function seenLike(example: string, { answers }: Desk): string | undefined {
  const prefix = ID.exec(example)?.[1];
  if (!prefix) return undefined;
  const seen = answers.flatMap(({ output }) => stringsUnder(output, ['id']));
  return seen.findLast((text) => text.startsWith(prefix) && ID.test(text));
}
