// The id of one delivery of what goes to many: the item as it was written and the place it goes to.

const MARK = '>';

/** Of the row that carries this item to this destination. */
export const deliveryId = (item: string, destination: string): string => `${item}${MARK}${destination}`;

/** The item that a row was written as; the row's own id where it was written for one place alone. */
export function writtenIdOf(row: string): string {
  const at = row.lastIndexOf(MARK);
  return at < 0 ? row : row.slice(0, at);
}
