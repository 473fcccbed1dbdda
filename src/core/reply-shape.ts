// The shape of replies as schemas, for operations that answer with what people are shown.
import { z } from 'zod';

const span = z.union([
  z.string(),
  z.strictObject({ bold: z.string() }),
  z.strictObject({ code: z.string() }),
  z.strictObject({ link: z.string(), href: z.string() }),
]);
const spans = z.union([z.string(), z.array(span)]);

const button = z.strictObject({
  label: z.string(),
  operation: z.string(),
  input: z.record(z.string(), z.unknown()),
  style: z.enum(['primary', 'danger']).exactOptional(),
  onlyFor: z.string().exactOptional(),
});

const formField = z.strictObject({
  name: z.string(),
  label: z.string(),
  help: z.string().exactOptional(),
  kind: z.enum(['text', 'long', 'number', 'choice', 'yes-no']),
  required: z.boolean(),
  choices: z.array(z.string()).exactOptional(),
  known: z.string().exactOptional(),
});

const form = z.strictObject({
  title: z.string(),
  operation: z.string(),
  input: z.record(z.string(), z.unknown()),
  fields: z.array(formField),
  submit: z.string(),
  onlyFor: z.string().exactOptional(),
});

export const blockShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: spans }),
  z.strictObject({
    kind: z.literal('fields'),
    fields: z.array(z.strictObject({ label: z.string(), value: spans })),
  }),
  z.strictObject({
    kind: z.literal('table'),
    columns: z.array(z.strictObject({ label: z.string(), numeric: z.boolean().exactOptional() })),
    rows: z.array(z.array(spans)),
  }),
  z.strictObject({ kind: z.literal('list'), items: z.array(spans) }),
  z.strictObject({ kind: z.literal('picture'), alt: z.string(), svg: z.string() }),
  z.strictObject({ kind: z.literal('buttons'), buttons: z.array(button) }),
  z.strictObject({ kind: z.literal('form'), form }),
  z.strictObject({ kind: z.literal('code'), text: z.string() }),
  z.strictObject({ kind: z.literal('context'), text: spans }),
]);

export const replyShape = z.strictObject({
  status: z.enum(['ok', 'look', 'act']).exactOptional(),
  blocks: z.array(blockShape),
});
