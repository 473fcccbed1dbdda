/** The property that a document's field lies under: JavaScript moves names that are numbers before all others. */

const ZERO = 48;
const NINE = 57;

/** Does a name with this first character (or byte) lie under another key? Numbers begin with a digit. */
export function isEscaped(first: number): boolean {
  return first >= ZERO && first <= NINE;
}

/** The property for a name: escaped by a zero character, which no BSON name can have. */
export function keyOf(name: string): string {
  return isEscaped(name.charCodeAt(0)) ? `\0${name}` : name;
}

/** The name for a property. */
export function nameOf(key: string): string {
  return key.charCodeAt(0) === 0 ? key.slice(1) : key;
}
