// A form where no modal waits for it: what is known of it, and a button that opens it.
import type { Block, Button, Form, Reply } from '../../src/core/reply.ts';

/** The same reply, a button in the place of each form. */
export function withOpenButtons(reply: Reply): Reply {
  return {
    ...reply,
    blocks: reply.blocks.flatMap((block) => (block.kind === 'form' ? inPlace(block.form) : [block])),
  };
}

function inPlace(form: Form): readonly Block[] {
  const known = knownIn(form);
  const fields = form.fields
    .filter(({ name }) => known[name] !== undefined)
    .map(({ name, label }) => ({ label, value: known[name] ?? '' }));
  return [
    ...(fields.length > 0 ? [{ kind: 'fields' as const, fields }] : []),
    { kind: 'buttons', buttons: [openButton(form)] },
  ];
}

/** Says what the form is for; what is known already goes with it. */
function openButton(form: Form): Button {
  const { title, operation, input, onlyFor } = form;
  const button = {
    label: title,
    operation,
    input: { ...input, ...knownIn(form) },
    style: 'primary',
  } as const;
  return onlyFor === undefined ? button : { ...button, onlyFor };
}

/** Words that stand in the form at first; numbers and lists are for the form to ask again. */
function knownIn({ fields }: Form): Readonly<Record<string, string>> {
  const words = fields.flatMap(({ name, kind, known }): [string, string][] =>
    known !== undefined && kind !== 'number' && kind !== 'yes-no' ? [[name, known]] : [],
  );
  return Object.fromEntries(words);
}
