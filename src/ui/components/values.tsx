// Values as people read and copy them: money in Indian grouping, counts, shares, and ids.
import type { ReactElement } from 'react';
import { formatPaise } from '../../core/money.ts';

const grouped = new Intl.NumberFormat('en-IN');

/** ₹12,34,567 from whole paise. */
export function Money({ paise }: { readonly paise: number }): ReactElement {
  return <span className="number">{formatPaise(paise)}</span>;
}

/** 12,34,567 */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** `0.0482` is `4.8 %`; the number of decimals is one unless told. */
export function formatShare(share: number, decimals = 1): string {
  return `${(share * 100).toFixed(decimals)} %`;
}

/** How much of an id's end stays readable: what tells two of one kind apart. */
const TAIL = 5;

/**
 * An id in little room: its middle is cut for the eye alone, so that selecting it (one click takes it whole)
 * copies all of it.
 */
export function ShortId({ id }: { readonly id: string }): ReactElement {
  return (
    <code className="id" title={id}>
      <span className="id-head">{id.slice(0, -TAIL)}</span>
      {id.slice(-TAIL)}
    </code>
  );
}
