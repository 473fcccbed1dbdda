// Money is integer paise, and this is its one formatter: ₹12,34,567.50 in Indian grouping.

const rupees = new Intl.NumberFormat('en-IN', {
  style: 'currency',
  currency: 'INR',
  maximumFractionDigits: 0,
});
const withPaise = new Intl.NumberFormat('en-IN', { style: 'currency', currency: 'INR' });

/** @param amountPaise a safe integer. @throws RangeError otherwise: money is never a fraction of a paisa. */
export function formatPaise(amountPaise: number): string {
  if (!Number.isSafeInteger(amountPaise)) throw new RangeError(`not a whole number of paise: ${amountPaise}`);
  return amountPaise % 100 === 0 ? rupees.format(amountPaise / 100) : withPaise.format(amountPaise / 100);
}

const LAKH_PAISE = 100 * 100_000;
const CRORE_PAISE = 100 * LAKH_PAISE;
const compact = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 2 });

/**
 * In lakh and crore from one lakh on (`₹12.35 L`, `₹1.2 Cr`), below it as it is. Intl's own compact form makes ₹99,999
 * one lakh; this never rounds up into a size that was not reached.
 * @param amountPaise a safe integer. @throws RangeError otherwise.
 */
export function compactPaise(amountPaise: number): string {
  const size = Math.abs(amountPaise);
  if (size < LAKH_PAISE) return formatPaise(amountPaise);
  const sign = amountPaise < 0 ? '-' : '';
  const [unitPaise, unit] = size < CRORE_PAISE ? [LAKH_PAISE, 'L'] : [CRORE_PAISE, 'Cr'];
  const hundredths = Math.round((size * 100) / unitPaise);
  const shown = unit === 'L' && hundredths >= 10_000 ? 9_999 : hundredths;
  return `${sign}₹${compact.format(shown / 100)} ${unit}`;
}
