/** The Stable API, version 1: what a strict client may use, and the codes for what it may not. */
import { describe, expect, it } from 'vitest';
import { apiOf, checkApi } from '../../../src/embedded-mongo/api.ts';
import { MongoError } from '../../../src/embedded-mongo/errors.ts';
import { typed } from './generators.ts';

type Plain = { [field: string]: unknown };

function codeOf(command: Plain): number | undefined {
  try {
    checkApi(typed(command), Object.keys(command)[0] ?? '');
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    return error.code;
  }
  return undefined;
}

const strict = (command: Plain): Plain => ({ ...command, apiVersion: '1', apiStrict: true });
const piped = (...pipeline: Plain[]): Plain => ({ aggregate: 'c', pipeline, cursor: {} });

describe('the Stable API', () => {
  it.each<[string, Plain, number | undefined]>([
    ['version 1', { ping: 1, apiVersion: '1' }, undefined],
    ['version 2', { ping: 1, apiVersion: '2' }, 322],
    ['version 3', { ping: 1, apiVersion: '3' }, 322],
    ['a number for a version', { ping: 1, apiVersion: 1 }, 14],
    ['strictness without a version', { ping: 1, apiStrict: true }, 4886600],
    ['deprecation errors without a version', { ping: 1, apiDeprecationErrors: true }, 4886600],
    ['strictness that is off', { ping: 1, apiStrict: false }, undefined],
    ['strictness that is no boolean', { ping: 1, apiVersion: '1', apiStrict: 1 }, 14],
    ['deprecation errors', { ping: 1, apiVersion: '1', apiDeprecationErrors: true }, undefined],
  ])('judges %s', (_, command, code) => {
    expect(codeOf(command)).toBe(code);
  });

  it.each<[string, Plain]>([
    ['a command outside', { distinct: 'c', key: 'a' }],
    ['the old greeting', { isMaster: 1 }],
    ...[
      'min',
      'max',
      'returnKey',
      'showRecordId',
      'tailable',
      'awaitData',
      'noCursorTimeout',
      'oplogReplay',
    ].map((field): [string, Plain] => [`find with ${field}`, { find: 'c', [field]: false }]),
    ['an explained pipeline', { ...piped(), explain: true }],
    ['$currentOp', piped({ $currentOp: {} })],
    ['$collStats with more than a count', piped({ $collStats: { count: {}, latencyStats: {} } })],
    ['$indexStats in a $lookup', piped({ $lookup: { from: 'd', pipeline: [{ $indexStats: {} }] } })],
    [
      '$collStats in a $unionWith',
      piped({ $unionWith: { coll: 'd', pipeline: [{ $collStats: { x: 1 } }] } }),
    ],
    ['$indexStats in a $facet', piped({ $facet: { a: [], b: [{ $indexStats: {} }] } })],
    ['a text index', { createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 'a' }] }],
    ['an index in the background', { createIndexes: 'c', indexes: [{ key: { a: 1 }, background: true }] }],
    ['a capped collection', { create: 'c', capped: true }],
  ])('refuses a strict client %s, and takes it from others', (_, command) => {
    expect(codeOf(strict(command))).toBe(323);
    expect(codeOf({ ...command, apiVersion: '1' })).toBeUndefined();
  });

  it.each<[string, Plain]>([
    ['find', { find: 'c', filter: {}, sort: { a: 1 }, limit: 1, hint: 'a_1' }],
    ['count', { count: 'c' }],
    ['$collStats of the count', piped({ $collStats: { count: {} } }, { $group: { _id: 1 } })],
    ['a unique index', { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', unique: true }] }],
    ['the greeting', { hello: 1 }],
  ])('lets a strict client use %s', (_, command) => {
    expect(codeOf(strict(command))).toBeUndefined();
  });

  it('is the same for a cursor whether strictness is off or not said', () => {
    expect(apiOf(typed({ find: 'c', apiVersion: '1', apiStrict: false }))).toBe(
      apiOf(typed({ getMore: 1, apiVersion: '1' })),
    );
    expect(apiOf(typed({ find: 'c' }))).toBe('{}');
  });
});
