/** The codes operators answer with when their named arguments are wrong; MongoDB has one for each of them. */

/** Codes for an operand that is no document, for an unknown argument, and for each that is missing. */
export interface ArgumentCodes {
  readonly shape: number;
  readonly unknown: number;
  readonly missing: ReadonlyMap<string, number>;
}

const FAILED_TO_PARSE: ArgumentCodes = { shape: 9, unknown: 9, missing: new Map() };

const CODES: ReadonlyMap<string, ArgumentCodes> = new Map([
  codes('$let', 16874, 16875, { vars: 16876, in: 16877 }),
  codes('$map', 16878, 16879, { input: 16880, in: 16882 }),
  codes('$filter', 28646, 28647, { input: 28648, cond: 28650 }),
  codes('$reduce', 40075, 40076, { input: 40077, initialValue: 40078, in: 40079 }),
  codes('$zip', 34460, 34464, { inputs: 34465 }),
  codes('$sortArray', 2942500, 2942501, { input: 2942502, sortBy: 2942503 }),
  ...each(['$trim', '$ltrim', '$rtrim'], 50696, 50694, { input: 50695 }),
  ...each(['$replaceOne', '$replaceAll'], 51751, 51750, { input: 51749, find: 51748, replacement: 51747 }),
  ...each(['$regexMatch', '$regexFind', '$regexFindAll'], 51103, 31024, { input: 31022, regex: 31023 }),
  ...each(['$setField', '$unsetField'], 4161100, 4161101, { field: 4161102, value: 4161103, input: 4161109 }),
  codes('$getField', 3041704, 3041701, { field: 3041702, input: 3041703 }),
]);

function codes(
  name: string,
  shape: number,
  unknown: number,
  missing: Readonly<Record<string, number>>,
): readonly [string, ArgumentCodes] {
  return [name, { shape, unknown, missing: new Map(Object.entries(missing)) }];
}

function each(
  names: readonly string[],
  shape: number,
  unknown: number,
  missing: Readonly<Record<string, number>>,
): (readonly [string, ArgumentCodes])[] {
  return names.map((name) => codes(name, shape, unknown, missing));
}

/** The codes of an operator; 9 for all of it where MongoDB has no codes of its own. */
export function argumentCodes(operator: string): ArgumentCodes {
  return CODES.get(operator) ?? FAILED_TO_PARSE;
}
