/** Dates in expressions: read from text, made of parts, cut to bins, written by formats, and what is refused. */
import { Decimal128, Double, Long, ObjectId, Timestamp } from 'bson';
import { describe, expect, it } from 'vitest';
import { codeOf, evaluate, expectDocs, MANUAL, type Plain } from './pipelines.ts';

function read(dateString: unknown, more: Plain = {}): unknown {
  return evaluate({ $dateFromString: { dateString, ...more } });
}

function refusal(expression: unknown, doc: Plain = {}): number | undefined {
  return codeOf([{ $replaceWith: { r: expression } }], [doc]);
}

describe(`text without a format (${MANUAL}dateFromString/)`, () => {
  it.each([
    ['2017-07-04T11:56:02Z', '2017-07-04T11:56:02Z'],
    ['2017-07-04T11:56:02.81Z', '2017-07-04T11:56:02.810Z'],
    ['2017-07-04T11:56.02.8', '2017-07-04T11:56:02.800Z'],
    ['2017-07-06 11:36:54', '2017-07-06T11:36:54Z'],
    ['2017-07-06', '2017-07-06T00:00:00Z'],
    ['1960-07-10T12:10:37.448', '1960-07-10T12:10:37.448Z'],
    ['2017-07-14T12:02:44.771 GMT', '2017-07-14T12:02:44.771Z'],
    ['2017-07-14T12:02:44.771 GMT+02:00', '2017-07-14T10:02:44.771Z'],
    ['2017-07-14T12:02:44.771+0330', '2017-07-14T08:32:44.771Z'],
    ['2017-07-14T12:02:44.771+03', '2017-07-14T09:02:44.771Z'],
    ['2017-07-14T12:02:44.771 CEST', '2017-07-14T10:02:44.771Z'],
    ['2017-07-14T12:02:44.771 PDT', '2017-07-14T19:02:44.771Z'],
    ['2017-07-14T12:02:44.771 L', '2017-07-14T01:02:44.771Z'],
    ['2017-07-14T12:02:44.771 P', '2017-07-14T15:02:44.771Z'],
    ['2018-03-20 11:00:06 +0500', '2018-03-20T06:00:06Z'],
    ['2018-03-05 +10:00', '2018-03-04T14:00:00Z'],
    ['July 4th, 2017', '2017-07-04T00:00:00Z'],
    ['July 4th, 2017 12:39:30 BST', '2017-07-04T11:39:30Z'],
    ['July 4th, 2017 11am', '2017-07-04T11:00:00Z'],
    ['July 4th, 2017 12pm', '2017-07-04T12:00:00Z'],
    ['7/4/17', '2017-07-04T00:00:00Z'],
    ['04-07-2017', '2017-07-04T00:00:00Z'],
    ['2017-Jul-04 noon', '2017-07-04T12:00:00Z'],
    ['2017-07-04 12:48:07 GMT-0200', '2017-07-04T14:48:07Z'],
  ])('%s is %s', (text, moment) => {
    expect(read(text)).toEqual(new Date(moment));
  });

  it('is local to the zone given', () => {
    expect(read('1960-07-10T12:35:37.513', { timezone: 'America/New_York' })).toEqual(
      new Date('1960-07-10T16:35:37.513Z'),
    );
    expect(read('2017-07-06T12:35:37.513', { timezone: '+04:00' })).toEqual(
      new Date('2017-07-06T08:35:37.513Z'),
    );
  });

  it.each([
    ['July 4th', {}],
    ['12:50:53', {}],
    ['2017, 12:50:53', {}],
    ['60.Monday1770/06:59', {}],
    ['Friday', {}],
    ['2017-02-30', {}],
    ['2017-07-12T22:23:55 Europe/Amsterdam', {}],
    ['2017-07-12T22:23:55Z', { timezone: 'Europe/Amsterdam' }],
    ['2017-07-12T22:23:55 GMT+02:00', { timezone: 'Europe/Amsterdam' }],
    [5, {}],
  ])('%s with %j is refused with 241, or gives onError', (text, more) => {
    expect(refusal({ $dateFromString: { dateString: text, ...more } })).toBe(241);
    expect(read(text, { ...more, onError: 'bad' })).toBe('bad');
  });

  it('gives null, or onNull, for null and missing', () => {
    expect(read('$no')).toBeNull();
    expect(read('$no', { onNull: 1, format: null })).toMatchObject({ value: 1 });
    expect(read('2017-07-11', { timezone: '$no' })).toBeNull();
    expect(read('2017-07-11', { format: '$no' })).toBeNull();
  });
});

describe('text by a format', () => {
  it.each([
    ['05 12 1988', '%d %m %Y', '1988-12-05T00:00:00Z'],
    ['1992 % 04 % 26', '%Y %% %m %% %d', '1992-04-26T00:00:00Z'],
    ['Day: 05 Month: 12 Year: 1988', 'Day: %d Month: %m Year: %Y', '1988-12-05T00:00:00Z'],
    ['4/26/1992:+0445', '%m/%d/%Y:%z', '1992-04-25T19:15:00Z'],
    ['4/26/1992:+285', '%m/%d/%Y:%Z', '1992-04-25T19:15:00Z'],
    ['2017-07-14T12:02:44.771 EST', '%Y-%m-%dT%H:%M:%S.%L%z', '2017-07-14T17:02:44.771Z'],
    ['2017-07-04T11:56.02.81', '%Y-%m-%dT%H:%M.%S.%L', '2017-07-04T11:56:02.810Z'],
    ['2017', '%G', '2017-01-02T00:00:00Z'],
    ['2017, Week 53', '%G, Week %V', '2018-01-01T00:00:00Z'],
    ['53.7.2017', '%V.%u.%G', '2018-01-07T00:00:00Z'],
    ['1.1.1', '%V.%u.%G', '0001-01-01T00:00:00Z'],
    ['2017 185', '%Y %j', '2017-07-04T00:00:00Z'],
    ['July 4, 2017', '%B %d, %Y', '2017-07-04T00:00:00Z'],
  ])('%s by %s is %s', (text, format, moment) => {
    expect(read(text, { format })).toEqual(new Date(moment));
  });

  it.each([
    ['2018-01', '%Y-%m-%d', 241],
    ['2018-01', '%Y', 241],
    ['1992-26-04', 'Y-d-m', 241],
    ['1992', '%n', 18536],
    ['1992', '%', 18535],
    ['ISO Day 6', 'ISO Day %u', 241],
    ['ISO Week 1, 2018', 'ISO Week %V, %Y', 241],
    ['12/31/2018', '%m/%d/%G', 241],
    ['12/31\0/2018', '%m/%d/%Y', 241],
    ['12/31/2018', '%m/%d\0/%Y', 241],
    ['4/26/1992', 5, 40684],
  ])('%j by %j is refused with %i', (text, format, code) => {
    expect(refusal({ $dateFromString: { dateString: text, format } })).toBe(code);
  });
});

describe(`dates of parts (${MANUAL}dateFromParts/)`, () => {
  it.each([
    [{ isoWeekYear: 2017, isoWeek: 6, isoDayOfWeek: 4 }, '2017-02-09T00:00:00Z'],
    [
      { isoWeekYear: 2017, isoWeek: 25, isoDayOfWeek: 1, hour: 15, minute: 1, timezone: 'America/New_York' },
      '2017-06-19T19:01:00Z',
    ],
    [{ year: 2017, month: -1 }, '2016-11-01T00:00:00Z'],
    [{ year: 2017, month: 13 }, '2018-01-01T00:00:00Z'],
    [{ year: 2017, day: 0 }, '2016-12-31T00:00:00Z'],
    [{ year: 1 }, '0001-01-01T00:00:00Z'],
    [{ year: 1970, millisecond: Long.fromString('1502095918551') }, '2017-08-07T08:51:58.551Z'],
    [{ year: Decimal128.fromString('2017'), timezone: 'Asia/Tokyo' }, '2016-12-31T15:00:00Z'],
  ])('%j make %s', (parts, moment) => {
    expect(evaluate({ $dateFromParts: parts })).toEqual(new Date(moment));
  });

  it.each([
    [true, 40519],
    [{ unknown: 1 }, 40518],
    [{ timezone: 'UTC' }, 40516],
    [{ year: 2017, isoWeek: 3 }, 40489],
    [{ isoWeekYear: 2017, month: 3 }, 40525],
    [{ year: '2017' }, 40515],
    [{ year: 2017.3 }, 40515],
    [{ year: 0 }, 40523],
    [{ isoWeekYear: 10_000 }, 31095],
    [{ year: 1970, hour: 32_768 }, 31034],
    [{ year: 1970, millisecond: new Double(18_014_398_509_481_984) }, 159],
    [{ year: 2012, timezone: 5 }, 40517],
    [{ year: 2012, timezone: 'Does/Not' }, 40485],
  ])('%j are refused with %i', (parts, code) => {
    expect(refusal({ $dateFromParts: parts })).toBe(code);
  });

  it('are null where one is null or missing', () => {
    expect(evaluate({ $dateFromParts: { year: 2017, day: '$no' } })).toBeNull();
    expect(evaluate({ $dateFromParts: { isoWeekYear: '$no' } })).toBeNull();
  });
});

describe(`bins of time (${MANUAL}dateTrunc/)`, () => {
  it.each([
    ['2020-11-01T18:23:36Z', { unit: 'hour', binSize: 2 }, '2020-11-01T18:00:00Z'],
    [
      '2021-12-01T18:23:36Z',
      { unit: 'hour', binSize: 4, timezone: 'America/New_York', startOfWeek: 'IGNORED' },
      '2021-12-01T17:00:00Z',
    ],
    ['2021-02-15T18:23:36Z', { unit: 'week' }, '2021-02-14T00:00:00Z'],
    [
      '2000-01-30T18:00:00Z',
      { unit: 'week', binSize: 2, timezone: 'America/New_York', startOfWeek: 'mon' },
      '2000-01-17T05:00:00Z',
    ],
    [
      '2020-01-30T18:59:00Z',
      { unit: 'minute', binSize: Decimal128.fromString('15') },
      '2020-01-30T18:45:00Z',
    ],
    ['2020-01-30T18:59:00.003Z', { unit: 'millisecond', binSize: 1000 }, '2020-01-30T18:59:00Z'],
    ['1999-12-31T23:00:00Z', { unit: 'month', binSize: 5 }, '1999-08-01T00:00:00Z'],
    ['2021-03-20T11:30:05Z', { unit: 'quarter', binSize: 3 }, '2021-01-01T00:00:00Z'],
    ['2021-03-20T11:30:05Z', { unit: 'day', binSize: 7, timezone: 'Asia/Tokyo' }, '2021-03-19T15:00:00Z'],
    ['2021-03-20T11:30:05Z', { unit: 'year', binSize: 4 }, '2020-01-01T00:00:00Z'],
  ])('%s in %j starts at %s', (date, spec, start) => {
    expect(evaluate({ $dateTrunc: { date: new Date(date), ...spec } })).toEqual(new Date(start));
  });

  it('are null for null and missing, whatever else is wrong', () => {
    expect(evaluate({ $dateTrunc: { date: '$no', unit: 'H', binSize: 'x', timezone: 1 } })).toBeNull();
    expect(evaluate({ $dateTrunc: { date: 1, unit: 'century', timezone: '$no' } })).toBeNull();
  });

  const date = new Date(0);
  it.each([
    ['A', 5439007],
    [{ endDate: 1 }, 5439008],
    [{ unit: 'week' }, 5439009],
    [{ date }, 5439010],
    [{ date: 'x', unit: 'hour' }, 5439012],
    [{ date, unit: 1 }, 5439013],
    [{ date, unit: 'century' }, 5439014],
    [{ date, unit: 'week', startOfWeek: 1 }, 5439015],
    [{ date, unit: 'week', startOfWeek: 'FRIDIE' }, 5439016],
    [{ date, unit: 'hour', binSize: 2.5 }, 5439017],
    [{ date, unit: 'hour', binSize: 0 }, 5439018],
    [{ date, unit: 'hour', timezone: 1 }, 40517],
  ])('%j are refused with %i', (spec, code) => {
    expect(refusal({ $dateTrunc: spec })).toBe(code);
  });
});

describe('steps and differences', () => {
  it('go by the calendar of the zone, and take ids and timestamps for dates', () => {
    const spec = {
      startDate: new Date('2020-10-24T18:10:00Z'),
      unit: 'day',
      amount: 1,
      timezone: 'Europe/Paris',
    };
    expect(evaluate({ $dateAdd: spec })).toEqual(new Date('2020-10-25T19:10:00Z'));
    const stamp = Timestamp.fromBits(0, 60);
    expectDocs(
      [
        {
          r: evaluate(
            { $dateDiff: { startDate: '$t', endDate: '$t', unit: 'hour', startOfWeek: 1 } },
            { t: stamp },
          ),
        },
      ],
      [{ r: Long.ZERO }],
    );
    const id = new ObjectId('507c7f79bcf86cd7994f6c0e');
    expect(evaluate({ $dateTrunc: { date: id, unit: 'minute', binSize: 10 } })).toEqual(
      new Date('2012-10-15T21:20:00Z'),
    );
  });

  const [startDate, endDate] = [new Date(0), new Date(1)];
  it.each([
    [{ $dateAdd: 5 }, 5166400],
    [{ $dateAdd: { startDate, units: 'day', amount: 1 } }, 5166401],
    [{ $dateSubtract: { startDate, amount: 1 } }, 5166402],
    [{ $dateSubtract: { startDate: 'x', unit: 'year', amount: 10 } }, 5166403],
    [{ $dateAdd: { startDate, unit: 1, amount: 10 } }, 5166404],
    [{ $dateAdd: { startDate, unit: 'epoch', amount: 10 } }, 9],
    [{ $dateAdd: { startDate, unit: 'year', amount: 1.001 } }, 5166405],
    [{ $dateDiff: 5 }, 5166301],
    [{ $dateDiff: { start: 1 } }, 5166302],
    [{ $dateDiff: { endDate, unit: 'day' } }, 5166303],
    [{ $dateDiff: { startDate, unit: 'day' } }, 5166304],
    [{ $dateDiff: { startDate, endDate } }, 5166305],
    [{ $dateDiff: { startDate, endDate: 1, unit: 'hour' } }, 5166307],
    [{ $dateDiff: { startDate, endDate, unit: 'decade' } }, 5439014],
  ])('%j is refused with %i', (expression, code) => {
    expect(refusal(expression)).toBe(code);
  });
});

describe(`dates as text and in parts (${MANUAL}dateToString/)`, () => {
  const format = '%Y-%m-%d %H:%M:%S %z (%Z minutes)';
  it.each([
    ['2017-07-04T14:56:42.911Z', 'UTC', '2017-07-04 14:56:42 +0000 (0 minutes)'],
    ['2017-07-04T14:56:42.911Z', 'America/New_York', '2017-07-04 10:56:42 -0400 (-240 minutes)'],
    ['2017-07-04T14:56:42.911Z', 'Asia/Kathmandu', '2017-07-04 20:41:42 +0545 (345 minutes)'],
    ['1900-07-10T11:41:22.418Z', 'America/Caracas', '1900-07-10 07:13:42 -0427 (-267 minutes)'],
  ])('%s in %s is %s', (date, timezone, text) => {
    expect(evaluate({ $dateToString: { date: new Date(date), timezone, format } })).toBe(text);
  });

  const date = new Date('2017-01-01T15:08:51.911Z');
  it.each([
    [{ $dateToString: 5 }, 18629],
    [{ $dateToString: { date, form: 1 } }, 18534],
    [{ $dateToString: { format } }, 18628],
    [{ $dateToString: { date, format: 5 } }, 18533],
    [{ $dateToString: { date: null, format: '%' } }, 18535],
    [{ $dateToString: { date, format: '%n' } }, 18536],
    [{ $dateToString: { date: new Date(1e15), format } }, 18537],
    [{ $dateToString: { date, timezone: 5 } }, 40517],
    [{ $dateToParts: { timezone: 'UTC' } }, 40522],
    [{ $dateToParts: { date, iso8601: 5 } }, 40521],
    [{ $dateToParts: { date: 42 } }, 16006],
    [{ $dateToParts: { date, more: 1 } }, 40520],
    [{ $dateToParts: 5 }, 40524],
    [{ $year: { date, zone: 1 } }, 40535],
    [{ $year: { timezone: 'UTC' } }, 40539],
    [{ $year: { date, timezone: 5 } }, 40533],
    [{ $year: [date, date] }, 40536],
    [{ $tsSecond: 5 }, 5687301],
    [{ $tsIncrement: date }, 5687302],
  ])('%j is refused with %i', (expression, code) => {
    expect(refusal(expression)).toBe(code);
  });

  it('gives the seconds and the count of a timestamp as longs', () => {
    const doc = { t: new Timestamp({ t: 1622731060, i: 10 }) };
    expectDocs(
      [{ r: evaluate([{ $tsSecond: '$t' }, { $tsIncrement: '$t' }, { $tsSecond: '$no' }], doc) }],
      [{ r: [Long.fromNumber(1622731060), Long.fromNumber(10), null] }],
    );
  });
});
