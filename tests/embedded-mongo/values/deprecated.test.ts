/** The types undefined and dbPointer, which no driver of today writes and a server still keeps. */
import { Int32, ObjectId } from 'bson';
import { describe, expect, it } from 'vitest';
import { PAUSE, runPipeline } from '../../../src/embedded-mongo/aggregate.ts';
import { DbPointer, UNDEFINED } from '../../../src/embedded-mongo/bson/deprecated.ts';
import { decodeBson, decodeCommand, encodeBson } from '../../../src/embedded-mongo/bson-codec.ts';
import { Collection } from '../../../src/embedded-mongo/collection.ts';
import { readIndexSpec } from '../../../src/embedded-mongo/index-spec.ts';
import { compareValues } from '../../../src/embedded-mongo/key.ts';
import { compileFilter } from '../../../src/embedded-mongo/match.ts';
import { Pace } from '../../../src/embedded-mongo/pace.ts';
import { planQuery } from '../../../src/embedded-mongo/planner.ts';
import { findSorted } from '../../../src/embedded-mongo/scan.ts';
import { storedForm } from '../../../src/embedded-mongo/storable.ts';
import { docOf } from '../../../src/embedded-mongo/stored-document.ts';
import { checkIdType, compileUpdate } from '../../../src/embedded-mongo/update.ts';
import type { Doc, Value } from '../../../src/embedded-mongo/value.ts';

/** `{a: undefined}` and `{p: <pointer to "a">, z: 1}` as bytes, written by hand. */
const UNDEFINED_BYTES = Buffer.from('0800000006610000', 'hex');
const POINTER_BYTES = Buffer.from(
  '210000000c7000020000006100000000000000000000000001107a000100000000',
  'hex',
);
const pointer = new DbPointer('a', new ObjectId('000000000000000000000001'));

function finds(filter: Doc, doc: Doc): boolean {
  return compileFilter(filter)(doc);
}

function evaluate(expression: Value, doc: Doc): Value {
  const [result] = [...runPipeline([{ $replaceWith: { r: expression } }], [doc], { now: new Date(0) })];
  return result === PAUSE ? undefined : result?.['r'];
}

describe('undefined and dbPointer', () => {
  it('keep their bytes through reading, updating and storing', () => {
    expect(encodeBson(decodeBson(UNDEFINED_BYTES))).toEqual(UNDEFINED_BYTES);
    expect(decodeBson(POINTER_BYTES)).toEqual({ p: pointer, z: new Int32(1) });
    expect(encodeBson(decodeBson(POINTER_BYTES))).toEqual(POINTER_BYTES);
    expect(storedForm(UNDEFINED_BYTES)).toEqual(UNDEFINED_BYTES);
    expect(storedForm(POINTER_BYTES)).toEqual(POINTER_BYTES);
    const update = compileUpdate({ $set: { z: new Int32(2) } }, { filter: {}, now: new Date(0) });
    expect(update(decodeBson(POINTER_BYTES), false)).toEqual({ p: pointer, z: new Int32(2) });
  });

  it('count as not given where a command has undefined for an argument', () => {
    expect(decodeCommand(UNDEFINED_BYTES)).toEqual({});
  });

  it('sort as MongoDB sorts: undefined below null, pointers between patterns and code', () => {
    expect(compareValues(UNDEFINED, null)).toBeLessThan(0);
    expect(compareValues(UNDEFINED, undefined)).toBe(0);
    expect(compareValues(pointer, pointer)).toBe(0);
    expect(compareValues(pointer, new DbPointer('b', pointer.id))).toBeLessThan(0);
    expect(compareValues(pointer, new DbPointer('a', new ObjectId('000000000000000000000002')))).toBeLessThan(
      0,
    );
    expect(compareValues(pointer, new Date(0))).toBeGreaterThan(0);
  });

  it('are found by type, by existence, and undefined by null', () => {
    const doc = { a: UNDEFINED, p: pointer };
    expect(finds({ a: { $type: 'undefined' } }, doc)).toBe(true);
    expect(finds({ a: { $type: new Int32(6) } }, {})).toBe(false);
    expect(finds({ p: { $type: 'dbPointer' } }, doc)).toBe(true);
    expect(finds({ a: { $exists: true } }, doc)).toBe(true);
    expect(finds({ a: null }, doc)).toBe(true);
    expect(finds({ a: { $in: [null] } }, doc)).toBe(true);
    expect(finds({ a: { $ne: null } }, doc)).toBe(false);
    expect(finds({ p: pointer }, doc)).toBe(true);
    expect(finds({ a: { $gt: new Int32(0) } }, doc)).toBe(false);
  });

  it.each<[Doc, string]>([
    [{ a: UNDEFINED }, 'cannot compare to undefined'],
    [{ a: { $eq: UNDEFINED } }, 'cannot compare to undefined'],
    [{ a: { $ne: UNDEFINED } }, 'cannot compare to undefined'],
    [{ a: { $lt: UNDEFINED } }, 'cannot compare to undefined'],
    [{ a: { $in: [UNDEFINED] } }, 'InMatchExpression equality cannot be undefined'],
  ])('are refused in a comparison: %j', (filter, message) => {
    expect(() => compileFilter(filter)).toThrow(expect.objectContaining({ code: 2, message }));
  });

  it('are null, false and of their type to expressions', () => {
    const doc = { a: UNDEFINED, p: pointer };
    expect(evaluate({ $ifNull: ['$a', 'none'] }, doc)).toBe('none');
    expect(evaluate({ $add: ['$a', new Int32(1)] }, doc)).toBe(null);
    expect(evaluate({ $cond: ['$a', 'yes', 'no'] }, doc)).toBe('no');
    expect(evaluate({ $type: '$a' }, doc)).toBe('undefined');
    expect(evaluate({ $type: '$p' }, doc)).toBe('dbPointer');
  });

  it('are found through an index as without one', () => {
    const collection = new Collection('t.c', {});
    const index = readIndexSpec({ key: { a: new Int32(1) }, name: 'a' });
    collection.addIndex(index);
    const docs: Doc[] = [
      { a: UNDEFINED },
      { a: null },
      {},
      { a: new Int32(1) },
      { a: [] },
      { a: [UNDEFINED] },
    ];
    docs.forEach((doc, n) => {
      const whole = { _id: new Int32(n), ...doc };
      collection.insert(encodeBson(whole).toString('latin1'), whole);
    });
    const filter = { a: null };
    const plan = planQuery(collection, { filter });
    expect(plan.kind).toBe('index');
    const scan = {
      collection,
      plan,
      matches: compileFilter(filter),
      pace: new Pace(undefined, { closed: false }),
    };
    const found = [...findSorted(scan, undefined, 0, 0)].map((one) => one && docOf(one)['_id']);
    expect(found.map(Number).sort()).toEqual([0, 1, 2, 5]);
  });

  it('are no _id when undefined', () => {
    expect(() => checkIdType(UNDEFINED)).toThrow(expect.objectContaining({ code: 53 }));
  });
});
