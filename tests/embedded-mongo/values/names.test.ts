/** Every field keeps its place, whatever its name: also names that JavaScript would move, or take for its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Int32 } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAUSE, runPipeline } from '../../../src/embedded-mongo/aggregate.ts';
import { decodeBson, encodeBson } from '../../../src/embedded-mongo/bson-codec.ts';
import { duplicateKeyError, Index } from '../../../src/embedded-mongo/index.ts';
import { describeIndex, readIndexSpec } from '../../../src/embedded-mongo/index-spec.ts';
import { encodeKey } from '../../../src/embedded-mongo/key.ts';
import { compileFilter } from '../../../src/embedded-mongo/match.ts';
import { compileProjection } from '../../../src/embedded-mongo/project.ts';
import { show } from '../../../src/embedded-mongo/show.ts';
import { compileSort } from '../../../src/embedded-mongo/sort.ts';
import { compileUpdate } from '../../../src/embedded-mongo/update.ts';
import {
  copyDoc,
  type Doc,
  docWith,
  fieldOf,
  hasField,
  namesOf,
  removeField,
  setField,
  type Value,
} from '../../../src/embedded-mongo/value.ts';
import { docOf } from './generators.ts';

const NAMES = [
  '1',
  '01',
  '-1',
  '0',
  '10',
  '2',
  '1a',
  '4294967294',
  '4294967295',
  'a',
  'b',
  '__proto__',
  'constructor',
];

const names = fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 });
const fields = fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), fc.integer({ min: 0, max: 3 })), {
  minLength: 1,
  selector: ([name]) => name,
});

function docFrom(given: readonly (readonly [string, number])[]): Doc {
  return docOf(given.map(([name, n]) => [name, new Int32(n)]));
}

/** The fields as the wire shows them, read without the engine. */
function sent(doc: Doc): [string, number][] {
  const bytes = encodeBson(doc);
  const found: [string, number][] = [];
  for (let at = 4; bytes[at] === 16; at += 4) {
    const end = bytes.indexOf(0, at + 1);
    found.push([bytes.toString('utf8', at + 1, end), bytes.readInt32LE(end + 1)]);
    at = end + 1;
  }
  return found;
}

function stage(name: string, spec: Value, doc: Doc): Doc {
  const [result] = [...runPipeline([docOf([[name, spec]])], [doc], { now: new Date(0) })].filter(
    (item): item is Doc => item !== PAUSE,
  );
  return result ?? {};
}

function update(change: Doc, doc: Doc): Doc {
  return compileUpdate(change, { filter: {}, now: new Date(0) })(doc, false);
}

function holds(property: (given: [string, number][], doc: Doc) => void): void {
  fc.assert(fc.property(fields, (given) => property(given, docFrom(given))));
}

describe('fields of any name', () => {
  it('come out of bytes and back in their order', () => {
    holds((given, doc) => {
      expect(sent(doc)).toEqual(given);
      expect(sent(decodeBson(encodeBson(doc)))).toEqual(given);
      expect(namesOf(copyDoc(doc))).toEqual(given.map(([name]) => name));
    });
  });

  it('are read, asked for and taken away by name, and never found on a prototype', () => {
    holds((given, doc) => {
      const first = given[0]?.[0] ?? '';
      for (const name of NAMES) {
        const value = given.find(([known]) => known === name);
        expect(hasField(doc, name)).toBe(value !== undefined);
        expect(fieldOf(doc, name)).toEqual(value === undefined ? undefined : new Int32(value[1]));
      }
      removeField(doc, first);
      expect(sent(doc)).toEqual(given.slice(1));
      setField(doc, first, new Int32(9));
      expect(sent(doc)).toEqual([...given.slice(1), [first, 9]]);
    });
  });

  it('never take one another for the same when their bytes are alike', () => {
    const roundTrip = (name: string) => namesOf(decodeBson(encodeBson(docOf([[name, true]]))));
    for (let number = 0; number < 2000; number += 1) {
      for (const name of [`a${number}`, String(number), `#${number}`, String(number), `0${number}`]) {
        expect(roundTrip(name)).toEqual([name]);
      }
    }
  });

  it('are shown to people by their names', () => {
    expect(
      show(
        docFrom([
          ['10', 1],
          ['2', 2],
        ]),
      ),
    ).toBe('{ 10: 1, 2: 2 }');
  });
});

describe('documents with fields of any name', () => {
  it('are equal in one order of fields only, and sort by it', () => {
    fc.assert(
      fc.property(fields, fields, (one, other) => {
        const [a, b] = [docFrom(one), docFrom(other)];
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(encodeKey(a) === encodeKey(b)).toBe(isSame);
        expect(compileFilter({ x: a })({ x: b })).toBe(isSame);
        expect(compileSort({ x: new Int32(1) })({ x: a }, { x: b }) === 0).toBe(isSame);
      }),
    );
  });

  it('keep their order through an update of one field, which stays where it is', () => {
    holds((given, doc) => {
      const [last] = given.at(-1) ?? [''];
      const set = { $set: docOf([[last, new Int32(7)]]) };
      expect(sent(update(set, doc))).toEqual([...given.slice(0, -1), [last, 7]]);
      expect(sent(update({ $unset: docOf([[last, '']]) }, doc))).toEqual(given.slice(0, -1));
      expect(fieldOf(update({ $set: { x: doc } }, { _id: 1 }), 'x')).toEqual(doc);
      expect(sent(update(doc, {}))).toEqual(given);
    });
  });

  it('keep their order through $project, $addFields, $replaceWith, $group and $mergeObjects', () => {
    holds((given, doc) => {
      const root = { _id: new Int32(1), x: doc };
      expect(sent(stage('$replaceWith', '$x', root))).toEqual(given);
      expect(sent(fieldOf(stage('$group', { _id: '$x' }, root), '_id') as Doc)).toEqual(given);
      expect(sent(stage('$replaceWith', { $mergeObjects: ['$x', {}] }, root))).toEqual(given);
      expect(sent(stage('$addFields', { z: new Int32(1) }, doc))).toEqual([...given, ['z', 1]]);
      const back = { $arrayToObject: { $objectToArray: '$x' } };
      expect(sent(stage('$replaceWith', back, root))).toEqual(given);
    });
  });

  it('are projected by name, in their own order', () => {
    fc.assert(
      fc.property(fields, names, (given, kept) => {
        const spec = docWith([['_id', false], ...kept.map((name) => [name, true] as const)]);
        const left = given.filter(([name]) => kept.includes(name));
        expect(sent(compileProjection(spec)(docFrom(given)))).toEqual(left);
        const without = docWith(kept.map((name) => [name, false] as const));
        expect(sent(compileProjection(without)(docFrom(given)))).toEqual(
          given.filter(([name]) => !kept.includes(name)),
        );
      }),
    );
  });

  it('get computed fields in the order of the specification', () => {
    fc.assert(
      fc.property(names, (wanted) => {
        const spec = docWith(wanted.map((name) => [name, { $add: [new Int32(1), new Int32(2)] }] as const));
        const expected = wanted.map((name) => [name, 3]);
        expect(sent(stage('$addFields', spec, {}))).toEqual(expected);
        expect(sent(stage('$replaceWith', spec, {}))).toEqual(expected);
      }),
    );
  });

  it('sort and are indexed by the fields of a pattern in its order', () => {
    fc.assert(
      fc.property(names, fields, fields, (pattern, one, other) => {
        const key = docWith(pattern.map((name) => [name, new Int32(1)] as const));
        const spec = readIndexSpec({ key, name: 'n', unique: true });
        expect(sent(describeIndex(spec)['key'] as Doc)).toEqual(pattern.map((name) => [name, 1]));
        const [a, b] = [docFrom(one), docFrom(other)];
        const [left = ''] = new Index(spec).keysOf(a);
        const [right = ''] = new Index(spec).keysOf(b);
        const order = left === right ? 0 : left < right ? -1 : 1;
        expect(compileSort(key)(a, b)).toBe(order);
      }),
    );
  });

  it('name the doubled key of a unique index in order', () => {
    const key = docFrom([
      ['10', 1],
      ['2', 1],
    ]);
    const error = duplicateKeyError(
      't.c',
      'n',
      key,
      docFrom([
        ['10', 5],
        ['2', 6],
      ]),
    );
    expect(error.message).toContain('dup key: { 10: 5, 2: 6 }');
  });
});

describe('paths through fields named by numbers', () => {
  it('make documents where nothing is, and meet names in documents', () => {
    const made = update(
      {
        $set: docWith([
          ['a.10', new Int32(1)],
          ['a.2', new Int32(2)],
        ]),
      },
      {},
    );
    expect(sent(made['a'] as Doc)).toEqual([
      ['2', 2],
      ['10', 1],
    ]);
    expect(
      sent(
        update(
          { $rename: docWith([['10', '2']]) },
          docFrom([
            ['10', 1],
            ['a', 0],
          ]),
        ),
      ),
    ).toEqual([
      ['a', 0],
      ['2', 1],
    ]);
    expect(compileFilter({ 'a.10': new Int32(1) })(made)).toBe(true);
  });

  it('agree with $getField, $setField and $unsetField', () => {
    const doc = docFrom([
      ['10', 1],
      ['2', 2],
    ]);
    const get = { $getField: '2' };
    expect(stage('$replaceWith', { r: get }, doc)).toEqual({ r: new Int32(2) });
    const set = { $setField: { field: '10', input: '$$ROOT', value: new Int32(5) } };
    expect(sent(stage('$replaceWith', set, doc))).toEqual([
      ['10', 5],
      ['2', 2],
    ]);
    const unset = { $unsetField: { field: '10', input: '$$ROOT' } };
    expect(sent(stage('$replaceWith', unset, doc))).toEqual([['2', 2]]);
  });

  it('never make a name with a zero byte', () => {
    const bad: [Value, number][] = [
      [{ $arrayToObject: [[['\0' + '1', 1]]] }, 4940400],
      [{ $setField: { field: { $literal: '\0' + '1' }, input: {}, value: 1 } }, 16411],
    ];
    for (const [expression, code] of bad) {
      expect(() => stage('$replaceWith', expression, {})).toThrow(expect.objectContaining({ code }));
    }
    expect(() => update({ $rename: { a: '\0' + '1' } }, { a: 1 })).toThrow(
      expect.objectContaining({ code: 2 }),
    );
    expect(() => stage('$unwind', { path: '$a', includeArrayIndex: '\0' + '1' }, {})).toThrow(
      expect.objectContaining({ code: 16411 }),
    );
  });
});

describe('the source of the engine', () => {
  it('asks for the names of documents in one place only', () => {
    const root = 'src/embedded-mongo';
    const owners = ['value.ts', join('bson', 'encode.ts')];
    const others = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !owners.includes(file),
    );
    const guilty = others.filter((file) =>
      /Object\.(keys|assign)\(/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(guilty).toEqual([]);
  });
});
