/** `$jsonSchema` keyword by keyword: https://www.mongodb.com/docs/manual/reference/operator/query/jsonSchema/ */
import { Decimal128, Double, Int32, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { MongoError } from '../../../src/embedded-mongo/errors.ts';
import { compileFilter } from '../../../src/embedded-mongo/match.ts';
import { typed } from './generators.ts';

type Plain = { [field: string]: unknown };

const fits = (schema: Plain, doc: Plain): boolean =>
  compileFilter(typed({ $jsonSchema: schema }))(typed(doc));
const onA = (schema: Plain): Plain => ({ properties: { a: schema } });

/** A schema for the field `a`, values it takes, and values it does not. */
const keywords: [string, Plain, unknown[], unknown[]][] = [
  ['bsonType', { bsonType: 'int' }, [new Int32(1)], [Long.ONE, new Double(1.5), '1']],
  ['bsonType of several', { bsonType: ['string', 'null'] }, ['x', null], [1, []]],
  ['bsonType number', { bsonType: 'number' }, [1, Long.ONE, Decimal128.fromString('1')], ['1', true]],
  ['type', { type: 'boolean' }, [true, false], [1, 'true', null]],
  ['type of several', { type: ['object', 'array'] }, [{}, []], ['x', 1]],
  ['enum compares by value across types', { enum: [1, 'x', [2]] }, [Long.ONE, 'x', [2]], [2, 'y', [3]]],
  ['minimum', { minimum: 2 }, [2, Long.fromNumber(3), 'no number'], [1, new Double(1.9)]],
  ['minimum exclusive', { minimum: 2, exclusiveMinimum: true }, [3, null], [2, Decimal128.fromString('2.0')]],
  ['maximum', { maximum: 2 }, [2, -1], [3]],
  ['maximum exclusive', { maximum: 2, exclusiveMaximum: true }, [1], [2]],
  ['multipleOf', { multipleOf: 3 }, [6, Long.fromNumber(-9), new Double(3), 'x'], [4, new Double(3.5)]],
  [
    'multipleOf a decimal',
    { multipleOf: Decimal128.fromString('0.1') },
    [Decimal128.fromString('0.3')],
    [new Double(0.25)],
  ],
  ['minLength in code points', { minLength: 2 }, ['ab', '😀😀', 1], ['a', '😀']],
  ['maxLength', { maxLength: 1 }, ['😀', ''], ['ab']],
  ['pattern occurs anywhere', { pattern: 'b+' }, ['abc', 7], ['ac']],
  ['minItems', { minItems: 1 }, [[1], 'x'], [[]]],
  ['maxItems', { maxItems: 1 }, [[1], []], [[1, 2]]],
  ['uniqueItems by value', { uniqueItems: true }, [[1, 2], []], [[1, Long.ONE]]],
  ['items', { items: { type: 'string' } }, [['x'], [], 1], [['x', 1]]],
  ['items one by one', { items: [{ type: 'string' }, { type: 'number' }] }, [['x', 1, true], ['x']], [[1]]],
  ['additionalItems', { items: [{ type: 'string' }], additionalItems: false }, [['x']], [['x', 1]]],
  ['additionalItems by schema', { items: [{}], additionalItems: { type: 'null' } }, [[1, null]], [[1, 2]]],
  ['required', { required: ['b'] }, [{ b: null }, 'no document'], [{}, { c: 1 }]],
  ['minProperties', { minProperties: 1 }, [{ b: 1 }], [{}]],
  ['maxProperties', { maxProperties: 1 }, [{}], [{ b: 1, c: 2 }]],
  [
    'additionalProperties',
    { properties: { b: {} }, additionalProperties: false },
    [{ b: 1 }, {}],
    [{ c: 1 }],
  ],
  [
    'patternProperties',
    { patternProperties: { '^n': { type: 'number' } } },
    [{ n1: 1, x: 'x' }],
    [{ n: 'x' }],
  ],
  [
    'patternProperties are no additional ones',
    { patternProperties: { '^n': {} }, additionalProperties: { type: 'null' } },
    [{ n: 1, x: null }],
    [{ x: 1 }],
  ],
  ['dependencies on names', { dependencies: { b: ['c'] } }, [{ b: 1, c: 1 }, { c: 1 }], [{ b: 1 }]],
  ['dependencies on a schema', { dependencies: { b: { required: ['c'] } } }, [{}], [{ b: 1 }]],
  ['allOf', { allOf: [{ minimum: 1 }, { maximum: 3 }] }, [2], [0, 4]],
  ['anyOf', { anyOf: [{ type: 'string' }, { minimum: 5 }] }, ['x', 5], [4]],
  ['oneOf', { oneOf: [{ minimum: 1 }, { maximum: 3 }] }, [0, 4], [2]],
  ['not', { not: { type: 'string' } }, [1], ['x']],
];

describe('$jsonSchema', () => {
  it.each(keywords)('%s', (_name, schema, takes, refuses) => {
    for (const a of takes) expect([a, fits(onA(schema), { a })]).toEqual([a, true]);
    for (const a of refuses) expect([a, fits(onA(schema), { a })]).toEqual([a, false]);
    expect(fits(onA(schema), {})).toBe(true);
  });

  it('judges the document itself at the top, next to other conditions', () => {
    expect(fits({ bsonType: 'object', required: ['a'], title: 't', description: 'd' }, { a: 1 })).toBe(true);
    const filter = compileFilter(typed({ b: 1, $jsonSchema: { required: ['a'] } }));
    expect([filter(typed({ a: 1, b: 1 })), filter(typed({ a: 1 })), filter(typed({ b: 1 }))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['an unknown keyword', { foo: 1 }, 9],
    ['a keyword of another draft', { $ref: '#' }, 9],
    ['the type integer', { type: 'integer' }, 9],
    ['an empty list of required fields', { required: [] }, 9],
    ['a required field named twice', { required: ['a', 'a'] }, 9],
    ['a negative count', { minItems: -1 }, 9],
    ['a text as a minimum', { minimum: 'x' }, 14],
    ['encryption', { encrypt: {} }, 115],
  ])('refuses %s', (_name, schema, code) => {
    expect(() => fits(schema, {})).toThrow(MongoError);
    expect(() => fits(schema, {})).toThrow(expect.objectContaining({ code }));
  });
});
