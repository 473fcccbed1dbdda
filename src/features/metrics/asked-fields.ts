// The fields by which every verb of metrics is asked: which one, over which time, split by what, against what.
import { z } from 'zod';
import { rangeExamples } from '../../core/ranges.ts';

export const word = (about: string, example: string, max = 80) =>
  z.string().trim().min(1).max(max).describe(about).meta({ example });

export const metric = word('which metric; metrics list names them', 'revenue');
export const range = word(`over which time: ${rangeExamples}`, 'last 7 days', 160);

export const question = {
  range: range.exactOptional(),
  by: word('a dimension to split by', 'source', 60).exactOptional(),
  versus: word(
    'against which time: previous, last year, or a range; the like period before unless told',
    'last year',
    120,
  ).exactOptional(),
};
