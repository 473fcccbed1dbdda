/** What expressions answer to wrong arguments: a code of its own for nearly each of them, as in MongoDB 7.0. */
import { Decimal128, Double, Int32, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../src/embedded-mongo/expression.ts';
import type { Doc, Value } from '../../../src/embedded-mongo/value.ts';
import { typed } from '../values/generators.ts';

type Plain = { [field: string]: unknown };

function evaluated(expression: Plain | string, doc: Plain = {}): Value {
  const { wrapped } = typed({ wrapped: expression });
  return compileExpression(wrapped, undefined)(typed(doc) as Doc);
}

function codeOf(expression: Plain | string): unknown {
  try {
    evaluated(expression);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}

const wrong: [string, ...[unknown, number][]][] = [
  [
    '$let',
    [5, 16874],
    [{ in: 1 }, 16876],
    [{ vars: {} }, 16877],
    [{ vars: {}, in: 1, x: 1 }, 16875],
    [{ vars: 5, in: 1 }, 10065],
    [{ vars: { ROOT: 1 }, in: 1 }, 9],
    [{ vars: { 'a b': 1 }, in: 1 }, 9],
  ],
  ['$map', ['s', 16878], [{ in: 1 }, 16880], [{ input: [] }, 16882], [{ input: [], in: 1, x: 1 }, 16879]],
  [
    '$filter',
    ['s', 28646],
    [{ cond: true }, 28648],
    [{ input: [] }, 28650],
    [{ input: [], cond: 1, x: 1 }, 28647],
    [{ input: [], as: '$x', cond: 1 }, 9],
  ],
  [
    '$reduce',
    [5, 40075],
    [{ initialValue: 1, in: 1 }, 40077],
    [{ input: [], in: 1 }, 40078],
    [{ input: [], initialValue: 1 }, 40079],
    [{ input: [], initialValue: 1, in: 1, x: 1 }, 40076],
  ],
  [
    '$zip',
    [5, 34460],
    [{ inputs: '$s' }, 34461],
    [{ inputs: [] }, 34465],
    [{ inputs: [1] }, 34468],
    [{ inputs: [[1]], defaults: 1 }, 34462],
    [{ inputs: [[1]], useLongestLength: 1 }, 34463],
    [{ inputs: [[1]], defaults: [1] }, 34466],
    [{ inputs: [[1]], useLongestLength: true, defaults: [1, 2] }, 34467],
    [{ x: 1 }, 34464],
  ],
  [
    '$setField',
    [5, 4161100],
    [{ x: 1 }, 4161101],
    [{}, 4161102],
    [{ field: 'a' }, 4161103],
    [{ field: 'a', value: 1 }, 4161109],
    [{ field: 'a', value: 1, input: true }, 4161105],
    [{ field: { a: 1 }, value: 1, input: {} }, 4161106],
    [{ field: true, value: 1, input: {} }, 4161107],
    [{ field: '$a', value: 1, input: {} }, 4161108],
  ],
  ['$unsetField', ['a', 4161100], [{ field: 'a', value: 1 }, 4161101], [{ field: 'a' }, 4161109]],
  [
    '$getField',
    [5, 5654602],
    [{ input: {} }, 3041702],
    [{ field: 'a' }, 3041703],
    [{ field: '$a', input: {} }, 5654600],
    [{ $add: [1] }, 5654601],
    [{ field: 'a', input: {}, x: 1 }, 3041701],
  ],
  ['$trim', [5, 50696], [{}, 50695], [{ input: 'a', x: 1 }, 50694]],
  [
    '$replaceAll',
    [5, 51751],
    [{ find: 'a', replacement: 'b' }, 51749],
    [{ input: 'a', replacement: 'b' }, 51748],
    [{ input: 'a', find: 'b' }, 51747],
    [{ input: 'a', find: 'b', replacement: 'c', x: 1 }, 51750],
  ],
  [
    '$regexFind',
    [5, 51103],
    [{ regex: 'a' }, 31022],
    [{ input: 'a' }, 31023],
    [{ input: 'a', regex: 'a', x: 1 }, 31024],
    [{ input: 'a', regex: '[' }, 51111],
    [{ input: 'a', regex: 'a\0' }, 51109],
    [{ input: 'a', regex: 'a', options: 'i\0' }, 51110],
  ],
  [
    '$sortArray',
    [5, 2942500],
    [{ sortBy: 1 }, 2942502],
    [{ input: [] }, 2942503],
    [{ input: [], sortBy: 1, x: 1 }, 2942501],
  ],
  ['$switch', [{ branches: [{ case: 1, x: 1 }] }, 40063]],
  ['$arrayElemAt', [[[1], 'a'], 28690], [[[1], 1.5], 28691]],
  ['$slice', [[[1], 'a'], 28725], [[[1], 1.5], 28726], [[[1], 1, 'a'], 28727], [[[1], 1, 1.5], 28728]],
  [
    '$range',
    [['a', 1], 34443],
    [[0.5, 1], 34444],
    [[0, 'a'], 34445],
    [[0, 1.5], 34446],
    [[0, 1, 'a'], 34447],
    [[0, 1, 0.5], 34448],
  ],
  ['$substrCP', [['a', 1.5, 1], 34451], [['a', 1, 1.5], 34453]],
  ['$setDifference', [[1, [1]], 17048], [[[1], 1], 17049]],
  ['$setIsSubset', [[1, [1]], 17046], [[[1], 1], 17042]],
  ['$setEquals', [[[1]], 17045]],
  [
    '$arrayToObject',
    [{ $literal: [[1, 2]] }, 40395],
    [{ $literal: [{ k: 1, v: 2 }] }, 40394],
    [{ $literal: [['\0', 2]] }, 4940400],
    [{ $literal: [{ k: '\0', v: 2 }] }, 4940401],
  ],
  [
    '$round',
    ['a', 51081],
    [[1, 1.5], 51082],
    [[1, 101], 51083],
    [[Long.fromString('9223372036854775806'), -1], 51080],
  ],
  ['$toInt', [[1, 2], 50723]],
];

describe('wrong arguments', () => {
  it.each(wrong)('of %s each have their code', (operator, ...cases) => {
    for (const [operand, code] of cases) {
      expect([operand, codeOf({ [operator]: operand })]).toEqual([operand, code]);
    }
  });

  it('name a variable no user may have, or end a path with a dot', () => {
    expect(codeOf('$$_under')).toBe(9);
    expect(codeOf('$$with spaces')).toBe(9);
    expect(codeOf('$a.')).toBe(40353);
    expect(codeOf('$a..b')).toBe(15998);
  });
});

describe('values', () => {
  it('leave an int or long an int or long after $mod by a whole double of 32 bits', () => {
    expect(evaluated({ $mod: [new Int32(8), new Double(3)] })).toEqual(new Int32(2));
    expect(evaluated({ $mod: [Long.fromNumber(8), new Double(3)] })).toEqual(Long.fromNumber(2));
    const large = { $mod: [Long.fromNumber(5e11), new Double(4.5e11)] };
    expect(evaluated(large)).toEqual(new Double(5e10));
  });

  it('go to onError of $convert when their type cannot become the one asked for', () => {
    expect(evaluated({ $convert: { input: 1, to: 'binData', onError: 'E' } })).toBe('E');
    expect(codeOf({ $convert: { input: 1, to: 'nothing', onError: 'E' } })).toBe(2);
    expect(evaluated({ $convert: { input: new Decimal128('1.5'), to: 'int' } })).toEqual(new Int32(1));
  });

  it('are searched by $regexFindAll until the text ends, and an empty text once', () => {
    const found = (input: string): Value => evaluated({ $size: { $regexFindAll: { input, regex: '' } } });
    expect([found('ab'), found('')]).toEqual([new Int32(2), new Int32(1)]);
  });

  it('have a field whose name is said by $literal or $const', () => {
    const set = { $setField: { field: { $const: '$b' }, input: '$$ROOT', value: 1 } };
    expect(evaluated(set)).toEqual(typed({ $b: 1 }));
    expect(evaluated({ $getField: { $literal: 'a.b' } }, { 'a.b': 7 })).toEqual(typed({ x: 7 })['x']);
  });
});
