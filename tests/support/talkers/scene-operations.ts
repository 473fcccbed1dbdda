// Verbs for conversations on every platform: the sample ones, an answer for one person alone, and words of strangers.
import { z } from 'zod';
import { operationsOf } from '../../../src/core/operation.ts';
import { buttons, code, context, fields, list, reply, table, text } from '../../../src/core/reply.ts';
import { type Shelf, sampleOperations } from '../sample-operations.ts';

export interface SceneNeeds {
  readonly shelf: Shelf;
  /** What somebody wrote somewhere, shown by `note show`. */
  readonly notes: { text: string };
}

const operation = operationsOf<SceneNeeds>();

const showSecret = operation({
  name: 'secret.show',
  summary: { en: 'Show your own secret', hi: 'अपना राज़ दिखाएँ' },
  permission: 'room.use',
  effect: 'read',
  danger: 'none',
  audience: 'person',
  input: z.strictObject({}),
  output: z.strictObject({ name: z.string() }),
  chat: { examples: ['secret show'] },
  run: async ({ actor }) => ({ name: actor.name }),
  reply: ({ name }) =>
    reply(
      `The secret of ${name} is 4711.`,
      buttons({ label: 'Show it again', operation: 'secret.show', input: {} }),
    ),
});

const showNote = operation({
  name: 'note.show',
  summary: { en: 'Show the note', hi: 'नोट दिखाएँ' },
  permission: 'room.use',
  effect: 'read',
  danger: 'none',
  input: z.strictObject({}),
  output: z.strictObject({ text: z.string() }),
  chat: { examples: ['note show'] },
  run: async ({ services: { notes } }) => ({ text: notes.text }),
  reply: ({ text: note }) =>
    reply(
      note,
      text([{ bold: note }, ' and ', { code: note }]),
      fields({ [note.slice(0, 60)]: note }),
      list([
        note,
        [{ link: note.slice(0, 60), href: `javascript:alert(${JSON.stringify(note.slice(0, 20))})` }],
      ]),
      table([{ label: note.slice(0, 60) }], [[note.slice(0, 200)]]),
      code(note),
      context(note),
      buttons({ label: note.slice(0, 60), operation: 'note.show', input: {} }),
    ),
});

export const sceneOperations = [...sampleOperations, showSecret, showNote];
