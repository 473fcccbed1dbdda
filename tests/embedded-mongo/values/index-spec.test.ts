/** Specifications of indexes: what is read, what is shown of it, and what comes back from the journal. */
import { Int32 } from 'bson';
import { describe, expect, it } from 'vitest';
import { describeIndex, readIndexSpec } from '../../../src/embedded-mongo/index-spec.ts';
import { typed } from './generators.ts';

describe('the specification of an index', () => {
  it('keeps options of text and geo indexes on any index, as MongoDB does, and reads them back', () => {
    const given = { key: { a: 1 }, name: 'a', weights: { a: 2 }, default_language: 'none', bits: 26, min: 0 };
    const spec = readIndexSpec(typed(given));
    expect(describeIndex(spec)).toEqual({ v: expect.anything(), ...typed(given) });
    expect(describeIndex(readIndexSpec(describeIndex(spec)))).toEqual(describeIndex(spec));
    expect(spec.fields).toEqual([{ path: 'a', descending: false }]);
  });

  it('shows that an index is to become unique', () => {
    const spec = readIndexSpec({ key: { a: new Int32(1) }, name: 'a', prepareUnique: true });
    expect(describeIndex(spec)).toMatchObject({ prepareUnique: true });
    expect(readIndexSpec(describeIndex(spec))).toEqual(spec);
  });

  it('has no options that MongoDB does not know', () => {
    expect(() => readIndexSpec(typed({ key: { a: 1 }, name: 'a', colour: 1 }))).toThrow(
      expect.objectContaining({ code: 197 }),
    );
  });
});
