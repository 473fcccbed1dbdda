/** All expression operators the engine has, by name, and those it knows but refuses. */
import { ARITHMETIC } from './arithmetic.ts';
import { ARRAYS } from './arrays.ts';
import { BITS } from './bits.ts';
import { CONDITIONS } from './conditions.ts';
import { CONVERSIONS } from './conversions.ts';
import { DATE_FROM_TEXT } from './date-format.ts';
import { DATE_PARTS } from './date-parts.ts';
import { DATE_STEPS } from './date-steps.ts';
import { DATE_TEXT } from './date-text.ts';
import { DATES } from './dates.ts';
import { FEW } from './few.ts';
import { ITERATIONS } from './iterations.ts';
import { OBJECTS } from './objects.ts';
import type { Operator } from './operator.ts';
import { PATTERNS } from './patterns.ts';
import { REALS } from './reals.ts';
import { ROUNDING } from './rounding.ts';
import { SETS } from './sets.ts';
import { STRINGS } from './strings.ts';
import { SUMMARIES } from './summaries.ts';

/** Operators by name. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...ARITHMETIC,
  ...ROUNDING,
  ...REALS,
  ...BITS,
  ...CONDITIONS,
  ...CONVERSIONS,
  ...STRINGS,
  ...PATTERNS,
  ...DATES,
  ...DATE_PARTS,
  ...DATE_TEXT,
  ...DATE_FROM_TEXT,
  ...DATE_STEPS,
  ...ARRAYS,
  ...ITERATIONS,
  ...SETS,
  ...OBJECTS,
  ...SUMMARIES,
  ...FEW,
]);

/** Server-side scripts and what else is left to a real server. */
export const REFUSED_OPERATORS: ReadonlySet<string> = new Set(['$function', '$accumulator', '$meta']);
