// Reads amounts of money written in rupees, exactly: "499.5" is 49950 paise, and never a binary fraction.
const DECIMAL = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/;

/** Paise of a decimal text; null for what is none, or has more than two places. */
export function paiseOf(text: string): number | null {
  const match = DECIMAL.exec(text.trim());
  if (!match) return null;
  const [, sign, rupees = '0', fraction = ''] = match;
  const amount = Number(rupees) * 100 + Number(fraction.padEnd(2, '0'));
  return sign === '-' ? -amount : amount;
}

export interface MoneyProblem {
  readonly field: string;
  readonly reason: string;
}

/**
 * A row whose amounts may be given as `amount: "499.50"` in place of `amountPaise: 49950`, for every field of paise.
 * What is no decimal text, and both forms at once, are problems.
 */
export function withPaise(
  row: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): { readonly row: Readonly<Record<string, unknown>> } | MoneyProblem {
  let changed: Record<string, unknown> | undefined;
  for (const field of fields) {
    const plain = field.slice(0, -'Paise'.length);
    if (!Object.hasOwn(row, plain)) continue;
    if (Object.hasOwn(row, field))
      return { field: plain, reason: `is given twice: as ${plain} and ${field}` };
    const value = row[plain];
    const amount = typeof value === 'string' ? paiseOf(value) : null;
    if (amount === null)
      return {
        field: plain,
        reason: `“${String(value).slice(0, 40)}” is no amount in rupees as a text, such as "499.50"`,
      };
    changed ??= { ...row };
    delete changed[plain];
    changed[field] = amount;
  }
  return { row: changed ?? row };
}
