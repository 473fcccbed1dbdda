// The id of one delivery of one event: the event's item and the place it goes to.

const MARK = '>';

/** Of the row that carries the event of this item to this destination. */
export const deliveryId = (item: string, destination: string): string => `${item}${MARK}${destination}`;

/** The item a row's event was written as; the row's own id where it carries no event to an endpoint. */
export function eventIdOf(row: string): string {
  const at = row.lastIndexOf(MARK);
  return at < 0 ? row : row.slice(0, at);
}
