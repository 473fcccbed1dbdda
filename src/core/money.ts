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
