// Facts and rows as people may see them: personal fields by their name, and what looks like an address in any text.
import { createScrubber } from '../../core/scrub.ts';
import type { Stream } from '../../core/stream.ts';

const MASK = '«masked»';
const scrub = createScrubber();

/** The fields with what is personal masked; the keys stay, so that one sees what was there. */
export function maskedFields(
  stream: Pick<Stream, 'personal'>,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => {
      if (stream.personal.includes(field)) return [field, MASK];
      return [field, typeof value === 'string' ? scrub(value) : value];
    }),
  );
}

/** The source's own id of a thing; masked whole where it is personal itself, such as one made of a customer's. */
export function maskedId(stream: Pick<Stream, 'personal'>, id: string): string {
  return stream.personal.includes('id') ? MASK : scrub(id);
}

export function maskedText(text: string): string {
  return scrub(text);
}
