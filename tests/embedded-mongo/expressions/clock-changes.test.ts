/** Local times that a change of the clocks skips or repeats, east and west of UTC. */
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../src/embedded-mongo/expression.ts';
import type { Value } from '../../../src/embedded-mongo/value.ts';

function moment(expression: Value): string {
  return (compileExpression(expression, undefined)({}) as Date).toISOString();
}

describe('a local time that does not exist', () => {
  it.each<[string, Value, string]>([
    [
      'west of UTC: a day without midnight begins an hour later',
      { $dateTrunc: { date: new Date('2016-10-16T15:00:00Z'), unit: 'day', timezone: 'America/Sao_Paulo' } },
      '2016-10-16T03:00:00.000Z',
    ],
    [
      'west of UTC, made of its parts',
      { $dateFromParts: { year: 2020, month: 3, day: 8, hour: 2, minute: 30, timezone: 'America/New_York' } },
      '2020-03-08T07:30:00.000Z',
    ],
    [
      'east of UTC, made of its parts',
      { $dateFromParts: { year: 2020, month: 3, day: 29, hour: 2, minute: 30, timezone: 'Europe/Berlin' } },
      '2020-03-29T01:30:00.000Z',
    ],
    [
      'the day after, before and behind the change',
      {
        $dateAdd: {
          startDate: new Date('2016-10-15T03:00:00Z'),
          unit: 'day',
          amount: 1,
          timezone: 'America/Sao_Paulo',
        },
      },
      '2016-10-16T03:00:00.000Z',
    ],
  ])('%s', (_, expression, expected) => {
    expect(moment(expression)).toBe(expected);
  });

  it('leaves those that exist where they are', () => {
    const parts = { year: 2016, month: 10, day: 16, hour: 1, timezone: 'America/Sao_Paulo' };
    expect(moment({ $dateFromParts: parts })).toBe('2016-10-16T03:00:00.000Z');
    expect(moment({ $dateFromParts: { ...parts, day: 15, hour: 23 } })).toBe('2016-10-16T02:00:00.000Z');
  });
});
